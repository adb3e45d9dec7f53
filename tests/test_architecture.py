"""Imports point one way: benchmarks -> export -> training -> recognizer, without circles."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
ALLOWED = {
    "recognizer": {"recognizer"},
    "training": {"training", "recognizer"},
    "export": {"export", "training", "recognizer"},
    "benchmarks": {"benchmarks", "export", "training", "recognizer"},
}
MODULES = {
    ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): path
    for package in ALLOWED
    for path in sorted((ROOT / package).rglob("*.py"))
}
# Sound flows this way; no stage imports one that stands behind it.
STAGES = ("sources", "gate", "windows", "decoding", "sinks", "live")


def is_for_types_only(node: ast.AST) -> bool:
    return isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test)


def imports(node: ast.AST) -> Iterator[str]:
    """Yield the modules that code imports when it runs, inside functions too."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.Import):
            yield from (alias.name for alias in child.names)
        elif isinstance(child, ast.ImportFrom):
            assert child.level == 0, "imports are absolute"
            yield child.module or ""
            yield from (f"{child.module}.{alias.name}" for alias in child.names)
        elif not is_for_types_only(child):
            yield from imports(child)


def imported_by(module: str) -> set[str]:
    return set(imports(ast.parse(MODULES[module].read_text(encoding="utf-8"))))


def test_all_packages_are_found():
    assert {module.partition(".")[0] for module in MODULES} == set(ALLOWED)


@pytest.mark.parametrize("module", MODULES)
def test_packages_import_only_those_below_them(module):
    used = {name.partition(".")[0] for name in imported_by(module)} & set(ALLOWED)
    assert used <= ALLOWED[module.partition(".")[0]]


@pytest.mark.parametrize("module", [name for name in MODULES if name.startswith("recognizer")])
def test_nothing_at_run_time_imports_what_only_training_needs(module):
    used = {name.partition(".")[0] for name in imported_by(module)}
    assert used.isdisjoint({"torch", "torchaudio", "onnx", "onnxscript", "sklearn", "matplotlib"})


def test_imports_go_in_no_circles():
    graph = {module: imported_by(module) & set(MODULES) - {module} for module in MODULES}
    done: set[str] = set()

    def visit(module: str, path: tuple[str, ...]) -> None:
        assert module not in path, " -> ".join((*path, module))
        if module not in done:
            for other in graph[module]:
                visit(other, (*path, module))
            done.add(module)

    for module in graph:
        visit(module, ())


@pytest.mark.parametrize("stage", STAGES)
def test_no_stage_knows_the_one_behind_it(stage):
    later = STAGES[STAGES.index(stage) + 1 :]
    name = f"recognizer.{stage}"
    members = [m for m in MODULES if m == name or m.startswith(f"{name}.")]
    assert members
    for module in members:
        for other in later:
            assert not any(used.startswith(f"recognizer.{other}") for used in imported_by(module))

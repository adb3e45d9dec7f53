"""How much room an installation takes: the wheel, and all that it brings along."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tempfile
from configparser import ConfigParser
from importlib.metadata import requires
from pathlib import Path

from benchmarks.figures import Figure, at_most
from benchmarks.options import Options

_NAME = "digit-listen"
_UNIT = "MB"
_INSTALLED = at_most(200, _UNIT)
_WHEEL = at_most(20, _UNIT)
_PIP = (sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check")


def sizes(_options: Options) -> list[Figure]:
    """Return the size of the wheel and of an installation without extras, in the CPU build."""
    source = find_source(Path(__file__).parents[2], Path.cwd())
    if source is None:
        return _figures(None, None, "run it in a clone: the wheel is built from there")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        try:
            return _figures(_build(source, folder), _install(folder), "built and installed by pip")
        except subprocess.CalledProcessError as error:
            said = error.stderr.strip().splitlines() or [""]
            return _figures(None, None, f"pip failed: {said[-1]}")


def find_source(*folders: Path) -> Path | None:
    """Return the first of the folders that is a clone; None without any."""
    return next(filter(_is_clone, folders), None)


def _is_clone(folder: Path) -> bool:
    known = ConfigParser()
    known.read(folder / "setup.cfg", encoding="utf-8")
    return known.get("metadata", "name", fallback="") == _NAME


def _build(source: Path, folder: Path) -> float:
    # Without what earlier builds left behind.
    left_out = shutil.ignore_patterns(".*", "build", "dist", "runs", "*.egg-info", "__pycache__")
    copy = shutil.copytree(source, folder / "source", ignore=left_out)
    _pip("wheel", "--no-deps", "--wheel-dir", str(folder), str(copy))
    return next(folder.glob("*.whl")).stat().st_size / 1e6


def _install(folder: Path) -> float:
    wheel, target = next(folder.glob("*.whl")), folder / "site"
    _pip("install", "--no-deps", "--target", str(target), str(wheel))
    _pip("install", "--target", str(target), *cpu_requirements(requires(_NAME) or []))
    files = (path for path in target.rglob("*") if path.is_file() and not path.is_symlink())
    return sum(path.stat().st_size for path in files) / 1e6


def cpu_requirements(requirements: list[str]) -> list[str]:
    """Return what is needed without extras, with ONNX Runtime for the CPU; no markers."""
    needed = [text.partition(";") for text in requirements]
    plain = [name.strip() for name, _, marker in needed if "extra ==" not in marker]
    return sorted({re.sub(r"^onnxruntime-gpu", "onnxruntime", name) for name in plain})


def _pip(*arguments: str) -> None:
    subprocess.run([*_PIP, *arguments], check=True, capture_output=True, text=True)


def _figures(wheel: float | None, installed: float | None, note: str) -> list[Figure]:
    return [
        Figure("wheel", "size of the wheel with all bundled models", wheel, _WHEEL, note),
        Figure("installed", "installed size, no extras, CPU build", installed, _INSTALLED, note),
    ]

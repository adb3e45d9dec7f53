"""How much room an installation takes: the wheel, and all that it brings along."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tempfile
from importlib.metadata import requires
from pathlib import Path

from benchmarks.figures import Figure, at_most
from benchmarks.options import Options

_ROOT = Path(__file__).parents[2]
_UNIT = "MB"
_INSTALLED = at_most(200, _UNIT)
_WHEEL = at_most(20, _UNIT)
_PIP = (sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check")


def sizes(_options: Options) -> list[Figure]:
    """Return the size of the wheel and of an installation without extras, in the CPU build."""
    if not (_ROOT / "setup.cfg").is_file():
        return _figures(None, None, "run it in a clone: the wheel is built from there")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        try:
            return _figures(_build(folder), _install(folder), "built and installed by pip")
        except subprocess.CalledProcessError as error:
            said = error.stderr.strip().splitlines() or [""]
            return _figures(None, None, f"pip failed: {said[-1]}")


def _build(folder: Path) -> float:
    # Without what earlier builds left behind.
    left_out = shutil.ignore_patterns(".*", "build", "dist", "runs", "*.egg-info", "__pycache__")
    source = shutil.copytree(_ROOT, folder / "source", ignore=left_out)
    _pip("wheel", "--no-deps", "--wheel-dir", str(folder), str(source))
    return next(folder.glob("*.whl")).stat().st_size / 1e6


def _install(folder: Path) -> float:
    wheel, target = next(folder.glob("*.whl")), folder / "site"
    _pip("install", "--no-deps", "--target", str(target), str(wheel))
    _pip("install", "--target", str(target), *cpu_requirements(requires("digit-listen") or []))
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

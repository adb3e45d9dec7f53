"""What the figures were measured on."""

from __future__ import annotations

import os
import platform
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

_PACKAGES = (
    "digit-listen",
    "numpy",
    "onnxruntime",
    "onnxruntime-gpu",
    "torch",
    "torchaudio",
    "pocketsphinx",
    "pymicro-wakeword",
    "pyopen-wakeword",
    "openwakeword",
    "vosk",
    "sherpa-onnx",
)


def machine() -> dict[str, str]:
    """Return processor, cores, system, and the versions of what was measured."""
    versions = {name: found for name in _PACKAGES if (found := installed_version(name))}
    return {
        "processor": _processor(),
        "cores": str(_cores()),
        "system": platform.platform(terse=True),
        "python": platform.python_version(),
        **versions,
    }


def installed_version(package: str) -> str | None:
    """Return the version of a package; None if it is not installed."""
    try:
        return version(package)
    except PackageNotFoundError:
        return None


def _cores() -> int | None:
    """Return how many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.machine()

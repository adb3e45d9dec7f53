"""The one way to torchaudio, also beside a PyTorch that was built without CUDA."""

from __future__ import annotations

import importlib
import sys
from types import ModuleType

_EXTENSION = "torchaudio._extension"


def import_torchaudio() -> ModuleType:
    """Import torchaudio with its transforms, functional and datasets modules.

    The torchaudio wheels of PyPI link their compiled extension against CUDA, so beside a CPU build
    of PyTorch the plain import raises OSError. Nothing here needs that extension: where it does
    not load, an empty one takes its place.

    Raises:
        ImportError: torchaudio is not installed.

    """
    try:
        return _import_with_parts()
    except OSError:
        _forget_partial_import()
        sys.modules[_EXTENSION] = _empty_extension()
        return _import_with_parts()


def _import_with_parts() -> ModuleType:
    torchaudio = importlib.import_module("torchaudio")
    for part in ("transforms", "functional", "datasets"):
        importlib.import_module(f"torchaudio.{part}")
    return torchaudio


def _forget_partial_import() -> None:
    for name in [name for name in sys.modules if name.split(".")[0] == "torchaudio"]:
        del sys.modules[name]


def _empty_extension() -> ModuleType:
    extension = ModuleType(_EXTENSION)
    extension.__dict__.update(
        _IS_TORCHAUDIO_EXT_AVAILABLE=False,
        _IS_ALIGN_AVAILABLE=False,
        _check_cuda_version=lambda: None,
        fail_if_no_align=lambda _function: _fail_without_alignment,
    )
    return extension


def _fail_without_alignment(*_args: object, **_kwargs: object) -> None:
    message = "forced alignment needs a torchaudio built for this PyTorch"
    raise RuntimeError(message)

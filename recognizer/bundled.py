"""Which file a model's name means: one that comes with the package, or a file of the user's."""

from __future__ import annotations

import os
from pathlib import Path

from recognizer.errors import ModelError

DEFAULT_MODEL = "edge"
"""The bundled model that is taken where none is named."""

MODELS_FOLDER = Path(__file__).parent / "models"

_SUFFIX = ".onnx"


def bundled_models(folder: Path = MODELS_FOLDER) -> tuple[str, ...]:
    """Return the names of the models that come with the package, sorted."""
    return tuple(sorted(path.stem for path in folder.glob(f"*{_SUFFIX}")))


def find_model(model: str | os.PathLike[str], folder: Path = MODELS_FOLDER) -> Path:
    """Return the file that a name means.

    Anything with a path separator, and any file that exists, is that file; so is a path object.
    Otherwise it is a bundled model's name, with or without ``.onnx``.

    Args:
        model: name or path.
        folder: where the bundled models lie.

    Raises:
        ModelError: no bundled model has this name; the message lists those there are.

    """
    path = Path(model)
    if not isinstance(model, str) or _has_separator(model) or _is_file(path):
        return path
    name = model.removesuffix(_SUFFIX)
    if name in bundled_models(folder):
        return folder / f"{name}{_SUFFIX}"
    if model and _exists(path):
        return path
    known = ", ".join(bundled_models(folder)) or "none"
    raise ModelError(
        f"no model named {model!r}; expected a bundled model ({known}) or the path of an ONNX file"
    )


def _has_separator(model: str) -> bool:
    return os.sep in model or (os.altsep is not None and os.altsep in model)


def _is_file(path: Path) -> bool:
    # A directory that happens to have a bundled model's name does not hide the model.
    return _exists(path) and not path.is_dir()


def _exists(path: Path) -> bool:
    try:
        return path.exists()
    except OSError:
        # For instance a name longer than the file system allows.
        return False

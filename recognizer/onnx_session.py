"""ONNX Runtime behind one door: one thread, no spinning, no chatter, one kind of error."""

from __future__ import annotations

import contextlib
import io
import os
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from onnxruntime import InferenceSession, SessionOptions

# onnxruntime is imported inside functions: --help and wrong usage need not pay its 0.2 s.

CPU = "cpu"
CUDA = "cuda"

_ORT_NAMES = {CPU: "CPUExecutionProvider", CUDA: "CUDAExecutionProvider"}
_SHORT_NAMES = {ort_name: name for name, ort_name in _ORT_NAMES.items()}
# TF32 would round CUDA's matrix products to 10 bits: other probabilities than on the CPU.
_OPTIONS: dict[str, dict[str, str]] = {CPU: {}, CUDA: {"use_tf32": "0"}}

_NO_REPORTS = "ORT_DISABLE_TELEMETRY"
_SEVERITY_WARNING = 2
_SEVERITY_FATAL = 4
_REASON_LENGTH = 200


class OnnxSessionError(Exception):
    """ONNX Runtime refused a model or an inference; the message is its reason in one line."""


@dataclass(frozen=True)
class Tensor:
    """An input or output of a model as its file declares it.

    Attributes:
        name: name in the graph.
        kind: element type, such as "float32"; as ONNX Runtime names it where that differs.
        shape: an int for each fixed dimension, a name or None for each dynamic one.

    """

    name: str
    kind: str
    shape: tuple[int | str | None, ...]

    def __str__(self) -> str:
        dimensions = ", ".join("?" if size is None else str(size) for size in self.shape)
        return f"{self.name} {self.kind} [{dimensions}]"


class OnnxSession:
    """A model loaded into ONNX Runtime.

    Args:
        content: the ONNX file's bytes; tensors kept in other files are refused.
        provider: "cpu", or "cuda" with the CPU behind it for what CUDA cannot do.

    Raises:
        OnnxSessionError: the content is no model that ONNX Runtime can run.

    """

    def __init__(self, content: bytes, provider: str = CPU) -> None:
        onnxruntime = import_runtime()
        wanted = [(_ORT_NAMES[name], _OPTIONS[name]) for name in dict.fromkeys((provider, CPU))]
        with _one_kind_of_error():
            self._session: InferenceSession = onnxruntime.InferenceSession(
                content, _session_options(), providers=wanted, enable_fallback=0
            )

    @property
    def provider(self) -> str:
        """The provider that really runs: "cpu", "cuda" or ONNX Runtime's name of another."""
        first: str = self._session.get_providers()[0]
        return _SHORT_NAMES.get(first, first)

    @property
    def inputs(self) -> tuple[Tensor, ...]:
        """What the model takes; OnnxSessionError where a name is no text."""
        with _one_kind_of_error():
            return tuple(_tensor(node) for node in self._session.get_inputs())

    @property
    def outputs(self) -> tuple[Tensor, ...]:
        """What the model gives; OnnxSessionError where a name is no text."""
        with _one_kind_of_error():
            return tuple(_tensor(node) for node in self._session.get_outputs())

    @property
    def properties(self) -> Mapping[str, str]:
        """The file's metadata_props; OnnxSessionError where one is no text."""
        with _one_kind_of_error():
            properties: dict[str, str] = self._session.get_modelmeta().custom_metadata_map
        return properties

    def run(
        self, outputs: Sequence[str], inputs: Mapping[str, NDArray[np.float32]]
    ) -> list[NDArray[np.float32]]:
        """Return the named outputs for these inputs; OnnxSessionError when the runtime fails."""
        with _one_kind_of_error():
            answers: list[NDArray[np.float32]] = self._session.run(list(outputs), dict(inputs))
        return answers


def import_runtime() -> ModuleType:
    """Return the module onnxruntime, kept from telling its maker that it runs.

    From 1.31 on it leaves a number for the machine in ``~/.cache`` and sends reports with it over
    the network, unless the environment forbids it before the module is imported.
    """
    os.environ[_NO_REPORTS] = "1"
    import onnxruntime

    module: ModuleType = onnxruntime
    return module


def cuda_compiled_in() -> bool:
    """Whether this ONNX Runtime was built with CUDA; says nothing about the machine."""
    return _ORT_NAMES[CUDA] in import_runtime().get_available_providers()


@contextlib.contextmanager
def cuda_attempt() -> Iterator[None]:
    """Make CUDA's libraries loadable and keep failures to start it off the standard streams."""
    onnxruntime = import_runtime()
    onnxruntime.set_default_logger_severity(_SEVERITY_FATAL)
    try:
        # ONNX Runtime 1.20 has no preload_dlls; later ones print what they do not find.
        if hasattr(onnxruntime, "preload_dlls"):
            with contextlib.redirect_stdout(io.StringIO()):
                onnxruntime.preload_dlls()
        yield
    finally:
        # The severity cannot be read back, so this restores ONNX Runtime's own default.
        onnxruntime.set_default_logger_severity(_SEVERITY_WARNING)


def _session_options() -> SessionOptions:
    onnxruntime = import_runtime()
    options: SessionOptions = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.execution_mode = onnxruntime.ExecutionMode.ORT_SEQUENTIAL
    options.log_severity_level = _SEVERITY_FATAL
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    options.add_session_config_entry("session.inter_op.allow_spinning", "0")
    # A model given as bytes would read tensors from files in the working directory. No file can
    # lie below the null device, so a model that points outside itself does not load.
    options.add_session_config_entry(
        "session.model_external_initializers_file_folder_path",
        str(Path(os.devnull) / "external-data"),
    )
    return options


@contextlib.contextmanager
def _one_kind_of_error() -> Iterator[None]:
    try:
        yield
    except _runtime_errors() as error:
        raise OnnxSessionError(_reason(str(error))) from error


def _runtime_errors() -> tuple[type[Exception], ...]:
    # ONNX Runtime's exceptions share no base class but Exception, and there are more with every
    # version. The others are what errors of the C++ library become.
    from onnxruntime.capi import onnxruntime_pybind11_state as state

    own = [kind for kind in vars(state).values() if isinstance(kind, type)]
    return (
        *(kind for kind in own if issubclass(kind, Exception)),
        RuntimeError,
        ValueError,
        LookupError,
        ArithmeticError,
        MemoryError,
    )


def _reason(message: str) -> str:
    if "External data" in message:
        return "its weights lie in another file"
    line = message.strip().partition("\n")[0]
    line = re.sub(r"^\[ONNXRuntimeError\] : \d+ : \w+ : ", "", line)
    # A place in the C++ source, with the signature of the function there.
    line = re.sub(r"^/\S+:\d+ .*\) ", "", line)
    return line[:_REASON_LENGTH].rstrip(" .")


def _tensor(node: object) -> Tensor:
    kind = str(getattr(node, "type", ""))
    shape = getattr(node, "shape", None) or ()
    name = str(getattr(node, "name", ""))
    return Tensor(name, "float32" if kind == "tensor(float)" else kind, tuple(shape))

"""The choice of an execution provider: CUDA where it really works, else the CPU."""

from __future__ import annotations

import ctypes
import logging
import sys

from recognizer.errors import InputError, ModelError, ProviderError
from recognizer.model_file import ModelFile, probe
from recognizer.onnx_session import (
    CPU,
    CUDA,
    OnnxSession,
    OnnxSessionError,
    cuda_attempt,
    cuda_compiled_in,
)

AUTO = "auto"
PROVIDERS = (AUTO, CPU, CUDA)
"""What a user can ask for."""

CUDA_DRIVER = "nvcuda.dll" if sys.platform == "win32" else "libcuda.so.1"
"""The library that an NVIDIA driver brings; without it there is no GPU to use."""

_USE_CPU = "use --provider cpu or auto"

logger = logging.getLogger(__name__)


def choose_session(model: ModelFile, provider: str, driver: str = CUDA_DRIVER) -> OnnxSession:
    """Return the model loaded on the provider asked for.

    Args:
        model: a checked model; its own session is the one for the CPU.
        provider: "cpu", "cuda", or "auto" for CUDA where it has answered a trial inference and
            the CPU elsewhere.
        driver: library of the GPU's driver, looked for before CUDA is asked for.

    Raises:
        InputError: no such provider.
        ProviderError: "cuda" was asked for and does not work here.

    """
    if provider not in PROVIDERS:
        raise InputError(f"unknown provider {provider!r}; expected {', '.join(PROVIDERS)}")
    if provider == CPU or (provider == AUTO and not _loads(driver)):
        return model.session
    try:
        return _cuda_session(model, driver)
    except ProviderError as error:
        if provider == CUDA:
            raise
        logger.info("using the CPU: %s", error)
        return model.session


def _cuda_session(model: ModelFile, driver: str) -> OnnxSession:
    if not cuda_compiled_in():
        raise ProviderError(
            "this ONNX Runtime was built without CUDA; expected the package onnxruntime-gpu "
            f"in place of onnxruntime, or {_USE_CPU}"
        )
    if not _loads(driver):
        raise ProviderError(
            f"no NVIDIA driver here ({driver} does not load); "
            f"expected a GPU with its driver for provider cuda, or {_USE_CPU}"
        )
    try:
        with cuda_attempt():
            session = OnnxSession(model.content, CUDA)
            probe(session, model.metadata)
    except (OnnxSessionError, ModelError) as error:
        raise ProviderError(f"CUDA fails on {model.path} ({error}); {_USE_CPU}") from error
    if session.provider != CUDA:
        raise ProviderError(
            "CUDA does not start; expected the CUDA and cuDNN libraries of ONNX Runtime "
            f"(pip install 'onnxruntime-gpu[cuda,cudnn]'), or {_USE_CPU}"
        )
    return session


def _loads(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True

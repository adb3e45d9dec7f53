import subprocess
import sys

import pytest

import recognizer


def python(code):
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    )
    return done.stdout.strip()


def test_importing_the_package_is_instant():
    code = "import time; t = time.perf_counter(); import recognizer; print(time.perf_counter() - t)"
    assert min(float(python(code)) for _ in range(3)) < 0.15


def test_using_the_recognizer_brings_in_neither_torch_nor_a_sound_system():
    code = "import sys, recognizer; recognizer.Recognizer; print(*sys.modules)"
    loaded = set(python(code).split())
    assert "recognizer.onnx_session" in loaded
    assert not loaded & {"torch", "sounddevice", "soundfile", "onnxruntime", "soxr"}


@pytest.mark.parametrize("name", recognizer.__all__)
def test_every_public_name_is_there(name):
    assert getattr(recognizer, name).__name__ == name
    assert name in dir(recognizer)


def test_an_unknown_name_is_an_attribute_error():
    with pytest.raises(AttributeError, match="'recognizer' has no attribute 'Recogniser'"):
        _ = recognizer.Recogniser

import onnx
import pytest

from recognizer import Recognizer
from tests.recognizer.conftest import tone_model


@pytest.fixture(scope="session")
def tones_path(tmp_path_factory):
    path = tmp_path_factory.mktemp("model") / "tones.onnx"
    onnx.save(tone_model(), path)
    return path


@pytest.fixture(scope="session")
def tones(tones_path):
    """Return a recognizer that tells the tones low and high apart."""
    with Recognizer(tones_path, provider="cpu") as recognizer:
        yield recognizer

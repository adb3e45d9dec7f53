"""Settings of all tests, and the recognizer of tones that many share."""

import onnx
import pytest
from hypothesis import settings

from recognizer import Recognizer
from tests.recognizer.conftest import tone_model

# Examples run on busy machines too: no rule here says how long one may take.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")


@pytest.fixture(scope="session", autouse=True)
def no_configuration_of_the_user(tmp_path_factory):
    """Let no test depend on what whoever runs it has configured."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CONFIG_HOME", str(tmp_path_factory.mktemp("configuration")))
        yield


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

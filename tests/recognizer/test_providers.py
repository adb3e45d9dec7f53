import logging

import numpy as np
import pytest

from recognizer.errors import InputError, ProviderError
from recognizer.model_file import load_model
from recognizer.onnx_session import cuda_compiled_in
from recognizer.providers import choose_session

NO_DRIVER = "libno-such-driver.so.0"
ANY_LIBRARY = "libc.so.6"

needs_cuda_build = pytest.mark.skipif(
    not cuda_compiled_in(), reason="this ONNX Runtime was built without CUDA"
)


@pytest.fixture
def model(tone_model_path):
    return load_model(tone_model_path)


@pytest.fixture
def cuda_session(model):
    try:
        return choose_session(model, "cuda")
    except ProviderError as error:
        pytest.skip(f"no CUDA: {error}")


@pytest.fixture
def no_cuda(model):
    try:
        choose_session(model, "cuda")
    except ProviderError:
        return
    pytest.skip("CUDA works here")


def test_cpu_is_the_session_that_was_checked(model):
    assert choose_session(model, "cpu") is model.session


def test_auto_takes_the_cpu_without_a_driver_and_says_nothing(model, capfd, caplog):
    caplog.set_level(logging.INFO)
    assert choose_session(model, "auto", NO_DRIVER).provider == "cpu"
    assert capfd.readouterr() == ("", "")
    assert not caplog.records


@pytest.mark.usefixtures("no_cuda")
def test_auto_takes_the_cpu_when_cuda_does_not_start_and_logs_why(model, capfd, caplog):
    caplog.set_level(logging.INFO)
    assert choose_session(model, "auto", ANY_LIBRARY).provider == "cpu"
    assert capfd.readouterr() == ("", "")
    assert "using the CPU: " in caplog.text


@needs_cuda_build
def test_cuda_without_a_driver_is_an_error(model, capfd):
    with pytest.raises(ProviderError, match=f"no NVIDIA driver here .{NO_DRIVER}"):
        choose_session(model, "cuda", NO_DRIVER)
    assert capfd.readouterr() == ("", "")


@needs_cuda_build
@pytest.mark.usefixtures("no_cuda")
def test_cuda_that_does_not_start_is_an_error_without_noise(model, capfd):
    with pytest.raises(ProviderError, match="CUDA does not start; expected") as caught:
        choose_session(model, "cuda", ANY_LIBRARY)
    assert "\n" not in str(caught.value)
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize("provider", ["gpu", "", "CPU"])
def test_an_unknown_provider_is_an_error(model, provider):
    with pytest.raises(InputError, match="expected auto, cpu, cuda"):
        choose_session(model, provider)


def test_cuda_answers_as_the_cpu_does(model, cuda_session, tone):
    windows = np.stack([tone("low"), tone("high"), 0.1 * tone("low")])
    answers = [
        session.run(["probabilities"], {"waveform": windows})[0]
        for session in (cuda_session, model.session)
    ]
    assert cuda_session.provider == "cuda"
    np.testing.assert_allclose(*answers, atol=1e-5)

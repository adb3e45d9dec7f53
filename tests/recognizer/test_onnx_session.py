import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import onnx
import pytest

from recognizer.onnx_session import OnnxSession, OnnxSessionError


def threads():
    return len(list(Path("/proc/self/task").iterdir()))


@pytest.fixture
def content(tone_model_path):
    return tone_model_path.read_bytes()


def test_it_tells_what_the_file_declares(content):
    session = OnnxSession(content)
    assert [str(tensor) for tensor in session.inputs] == ["waveform float32 [batch, 16000]"]
    assert [str(tensor) for tensor in session.outputs] == ["probabilities float32 [batch, 3]"]
    assert session.properties["architecture"] == "tones"


def test_the_provider_is_the_one_that_runs(content):
    assert OnnxSession(content, "cpu").provider == "cpu"


def test_it_runs_windows_that_are_not_contiguous(content, tone):
    windows = np.stack([tone("low"), tone("high")] * 2)[::2]
    (answer,) = OnnxSession(content).run(["probabilities"], {"waveform": windows})
    assert answer.argmax(axis=1).tolist() == [0, 0]


@pytest.mark.skipif(sys.platform != "linux", reason="counts threads in /proc")
def test_a_session_starts_no_threads(content):
    first = OnnxSession(content)
    before = threads()
    second = OnnxSession(content)
    assert threads() == before
    assert first.inputs == second.inputs


@pytest.mark.parametrize("broken", [b"", b"just text\n" * 20, b"\x00" * 100])
def test_what_is_no_model_gives_one_line_and_no_noise(broken, capfd):
    with pytest.raises(OnnxSessionError) as caught:
        OnnxSession(broken)
    assert "\n" not in str(caught.value)
    assert "[ONNXRuntimeError]" not in str(caught.value)
    assert capfd.readouterr() == ("", "")


def test_an_operator_from_the_future_is_named(tone_model_path, capfd):
    model = onnx.load(tone_model_path)
    model.graph.node[0].op_type = "Clairvoyance"
    with pytest.raises(OnnxSessionError, match="Clairvoyance"):
        OnnxSession(model.SerializeToString())
    assert capfd.readouterr() == ("", "")


def test_an_ir_version_from_the_future_is_named_without_source_lines(tone_model_path):
    model = onnx.load(tone_model_path)
    model.ir_version = 999
    with pytest.raises(OnnxSessionError, match=r"^Unsupported model IR version: 999"):
        OnnxSession(model.SerializeToString())


def test_weights_in_another_file_are_refused_even_from_the_working_directory(
    tone_model_path, tmp_path, monkeypatch
):
    path = tmp_path / "split.onnx"
    onnx.save(
        onnx.load(tone_model_path), path, save_as_external_data=True, location="w", size_threshold=0
    )
    monkeypatch.chdir(tmp_path)
    assert Path("w").exists()
    with pytest.raises(OnnxSessionError, match="weights lie in another file"):
        OnnxSession(path.read_bytes())


def test_a_failed_inference_gives_one_line(content):
    with pytest.raises(OnnxSessionError) as caught:
        OnnxSession(content).run(["probabilities"], {"waveform": np.zeros((1, 5), np.float32)})
    assert "waveform" in str(caught.value)
    assert "\n" not in str(caught.value)


def test_the_runtime_leaves_no_trace_of_its_own(tmp_path):
    """Newer ones keep a number for the machine in the home folder, to send reports with it."""
    code = "from recognizer import Recognizer; Recognizer(provider='cpu')"
    environment = {
        name: value
        for name, value in os.environ.items()
        if name not in ("XDG_CACHE_HOME", "ORT_DISABLE_TELEMETRY")
    }
    home = {"HOME": str(tmp_path)}
    subprocess.run([sys.executable, "-c", code], env=environment | home, check=True)
    assert list(tmp_path.iterdir()) == []

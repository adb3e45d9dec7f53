import os

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper, numpy_helper

from recognizer.errors import ModelError
from recognizer.model_file import MAX_BYTES, load_model
from tests.recognizer.conftest import tone_model


def refusal(path):
    with pytest.raises(ModelError) as caught:
        load_model(path)
    message = str(caught.value)
    assert message.startswith(f"{path}: ")
    assert "expected" in message
    assert "\n" not in message
    return message


def test_a_model_that_keeps_the_contract_is_loaded(tone_model_path):
    model = load_model(tone_model_path)
    assert model.path == tone_model_path
    assert model.metadata.labels == ("low", "high", "other")
    assert model.session.provider == "cpu"


def test_a_model_may_have_frames_with_their_step(write_model):
    model = load_model(write_model(frames=True, metadata={"frame_seconds": "1.0"}))
    assert model.metadata.frame_seconds == 1.0


@pytest.mark.parametrize("size", [1, 100, 2000])
def test_a_truncated_model_is_refused(tone_model_path, size):
    tone_model_path.write_bytes(tone_model_path.read_bytes()[:-size])
    refusal(tone_model_path)


def test_a_missing_file_is_refused(tmp_path):
    assert "No such file" in refusal(tmp_path / "nothing.onnx")


def test_a_directory_is_refused(tmp_path):
    assert "is a directory" in refusal(tmp_path)


def test_an_empty_file_is_refused(tmp_path):
    path = tmp_path / "empty.onnx"
    path.touch()
    assert "is empty" in refusal(path)


def test_a_text_file_is_refused(tmp_path):
    path = tmp_path / "notes.onnx"
    path.write_text("zero one two\n" * 50)
    assert "ONNX Runtime cannot use it" in refusal(path)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes here")
def test_a_named_pipe_is_refused_without_waiting_for_it(tmp_path):
    path = tmp_path / "pipe.onnx"
    os.mkfifo(path)
    assert "no regular file" in refusal(path)


def test_a_file_over_the_size_limit_is_refused_unread(tmp_path):
    path = tmp_path / "large.onnx"
    with path.open("wb") as file:
        file.truncate(MAX_BYTES + 1)
    assert "64 MiB" in refusal(path)


def test_weights_in_another_file_are_refused(tone_model_path, tmp_path):
    path = tmp_path / "split.onnx"
    onnx.save(
        onnx.load(tone_model_path), path, save_as_external_data=True, location="w", size_threshold=0
    )
    assert "weights lie in another file" in refusal(path)


def test_a_model_without_metadata_is_refused(write_model):
    keys = ("labels", "thresholds", "sample_rate", "window_samples", "architecture", "training")
    path = write_model(metadata=dict.fromkeys((*keys, "license", "version")))
    assert "metadata has no labels, thresholds" in refusal(path)


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        ({"samples": 8000}, "its input is waveform float32 [batch, 8000]"),
        ({"batch": 1}, "its input is waveform float32 [1, 16000]"),
        ({"kind": TensorProto.DOUBLE}, "its input is waveform tensor(double) [batch, 16000]"),
        ({"names": ("audio", "probabilities")}, "its input is audio float32 [batch, 16000]"),
        ({"names": ("waveform", "logits")}, "its output is logits float32 [batch, 3]"),
    ],
)
def test_another_input_or_output_is_shown(write_model, changes, found):
    assert found in refusal(write_model(**changes))


def test_more_labels_than_outputs_are_refused(write_model):
    path = write_model(
        metadata={
            "labels": '["low", "high", "mid", "other"]',
            "thresholds": '{"low": 0, "high": 0, "mid": 0}',
        }
    )
    message = refusal(path)
    assert (
        "is probabilities float32 [batch, 3]; expected probabilities float32 [batch, 4]" in message
    )


def test_frames_without_their_step_are_refused(write_model):
    assert "frame_seconds" in refusal(write_model(frames=True))


def test_a_step_without_frames_is_refused(write_model):
    assert "frame_seconds" in refusal(write_model(metadata={"frame_seconds": "0.5"}))


@pytest.mark.parametrize("text", [b"waveform", b"probabilities", b"license", b"1.2.3"])
def test_names_and_metadata_that_are_no_text_are_refused(tone_model_path, text):
    content = tone_model_path.read_bytes()
    tone_model_path.write_bytes(content.replace(text, b"\xff" * len(text)))
    refusal(tone_model_path)


def test_a_file_that_grows_while_it_is_read_is_refused(tone_model_path):
    class Growing(type(tone_model_path)):
        def stat(self, *, follow_symlinks=True):
            status = super().stat(follow_symlinks=follow_symlinks)
            with self.open("r+b") as file:
                file.truncate(MAX_BYTES + 1)
            return status

    assert "64 MiB" in refusal(Growing(tone_model_path))


def test_answers_of_another_shape_than_declared_are_refused(tmp_path):
    path = tmp_path / "scalar.onnx"
    onnx.save(one_number_model(), path)
    assert "have shape []; expected [2, 3]" in refusal(path)


def one_number_model():
    """Return a model that declares rows and gives one number, which shows only when it runs."""
    model = tone_model()
    model.graph.node[-1].output[0] = "rows"
    added = [
        ("ReduceMax", ["rows"], "most"),
        ("Size", ["most"], "size"),
        ("Reshape", ["size", "minus_one"], "sizes"),
        ("Sub", ["sizes", "sizes"], "no_dimensions"),
        ("ConstantOfShape", ["no_dimensions"], "empty"),
        ("Cast", ["empty"], "shape"),
        ("Reshape", ["most", "shape"], "probabilities"),
    ]
    for kind, inputs, output in added:
        options = {"to": TensorProto.INT64} if kind == "Cast" else {}
        model.graph.node.append(helper.make_node(kind, inputs, [output], **options))
    model.graph.initializer.append(numpy_helper.from_array(np.array([-1]), "minus_one"))
    return model


@pytest.mark.parametrize("step", ["0.3", "0.1", "1e-9"])
def test_frames_that_make_no_second_are_refused(write_model, step):
    path = write_model(frames=True, metadata={"frame_seconds": step})
    assert "expected 2 to 1000 frames that make a second" in refusal(path)


@pytest.mark.parametrize("last", ["Identity", "Sigmoid", "Log"])
def test_outputs_that_are_no_probabilities_are_refused(write_model, last):
    assert "expected rows that sum to 1" in refusal(write_model(last=last))

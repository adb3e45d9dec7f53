from pathlib import Path

import numpy as np
import onnx
import pytest
import torch
from onnx import numpy_helper

from export.commands.export import main
from export.graph import export_graph, load_trained
from export.proof import synthesised_windows
from recognizer import Recognizer
from tests.export.conftest import write_checkpoint
from training.checkpoint import save_checkpoint


def refusal(capsys, *arguments) -> str:
    """Return the one line with which the command ends."""
    status = main(list(map(str, arguments)))
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.startswith("error: ")
    assert captured.err.count("\n") == 1
    return f"{status} {captured.err}"


def test_the_licence_can_be_given_and_the_difference_is_told(checkpoint, tmp_path, caplog, capsys):
    caplog.set_level("INFO")
    path = tmp_path / "model.onnx"
    assert main([str(checkpoint), "-o", str(path), "--license", "CC BY 4.0"]) == 0
    assert "model.onnx: equal to PyTorch within" in caplog.text
    assert capsys.readouterr().out == "", "the exporter's chatter stays off the terminal"
    with Recognizer(path, "cpu") as recognizer:
        assert recognizer.metadata.license == "CC BY 4.0"


def test_a_graph_that_answers_otherwise_is_not_written(checkpoint, tmp_path, monkeypatch, capsys):
    def perturbed(module):
        model = export_graph(module)
        for tensor in model.graph.initializer:
            values = numpy_helper.to_array(tensor)
            if values.shape == (3,) and values.dtype == np.float32:
                other = values + np.float32([0.1, 0, 0])
                tensor.CopyFrom(numpy_helper.from_array(other, tensor.name))
        return model

    monkeypatch.setattr("export.commands.export.export_graph", perturbed)
    path = tmp_path / "model.onnx"
    line = refusal(capsys, checkpoint, "-o", path)
    assert line.startswith("1 error: PyTorch and ONNX Runtime differ by")
    assert "nothing was written" in line
    assert [item.name for item in tmp_path.iterdir()] == ["best.pt"]


def test_a_checkpoint_of_another_network_is_one_line(tmp_path, capsys):
    path = write_checkpoint(tmp_path / "best.pt", "baseline", architecture="parallel")
    line = refusal(capsys, path, "-o", tmp_path / "model.onnx")
    assert line.startswith("2 error: ")
    assert "the weights do not fit the network parallel with 3 labels" in line


@pytest.mark.parametrize("content", [None, b"", b"some text"])
def test_what_is_no_checkpoint_is_one_line(tmp_path, capsys, content):
    path = tmp_path / "best.pt"
    if content is not None:
        path.write_bytes(content)
    line = refusal(capsys, path, "-o", tmp_path / "model.onnx")
    assert line.startswith(f"2 error: {path}: ")


def test_last_pt_is_answered_with_what_is_missing(tmp_path, capsys):
    save_checkpoint(tmp_path / "last.pt", {"epoch": 1, "trainer": {}})
    line = refusal(capsys, tmp_path / "last.pt", "-o", tmp_path / "model.onnx")
    missing = "architecture, labels, network, thresholds, temperature, training"
    assert f"has no {missing}: expected best.pt" in line


@pytest.mark.parametrize("where", ["no/such/folder/model.onnx", "folder"])
def test_a_place_that_cannot_be_written_is_one_line(
    checkpoint, tmp_path, monkeypatch, capsys, where
):
    (tmp_path / "folder").mkdir()
    monkeypatch.setattr("export.commands.export.export_graph", lambda _: onnx.ModelProto())
    monkeypatch.setattr("export.commands.export.prove_equal", lambda *_: 0.0)
    line = refusal(capsys, checkpoint, "-o", tmp_path / where)
    assert line.startswith("2 error: ")
    assert f"{where}: cannot be written" in line
    assert sorted(item.name for item in tmp_path.iterdir()) == ["best.pt", "folder"]


def test_the_output_must_be_given(checkpoint, capsys):
    with pytest.raises(SystemExit) as caught:
        main([str(checkpoint)])
    assert caught.value.code == 2
    assert "-o/--output" in capsys.readouterr().err


@pytest.fixture
def slow_file(checkpoint, tmp_path, monkeypatch) -> Path:
    """Return a model file whose graph is as PyTorch's exporter left it."""
    path = tmp_path / "slow.onnx"
    with monkeypatch.context() as patch:
        patch.setattr("export.graph.optimize", lambda model: model)
        assert main([str(checkpoint), "-o", str(path)]) == 0
    return path


def test_a_model_file_is_written_anew_with_a_smaller_graph_and_the_same_answers(
    slow_file, checkpoint, tmp_path, caplog
):
    caplog.set_level("INFO")
    path = tmp_path / "fast.onnx"
    assert main([str(slow_file), "-o", str(path)]) == 0
    assert "fast.onnx: equal to " in caplog.text
    assert path.stat().st_size < 0.5 * slow_file.stat().st_size
    module, _ = load_trained(checkpoint)
    windows = synthesised_windows(seed=3)
    with Recognizer(path, "cpu") as fast, Recognizer(slow_file, "cpu") as slow:
        assert fast.metadata == slow.metadata
        found = fast.classify_batch(windows)
        assert np.abs(found - slow.classify_batch(windows)).max() <= 1e-5
    expected = module(torch.from_numpy(windows))[0].detach().numpy()
    assert np.abs(found - expected).max() <= 1e-5


def test_a_model_file_can_be_written_onto_itself_and_that_once_is_enough(slow_file):
    assert main([str(slow_file), "-o", str(slow_file), "--license", "CC0"]) == 0
    once = onnx.load(slow_file)
    assert main([str(slow_file), "-o", str(slow_file)]) == 0
    assert onnx.load(slow_file) == once
    with Recognizer(slow_file, "cpu") as recognizer:
        assert recognizer.metadata.license == "CC0"


def test_a_faster_graph_that_answers_otherwise_is_not_written(
    slow_file, tmp_path, monkeypatch, capsys
):
    def perturbed(model):
        changed = onnx.ModelProto.FromString(model.SerializeToString())
        for tensor in changed.graph.initializer:
            values = numpy_helper.to_array(tensor)
            if values.shape == (3,) and values.dtype == np.float32:
                other = values + np.float32([0.1, 0, 0])
                tensor.CopyFrom(numpy_helper.from_array(other, tensor.name))
        return changed

    monkeypatch.setattr("export.commands.export.optimize", perturbed)
    line = refusal(capsys, slow_file, "-o", tmp_path / "fast.onnx")
    assert line.startswith("1 error: the graphs before and after differ by ")
    assert not (tmp_path / "fast.onnx").exists()


@pytest.mark.parametrize("content", [None, b"", b"no model"])
def test_what_is_no_model_file_is_one_line(tmp_path, capsys, content):
    path = tmp_path / "model.onnx"
    if content is not None:
        path.write_bytes(content)
    line = refusal(capsys, path, "-o", tmp_path / "fast.onnx")
    assert line.startswith(f"2 error: {path}: ")

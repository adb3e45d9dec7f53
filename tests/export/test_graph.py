import onnx
import pytest
import torch

from export.graph import add_metadata, load_trained
from recognizer.errors import InputError
from tests.export.conftest import LABELS, write_checkpoint


def refusal(path) -> str:
    with pytest.raises(InputError) as caught:
        load_trained(path)
    assert "\n" not in str(caught.value)
    return str(caught.value)


def test_a_checkpoint_becomes_a_module_that_gives_probabilities(checkpoint):
    module, content = load_trained(checkpoint)
    (probabilities,) = module(torch.randn(2, 16_000))
    assert probabilities.shape == (2, 3)
    assert torch.allclose(probabilities.sum(dim=1), torch.ones(2))
    assert content["labels"] == LABELS
    assert not module.training


def test_the_calibration_of_a_checkpoint_is_part_of_the_module(tmp_path):
    sound = torch.randn(4, 16_000)
    plain = write_checkpoint(tmp_path / "plain.pt", "edge", temperature=1.0, other_bias=0.0)
    fitted = write_checkpoint(tmp_path / "fitted.pt", "edge", temperature=2.0, other_bias=-3.0)
    (windows, frames), (biased, cooler) = (load_trained(p)[0](sound) for p in (plain, fitted))
    logits = windows.log() + torch.tensor([0.0, 0.0, -3.0])
    assert torch.allclose(biased, (logits / 2).softmax(dim=1), atol=1e-5)
    assert torch.allclose(cooler, (frames.log() / 2).softmax(dim=2), atol=1e-5)


@pytest.mark.parametrize("claimed", ["crnn", "parallel"])
def test_weights_of_another_network_are_refused(tmp_path, claimed):
    path = write_checkpoint(tmp_path / "best.pt", "baseline", architecture=claimed)
    assert f"the weights do not fit the network {claimed} with 3 labels: " in refusal(path)


def test_weights_for_another_number_of_labels_are_refused(tmp_path):
    path = write_checkpoint(tmp_path / "best.pt", "baseline", labels=["yes", "other"])
    assert "do not fit the network baseline with 2 labels: size mismatch" in refusal(path)


def test_weights_that_are_none_are_refused(tmp_path):
    path = write_checkpoint(tmp_path / "best.pt", "baseline", network=[1, 2])
    assert "the weights do not fit" in refusal(path)


def test_an_unknown_architecture_is_refused(tmp_path):
    path = write_checkpoint(tmp_path / "best.pt", "baseline", architecture="resnet")
    assert "unknown network 'resnet'" in refusal(path)


def test_metadata_is_text_or_json():
    model = onnx.ModelProto()
    add_metadata(model, {"license": "MIT", "labels": ["a", "ü"], "thresholds": {"a": 0.5}})
    written = {item.key: item.value for item in model.metadata_props}
    assert written == {
        "license": "MIT",
        "labels": '["a", "\\u00fc"]',
        "thresholds": '{"a": 0.5}',
    }

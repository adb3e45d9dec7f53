"""The published embedding is read from an ONNX file: here from one with weights of our own."""

import onnx
import pytest
import torch
from onnx import TensorProto, helper, numpy_helper

from recognizer.errors import InputError
from training.networks.embedding import Embedding
from training.published import fingerprint, published_embedding


def publish(network: Embedding, path, *, convolutions: int = 20):
    """Write the embedding of a network as nodes in order, as the published file has them."""
    layers, normalization = network.parts()
    nodes, tensors, before = [], [], "features"

    def add(kind, *weights):
        nonlocal before
        names = [f"{kind}{len(nodes)}.{place}" for place in range(len(weights))]
        after = f"after{len(nodes)}"
        nodes.append(helper.make_node(kind, [before, *names], [after]))
        for name, weight in zip(names, weights, strict=True):
            tensors.append(numpy_helper.from_array(weight.detach().numpy(), name))
        before = after

    for place, layer in enumerate(layers[:convolutions]):
        add("Conv", *layer.parameters())
        if place == 0:
            statistics = (normalization.running_mean, normalization.running_var)
            add("BatchNormalization", normalization.weight, normalization.bias, *statistics)
    ends = [
        [helper.make_tensor_value_info(name, TensorProto.FLOAT, None)]
        for name in ("features", before)
    ]
    onnx.save(helper.make_model(helper.make_graph(nodes, "embedding", *ends, tensors)), path)
    return path


@pytest.fixture
def published():
    torch.manual_seed(7)
    network = Embedding(5)
    torch.nn.init.uniform_(network.parts()[1].running_mean)
    return network.eval()


def test_a_network_starts_as_the_published_embedding(published, tmp_path):
    weights = published_embedding(publish(published, tmp_path / "a.onnx"), 3, seed=1)
    network = Embedding(3).eval()
    network.load_state_dict(weights)
    picture = torch.randn(2, 1, 108, 32)
    assert torch.equal(network.embed(picture), published.embed(picture))


def test_its_head_depends_on_the_seed_and_leaves_other_random_numbers_alone(published, tmp_path):
    path = publish(published, tmp_path / "a.onnx")
    torch.manual_seed(3)
    expected = torch.rand(1)
    torch.manual_seed(3)
    heads = [published_embedding(path, 3, seed)["head.1.weight"] for seed in (1, 1, 2)]
    assert torch.equal(torch.rand(1), expected)
    assert torch.equal(heads[0], heads[1])
    assert not torch.equal(heads[0], heads[2])


def test_another_network_is_refused(published, tmp_path):
    path = publish(published, tmp_path / "a.onnx", convolutions=19)
    with pytest.raises(InputError, match=r"a\.onnx: holds other weights than the published"):
        published_embedding(path, 3, seed=1)


@pytest.mark.parametrize("content", [b"", b"no network", None])
def test_what_is_no_onnx_file_is_refused(content, tmp_path):
    path = tmp_path / "a.onnx"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(InputError, match=r"a\.onnx: "):
        published_embedding(path, 3, seed=1)


def test_the_file_is_known_again_by_its_fingerprint(tmp_path):
    (tmp_path / "a.onnx").write_bytes(b"a")
    (tmp_path / "b.onnx").write_bytes(b"b")
    first, second = (fingerprint(tmp_path / name) for name in ("a.onnx", "b.onnx"))
    assert first["file"] == "a.onnx"
    assert len(first["sha256"]) == 64
    assert first["sha256"] != second["sha256"]

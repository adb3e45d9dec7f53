"""Every row of the published tables, at ten labels."""

import pytest
import torch

from recognizer.errors import InputError
from training.networks import build_network
from training.networks.summary import LayerSummary, layer_summaries, summarize

TOTALS = {"baseline": 143_242, "crnn": 1_942_346, "parallel": 260_042}
BLOCKS = {
    "baseline": [(16, 65, 23), (32, 33, 12), (64, 17, 7), (128, 9, 4)],
    "crnn": [(128, 22), (128, 11), (256, 5)],
    "parallel": [(16, 63, 22), (32, 30, 11), (64, 14, 5), (64, 3, 1)],
}
# Convolutions k * in * out + out, BatchNorm 2 * channels, LSTM 4 * hidden * (in + hidden + 2) for
# each direction, linear in * out + out.
PARAMETERS = {
    "baseline": {
        "blocks.0.0": 9 * 1 * 16 + 16,
        "blocks.1.0": 9 * 16 * 32 + 32,
        "blocks.2.0": 9 * 32 * 64 + 64,
        "blocks.3.0": 9 * 64 * 128 + 128,
        "head.2": 4608 * 10 + 10,
    },
    "crnn": {
        "blocks.0.0": 5 * 128 * 128 + 128,
        "blocks.0.1": 2 * 128,
        "blocks.1.0": 5 * 128 * 128 + 128,
        "blocks.1.1": 2 * 128,
        "blocks.2.0": 5 * 128 * 256 + 256,
        "blocks.2.1": 2 * 256,
        "lstm": 4 * 96 * (5 + 96 + 2),
        "head.2": 24576 * 64 + 64,
        "head.5": 64 * 10 + 10,
    },
    "parallel": {
        "blocks.0.0": 3 * 1 * 16 + 16,
        "blocks.0.1": 2 * 16,
        "blocks.1.0": 3 * 16 * 32 + 32,
        "blocks.1.1": 2 * 32,
        "blocks.2.0": 3 * 32 * 64 + 64,
        "blocks.2.1": 2 * 64,
        "blocks.3.0": 3 * 64 * 64 + 64,
        "blocks.3.1": 2 * 64,
        "lstm": 2 * 4 * 128 * (22 + 128 + 2),
        "head.1": (192 + 8192) * 10 + 10,
    },
}
SHAPES = {
    "baseline": {"head.0": (4608,), "head.2": (10,)},
    "crnn": {"lstm": (256, 96), "head.0": (24576,), "head.2": (64,), "head.5": (10,)},
    "parallel": {"pool": (1, 32, 22), "lstm": (32, 256), "head.0": (8384,), "head.1": (10,)},
}
KINDS = {
    "baseline": ["Conv2d", "ReLU", "MaxPool2d"],
    "crnn": ["Conv1d", "BatchNorm1d", "ReLU", "MaxPool1d"],
    "parallel": ["Conv2d", "BatchNorm2d", "ReLU", "MaxPool2d"],
}


@pytest.fixture(scope="module", params=TOTALS)
def name(request):
    return request.param


@pytest.fixture(scope="module")
def rows(name) -> list[LayerSummary]:
    return layer_summaries(name, 10)


def test_every_block_gives_the_published_shape_after_its_pooling(name, rows):
    pooled = [row for row in rows if row.name.startswith("blocks") and "Pool" in row.kind]
    assert [row.output_shape for row in pooled] == BLOCKS[name]


def test_every_block_has_the_published_layers(name, rows):
    kinds = [row.kind for row in rows if row.name.startswith("blocks")]
    assert kinds == KINDS[name] * len(BLOCKS[name])


def test_pooling_recurrent_and_head_layers_give_the_published_shapes(name, rows):
    shapes = {row.name: row.output_shape for row in rows}
    assert {place: shapes[place] for place in SHAPES[name]} == SHAPES[name]


def test_every_layer_has_the_published_parameters(name, rows):
    assert {row.name: row.parameters for row in rows if row.parameters} == PARAMETERS[name]


def test_the_total_of_parameters_is_the_published_one(name):
    parameters = build_network(name, 10).parameters()
    assert sum(p.numel() for p in parameters if p.requires_grad) == TOTALS[name]


@pytest.mark.parametrize("labels", [2, 11, 36])
def test_any_number_of_labels_gives_as_many_logits(name, labels):
    network = build_network(name, labels, dropout=0.2).eval()
    logits = network(torch.randn(3, 128, 44))
    assert logits.shape == (3, labels)
    assert not torch.allclose(logits.sum(dim=1), torch.ones(3), atol=1e-3), "no softmax inside"


def test_dropout_works_while_training_only_and_adds_no_parameters(name):
    features = torch.randn(2, 128, 44)
    network = build_network(name, 10, dropout=0.5)
    assert sum(p.numel() for p in network.parameters()) == TOTALS[name]
    assert not torch.equal(network.train()(features), network(features))
    assert torch.equal(network.eval()(features), network(features))


def test_the_summary_prints_every_layer_and_the_total(name, rows):
    lines = summarize(name, 10).splitlines()
    for row, line in zip(rows, lines[2:-1], strict=True):
        assert line.startswith(row.name)
        assert str(list(row.output_shape)) in line
    assert lines[-1].split() == ["total", f"{TOTALS[name]:,}"]


def test_an_unknown_network_is_answered_with_the_known_ones():
    with pytest.raises(InputError, match="baseline, crnn, parallel"):
        build_network("resnet", 10)

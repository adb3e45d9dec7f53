"""The transform in two steps is the transform of NumPy, and that of the graph it stands for."""

import numpy as np
import onnx
import onnxruntime
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from export.fourier import FIRST_POINTS, factor, find_transform, first_step, second_step
from export.graph import ExportedClassifier
from export.proof import synthesised_windows
from training.classifier import Classifier
from training.features import LogMel, LogMelSettings
from training.front_ends import EDGE_SETTINGS


def exported(front_end: LogMel) -> onnx.ModelProto:
    """Return a front-end as the exporter writes it."""
    front_end.by_products = True
    program = torch.onnx.export(
        front_end.eval(),
        (torch.zeros(2, 16_000),),
        input_names=["waveform"],
        dynamic_shapes={"waveform": {0: torch.export.Dim("batch")}},
        opset_version=20,
        dynamo=True,
        verbose=False,
    )
    return program.model_proto


def answer(model: onnx.ModelProto, windows: np.ndarray) -> np.ndarray:
    content = model.SerializeToString()
    session = onnxruntime.InferenceSession(content, providers=["CPUExecutionProvider"])
    return session.run(None, {"waveform": windows})[0]


@given(points=st.sampled_from([64, 256, 512, 1024]), seed=st.integers(0, 99))
@settings(max_examples=20, deadline=None)
def test_the_two_steps_are_the_fourier_transform(points, seed):
    samples = np.random.default_rng(seed).normal(size=points)
    inner = points // FIRST_POINTS
    first = first_step(FIRST_POINTS) @ samples.reshape(FIRST_POINTS, inner)
    matrices, bins = second_step(points)
    spectrum = (matrices @ first.reshape(-1, 2 * inner, 1)).reshape(-1, 2, inner)
    power = (spectrum**2).sum(axis=1)
    expected = np.abs(np.fft.rfft(samples))[:-1] ** 2
    assert sorted(bins.ravel()) == list(range(points // 2)), "each bin once"
    assert np.allclose(power.ravel(), expected[bins.ravel()])


@pytest.mark.parametrize(
    "changed",
    [
        EDGE_SETTINGS,
        LogMelSettings(),
        LogMelSettings(n_fft=512, win_length=512, hop_length=250, pad=0, n_mels=20),
        LogMelSettings(n_fft=1024, win_length=1000, hop_length=160, pad=7, n_mels=64, f_min=900),
    ],
    ids=["edge", "the networks of the mission", "no padded frames", "long frames"],
)
def test_the_features_stay_the_same_in_fewer_multiplications(changed):
    front_end = LogMel(changed)
    before = exported(front_end)
    after = factor(onnx.ModelProto.FromString(before.SerializeToString()))
    onnx.checker.check_model(after, full_check=True)
    assert "Conv" not in {node.op_type for node in after.graph.node}
    windows = synthesised_windows(7)
    expected = front_end(torch.from_numpy(windows)).numpy()
    for batch in (1, 2, 7):
        assert np.abs(answer(after, windows[:batch]) - expected[:batch]).max() < 1e-4
    assert np.abs(answer(after, windows) - answer(before, windows)).max() < 1e-4
    assert len(after.SerializeToString()) < 0.5 * len(before.SerializeToString())


def test_a_transform_whose_last_bin_counts_stays_as_it_is():
    before = exported(LogMel(LogMelSettings(f_max=8_000.0, n_mels=20)))
    # Slaney's filters end in 0 at f_max itself.
    bands = next(n for n in before.graph.node if n.op_type == "MatMul").input[0]
    (tensor,) = [t for t in before.graph.initializer if t.name == bands]
    filters = onnx.numpy_helper.to_array(tensor).copy()
    assert find_transform(before) is not None
    filters[-1, -1] = 1.0
    tensor.CopyFrom(onnx.numpy_helper.from_array(filters, bands))
    assert find_transform(before) is None


def test_a_filter_bank_that_is_no_fourier_transform_stays_as_it_is():
    front_end = LogMel(EDGE_SETTINGS)
    front_end.basis[5, 0, 7] += 0.01
    before = exported(front_end)
    content = before.SerializeToString()
    assert factor(before).SerializeToString() == content


def test_a_graph_that_begins_otherwise_stays_as_it_is():
    model = onnx.ModelProto()
    assert factor(model) == onnx.ModelProto()


def test_both_front_ends_of_the_networks_are_found():
    for name in ("edge", "parallel"):
        module = ExportedClassifier(Classifier(name, 3))
        found = find_transform(exported(module.classifier.features[0]))
        assert found is not None
        settings = module.classifier.features[0].settings
        assert found.points == settings.n_fft
        assert found.hop == settings.hop_length
        assert found.frames == module.classifier.features(torch.zeros(1, 16_000)).shape[2]

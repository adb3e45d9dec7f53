import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from training.calibration import FARTHEST, HIGHEST, LOWEST, Calibration, fit_calibration


def softmax(logits: np.ndarray) -> np.ndarray:
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    return (powers / powers.sum(axis=1, keepdims=True)).astype(np.float32)


def logits(count: int = 4_000) -> np.ndarray:
    return 2.0 * np.random.default_rng(0).standard_normal((count, 3))


@given(temperature=st.floats(LOWEST, HIGHEST), bias=st.floats(-FARTHEST, FARTHEST))
def test_probabilities_become_those_of_changed_logits(temperature, bias):
    changed = Calibration(temperature, bias).apply(softmax(logits(50)))
    expected = softmax((logits(50) + np.array([0, 0, bias])) / temperature)
    assert np.allclose(changed, expected, atol=1e-5)


@pytest.mark.parametrize("overconfidence", [0.6, 1.0, 1.8])
@pytest.mark.parametrize("bias", [-1.5, 0.0, 2.0])
def test_too_much_confidence_and_too_much_other_are_undone(overconfidence, bias):
    honest = softmax(logits())
    draw = np.random.default_rng(1).random(len(honest))
    targets = (draw[:, None] > np.cumsum(honest, axis=1)[:, :2]).sum(axis=1)
    heard = softmax(logits() * overconfidence + [0, 0, bias])
    fitted = fit_calibration(heard, targets, np.ones(len(targets)))
    assert fitted.temperature == pytest.approx(overconfidence, rel=0.12)
    assert fitted.other_bias == pytest.approx(-bias, abs=0.2)


def test_weights_decide_which_clips_count():
    probabilities = np.array([[0.9, 0.1], [0.9, 0.1]], dtype=np.float32)
    targets = np.array([0, 1])
    biases = [
        fit_calibration(probabilities, targets, np.array(weights)).other_bias
        for weights in ([1.0, 0.0], [0.0, 1.0])
    ]
    assert biases[0] < 0 < biases[1]


def test_impossible_labels_keep_the_fit_finite():
    probabilities = np.array([[1.0, 0.0]], dtype=np.float32)
    fitted = fit_calibration(probabilities, np.array([1]), np.ones(1))
    assert LOWEST <= fitted.temperature <= HIGHEST
    assert abs(fitted.other_bias) <= FARTHEST

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from training.temperature import HIGHEST, LOWEST, at_temperature, fit_temperature


def softmax(logits: np.ndarray) -> np.ndarray:
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    return (powers / powers.sum(axis=1, keepdims=True)).astype(np.float32)


def logits(count: int = 4_000) -> np.ndarray:
    return 2.0 * np.random.default_rng(0).standard_normal((count, 3))


@given(temperature=st.floats(LOWEST, HIGHEST))
def test_probabilities_at_a_temperature_are_those_of_divided_logits(temperature):
    changed = at_temperature(softmax(logits(50)), temperature)
    assert np.allclose(changed, softmax(logits(50) / temperature), atol=1e-5)


@pytest.mark.parametrize("overconfidence", [0.6, 1.0, 1.8])
def test_the_temperature_undoes_too_much_or_too_little_confidence(overconfidence):
    honest = softmax(logits())
    draw = np.random.default_rng(1).random(len(honest))
    targets = (draw[:, None] > np.cumsum(honest, axis=1)[:, :2]).sum(axis=1)
    fitted = fit_temperature(softmax(logits() * overconfidence), targets, np.ones(len(targets)))
    assert fitted == pytest.approx(overconfidence, rel=0.12)


def test_weights_decide_which_clips_count():
    probabilities = np.array([[0.9, 0.1], [0.9, 0.1]], dtype=np.float32)
    targets = np.array([0, 1])
    assert fit_temperature(probabilities, targets, np.array([1.0, 0.0])) == pytest.approx(LOWEST)
    assert fit_temperature(probabilities, targets, np.array([0.0, 1.0])) == pytest.approx(HIGHEST)


def test_impossible_labels_keep_the_fit_finite():
    probabilities = np.array([[1.0, 0.0]], dtype=np.float32)
    assert fit_temperature(probabilities, np.array([1]), np.ones(1)) == pytest.approx(HIGHEST)

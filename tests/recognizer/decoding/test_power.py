import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from recognizer.decoding.power import powers


@given(seed=st.integers(0, 999), steps=st.integers(0, 20), step=st.integers(1, 400))
def test_it_is_the_variance_to_the_last_bit_and_the_samples_stay(seed, steps, step):
    rng = np.random.default_rng(seed)
    samples = rng.normal(rng.uniform(-1, 1), 0.1, steps * step + step - 1).astype(np.float32)
    before = samples.copy()
    shaped = samples[: steps * step].reshape(steps, step).astype(np.float64)
    assert powers(samples, step).tolist() == np.var(shaped, axis=1).tolist()
    assert np.array_equal(samples, before)

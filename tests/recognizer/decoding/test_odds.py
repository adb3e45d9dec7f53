import pytest
from hypothesis import given
from hypothesis import strategies as st

from recognizer.decoding.odds import logit, probability


@given(st.floats(0.001, 0.999))
def test_logits_are_probabilities_in_another_form(share):
    assert probability(logit(share)) == pytest.approx(share)


@given(st.floats(0, 1), st.floats(0, 1))
def test_more_is_never_less(one, other):
    low, high = sorted((one, other))
    assert logit(low) <= logit(high)


@pytest.mark.parametrize(("evidence", "expected"), [(0.0, 0.5), (1e4, 1.0), (-1e4, 0.0)])
def test_any_evidence_is_a_probability(evidence, expected):
    assert probability(evidence) == expected

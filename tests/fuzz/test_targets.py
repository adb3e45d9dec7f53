"""Damaged and made-up input to every parser; atheris goes on where this ends."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recognizer.model_file import load_model
from tests.fuzz.seeds import model_without_weights, seeds, tone_weights
from tests.fuzz.targets import TARGETS

edits = st.tuples(st.floats(0, 1), st.integers(0, 8), st.binary(max_size=8))


@st.composite
def damaged(draw, contents):
    """Draw one of the contents with some bytes replaced, left out or put in, and maybe cut."""
    content = draw(st.sampled_from(contents))
    for place, left_out, put_in in draw(st.lists(edits, max_size=5)):
        at = round(place * len(content))
        content = content[:at] + put_in + content[at + left_out :]
    return content[: round(draw(st.just(1.0) | st.floats(0, 1)) * len(content))]


@pytest.mark.parametrize("target", TARGETS)
def test_good_input_passes(target):
    for seed in seeds()[target]:
        TARGETS[target](seed)


def test_the_model_that_is_damaged_is_a_good_one(tmp_path):
    path = tmp_path / "model.onnx"
    path.write_bytes(model_without_weights() + tone_weights())
    assert load_model(path).metadata.keywords == ("low", "high")


@settings(max_examples=200)
@pytest.mark.parametrize("target", TARGETS)
@given(data=st.data())
def test_damaged_input_is_used_or_refused_in_one_line(target, data):
    TARGETS[target](data.draw(damaged(seeds()[target])))


@pytest.mark.parametrize("target", TARGETS)
@given(data=st.binary(max_size=200))
def test_made_up_input_is_used_or_refused_in_one_line(target, data):
    TARGETS[target](data)

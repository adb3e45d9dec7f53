import math
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from recognizer.metadata import OTHER
from training.mixture import FRAGMENTS, SPLICES, Mixture, sort_into_cells
from training.recordings.clip import Clip, Kind, Split

LABELS = ("one", "two", OTHER)


def clip(label: str, source: str, kind: Kind = Kind.WORD) -> Clip:
    return Clip(Path(f"{source}/{label}"), label, source, "s", Split.TRAINING, kind)


# "laptops" has no "two"; "studio" has both; "radio" and "rain" have no keyword.
CLIPS = [
    clip("one", "laptops"),
    clip(OTHER, "laptops"),
    clip("one", "studio"),
    clip("two", "studio"),
    clip(OTHER, "radio", Kind.SPEECH),
    clip(OTHER, "rain", Kind.NOISE),
]


def cells(**changes):
    return sort_into_cells(CLIPS, LABELS, Mixture(cell_weights={}, **changes))


@given(share=st.floats(0.05, 0.95))
def test_label_shares_sum_to_one_and_keywords_share_what_other_leaves(share):
    shares = cells(other_share=share).label_shares()
    assert sum(shares.values()) == pytest.approx(1)
    assert shares["one"] == shares["two"]
    assert shares[OTHER] == share


def test_cells_of_a_label_are_its_sources_with_what_is_made_of_keywords_for_other():
    shares = cells().cell_shares(OTHER)
    assert set(shares) == {"laptops words", "radio speech", "rain", FRAGMENTS, SPLICES}
    assert sum(shares.values()) == pytest.approx(1)


def test_weights_decide_between_the_cells_of_a_label():
    mixture = Mixture(cell_weights={"laptops": 3.0})
    shares = sort_into_cells(CLIPS, LABELS, mixture).cell_shares("one")
    assert shares == {"laptops": pytest.approx(0.75), "studio": pytest.approx(0.25)}


def test_a_label_that_a_source_lacks_is_made_less_likely_there_and_others_more():
    laptops = cells().adjustments()["laptops"]
    one, two, other = laptops
    assert two == pytest.approx(math.log(0.1))
    assert one > 0
    assert other > two


def test_sources_without_keywords_are_left_as_they_are():
    assert set(cells().adjustments()) == {"laptops", "studio"}


def test_without_adjustment_every_source_counts_alike():
    for row in cells(adjustment=0.0).adjustments().values():
        assert np.allclose(row, 0)


@given(adjustment=st.floats(0, 1), share=st.floats(0.05, 0.95))
def test_adjustments_are_finite_whatever_the_mixture(adjustment, share):
    for row in cells(adjustment=adjustment, other_share=share).adjustments().values():
        assert row.dtype == np.float32
        assert np.isfinite(row).all()


def test_adjustments_average_out_over_the_sources():
    # Each source's share of a label, over all sources with keywords, is the label's share there.
    everything = cells(adjustment=1.0)
    shares, joint = everything.label_shares(), everything.adjustments()
    studio = np.exp(joint["studio"]) * [shares[label] for label in LABELS]
    assert studio.sum() == pytest.approx(1, rel=1e-3)

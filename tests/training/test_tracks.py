import torch
from hypothesis import given
from hypothesis import strategies as st

from training.canvases import CANVAS
from training.tracks import (
    CANVAS_STEPS,
    STEP,
    UNDECIDED,
    WINDOW_STEPS,
    Spoken,
    at_frames,
    cut_tracks,
    draw_track,
)

OTHER = 9
places = st.integers(-CANVAS, 2 * CANVAS)


def test_a_keyword_is_called_by_its_label_on_its_last_part():
    track = draw_track([Spoken(3, 4_000, 12_000)], OTHER)
    assert (track[:45] == OTHER).all()
    assert (track[45:75] == 3).all()
    assert (track[75:] == OTHER).all()


def test_an_undecided_word_is_so_from_its_start():
    track = draw_track([Spoken(UNDECIDED, 4_000, 12_000)], OTHER)
    assert (track[25:75] == UNDECIDED).all()
    assert (track == OTHER).sum() == CANVAS_STEPS - 50


@given(st.lists(st.tuples(st.integers(0, 8), places, st.integers(0, CANVAS)), max_size=5))
def test_words_may_lie_beyond_the_canvas(words):
    spoken = [Spoken(label, start, start + length) for label, start, length in words]
    track = draw_track(spoken, OTHER)
    assert track.shape == (CANVAS_STEPS,)
    assert set(track.tolist()) <= {OTHER, *(label for label, *_ in words)}


@given(shift=st.integers(-1_600, 1_600), speed=st.floats(0.8, 1.25))
def test_a_window_has_the_track_of_what_it_was_cut_from(shift, speed):
    # A word from 0.5 s before the middle of the canvas to the middle.
    track = torch.from_numpy(draw_track([Spoken(3, CANVAS / 2 - 8_000, CANVAS / 2)], OTHER))
    middle = 8_000.0 + shift
    cut = cut_tracks(track.unsqueeze(0), torch.tensor([middle]), torch.tensor([speed]), OTHER)[0]
    said = torch.nonzero(cut == 3).flatten()
    assert cut.shape == (WINDOW_STEPS,)
    assert abs((said[-1] + 1) * STEP - middle) <= STEP
    assert abs(len(said) * STEP - 0.6 * 8_000 / speed) <= 2 * STEP


def test_beyond_the_canvas_nothing_is_said():
    track = torch.full((1, CANVAS_STEPS), 3)
    cut = cut_tracks(track, torch.tensor([0.0]), torch.tensor([2.0]), OTHER)[0]
    assert cut[0] == 3
    assert cut[-1] == OTHER


def test_frames_lie_at_equal_steps_from_start_to_end():
    tracks = torch.arange(WINDOW_STEPS).unsqueeze(0)
    assert at_frames(tracks, 3)[0].tolist() == [0, 50, 99]
    assert at_frames(tracks, WINDOW_STEPS)[0].tolist() == list(range(WINDOW_STEPS))

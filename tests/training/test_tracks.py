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
    Tracks,
    at_frames,
    cut_tracks,
    draw_track,
    shift,
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


@given(
    words=st.lists(st.tuples(st.integers(0, 8), places, st.integers(1, CANVAS)), max_size=5),
    origin=places,
    bounds=st.tuples(places, places).map(sorted),
)
def test_what_is_said_between_bounds_stays_where_it_is(words, origin, bounds):
    spoken = [Spoken(label, start, start + length) for label, start, length in words]
    first, last = bounds
    assert shift(shift(spoken, origin), -origin) == tuple(spoken)
    kept = shift(spoken, origin, first, last)
    assert all(first <= item.start + origin <= item.end + origin <= last for item in kept)
    for place in {first, (first + last) // 2, last - 1} & set(range(first, last)):
        before = [item.label for item in spoken if item.start <= place < item.end]
        after = [item.label for item in kept if item.start <= place - origin < item.end]
        assert before == after


def test_all_tracks_change_alike():
    tracks = Tracks(torch.tensor([[1, 2]]), torch.tensor([[3, 4]]))
    turned = tracks.each(lambda track: track.flip(1))
    assert (turned.labels.tolist(), turned.phones.tolist()) == ([[2, 1]], [[4, 3]])


def test_beyond_the_canvas_nothing_is_said():
    track = torch.full((1, CANVAS_STEPS), 3)
    cut = cut_tracks(track, torch.tensor([0.0]), torch.tensor([2.0]), OTHER)[0]
    assert cut[0] == 3
    assert cut[-1] == OTHER


def test_frames_lie_at_equal_steps_from_start_to_end():
    tracks = torch.arange(WINDOW_STEPS).unsqueeze(0)
    assert at_frames(tracks, 3)[0].tolist() == [0, 50, 99]
    assert at_frames(tracks, WINDOW_STEPS)[0].tolist() == list(range(WINDOW_STEPS))

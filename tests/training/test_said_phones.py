from itertools import pairwise
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from training.canvases import CANVAS
from training.recordings.alignment import PHONES, Aligned
from training.said_phones import SILENCE, SaidPhones, draw_phones
from training.tracks import CANVAS_STEPS, UNDECIDED, Spoken

TWO = Path("two.wav")
T, UW = PHONES.index("T"), PHONES.index("UW")
PHONES_OF = SaidPhones({TWO: (Aligned("T", 0.1, 0.2), Aligned("UW", 0.2, 0.45))})


def test_phones_are_known_by_number_and_sample():
    assert PHONES_OF.of(TWO) == (Spoken(T, 1_600, 3_200), Spoken(UW, 3_200, 7_200))


def test_phones_may_be_counted_from_elsewhere_and_cut():
    found = PHONES_OF.of(TWO, origin=1_000, first=2_000, last=4_000)
    assert found == (Spoken(T, 1_000, 2_200), Spoken(UW, 2_200, 3_000))
    assert PHONES_OF.of(TWO, first=3_200) == (Spoken(UW, 3_200, 7_200),)
    assert PHONES_OF.of(TWO, first=7_200) == ()


def test_of_other_recordings_no_phone_is_known():
    assert PHONES_OF.of(Path("three.wav")) is None
    assert (draw_phones(None) == UNDECIDED).all()


def test_between_phones_is_silence():
    track = draw_phones([Spoken(T, 1_600, 3_200), Spoken(UNDECIDED, 8_000, 16_000)])
    assert (track[:10] == SILENCE).all()
    assert (track[10:20] == T).all(), "from its first sample on, unlike a word"
    assert (track[20:50] == SILENCE).all()
    assert (track[50:100] == UNDECIDED).all()
    assert (track[100:] == SILENCE).all()


@given(
    origin=st.integers(-CANVAS, CANVAS),
    times=st.lists(st.integers(0, 300), min_size=2, max_size=8, unique=True).map(sorted),
)
def test_every_step_of_a_track_has_the_phone_that_is_said_there(origin, times):
    spans = enumerate(pairwise(times))
    phones = [Aligned(PHONES[n], start / 100, end / 100) for n, (start, end) in spans]
    track = draw_phones(SaidPhones({TWO: tuple(phones)}).of(TWO, 160 * origin))
    assert track.shape == (CANVAS_STEPS,)
    for step, entry in enumerate(track):
        said = [n for n, p in enumerate(phones) if p.start <= (step + origin) / 100 + 0.005 < p.end]
        assert [entry] == (said or [SILENCE])

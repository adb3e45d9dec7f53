import pickle
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from recognizer.metadata import OTHER
from tests.synthetic_recordings import PITCHES, burst, hiss, spoken
from training.canvases import CANVAS, fixed_window
from training.examples import BatchDataset, ExampleDrawer, Material
from training.mixture import FRAGMENTS, SPLICES, Mixture
from training.recordings.alignment import PHONES, Aligned
from training.recordings.audio_store import AudioStore
from training.recordings.clip import Clip, Kind, Split
from training.said_phones import SILENCE
from training.tracks import UNDECIDED

LABELS = ("one", "two", OTHER)


def as_int16(samples: np.ndarray) -> np.ndarray:
    return np.round(samples * 32767).astype(np.int16)


def clip(name: str, label: str, source: str, kind: Kind, *times: float) -> Clip:
    return Clip(Path(name), label, source, "s", Split.TRAINING, kind, *times)


# "one" has three times as many clips as "two", and "speech_commands" far more than "fsdd".
RECORDINGS = {
    **{
        clip(f"sc/one/{n}", "one", "speech_commands", Kind.WORD): spoken("one", n)
        for n in range(12)
    },
    clip("fsdd/one", "one", "fsdd", Kind.WORD): burst("one"),
    clip("fsdd/two", "two", "fsdd", Kind.WORD): burst("two"),
    clip("talks/two", "two", "talks", Kind.SEGMENT, 0.5, 0.9): np.concatenate(
        [burst("zero", 0.5), burst("two", 0.4), burst("three", 0.5)]
    ),
    clip("sc/happy", OTHER, "speech_commands", Kind.WORD): spoken("happy", 1),
    clip("talks/speech", OTHER, "talks", Kind.SPEECH): np.concatenate(
        [burst("yes", 0.6), burst("no", 0.7)]
    ),
    clip("noise/rain", OTHER, "noise", Kind.NOISE): hiss(2.0),
}
CLIPS = tuple(RECORDINGS)
AUDIO = AudioStore({c.path: as_int16(samples) for c, samples in RECORDINGS.items()}, ())


def drawer(labels=LABELS, mixture=None, clips=CLIPS) -> ExampleDrawer:
    return ExampleDrawer(Material(clips, (), AUDIO), labels, mixture or Mixture())


def pitch(canvas: torch.Tensor) -> str:
    """Return the word whose tone is strongest."""
    power = torch.fft.rfft(canvas).abs()
    return min(PITCHES, key=lambda word: abs(PITCHES[word] - power.argmax() * 16_000 / CANVAS))


@given(seed=st.integers(0, 2**32 - 1), step=st.integers(0, 10**6), size=st.integers(1, 12))
@settings(max_examples=25, deadline=None)
def test_batches_are_finite_within_the_labels_and_the_same_for_a_seed_and_step(seed, step, size):
    first = BatchDataset(drawer(), size, seed)[step]
    again = BatchDataset(drawer(), size, seed)[step]
    assert first.canvases.shape == (size, CANVAS)
    assert first.noise.shape == (size, 16_000)
    assert first.canvases.isfinite().all()
    assert first.canvases.abs().max() <= 1
    assert first.targets.min() >= 0
    assert first.targets.max() < len(LABELS)
    assert (first.slack >= 800).all()
    for part in ("canvases", "slack", "targets", "noise"):
        assert torch.equal(getattr(first, part), getattr(again, part))
    assert torch.equal(first.tracks.labels, again.tracks.labels)
    assert torch.equal(first.tracks.phones, again.tracks.phones)


def test_other_seeds_and_steps_give_other_batches():
    first = BatchDataset(drawer(), 8, 1)[5].canvases
    assert not torch.equal(first, BatchDataset(drawer(), 8, 2)[5].canvases)
    assert not torch.equal(first, BatchDataset(drawer(), 8, 1)[6].canvases)


def test_keywords_are_balanced_and_other_has_its_share():
    targets = drawer(mixture=Mixture(other_share=0.4)).draw_batch(1_500, rng()).targets
    shares = torch.bincount(targets, minlength=3) / 1_500
    assert torch.allclose(shares, torch.tensor([0.3, 0.3, 0.4]), atol=0.04)


def test_sources_of_a_label_are_drawn_by_their_weights_not_by_their_clips():
    mixture = Mixture(0.0, {"speech_commands": 2.0}, context_share=1.0)
    words = [c for c in CLIPS if c.label == "one"]
    batch = drawer(("one", OTHER), mixture, words).draw_batch(1_500, rng())
    # Before the word Speech Commands has noise and FSDD, cut close, nothing.
    from_fsdd = ~batch.canvases[:, 6_000:6_100].any(dim=1)
    assert abs(from_fsdd.float().mean() - 1 / 3) < 0.06


def rng() -> np.random.Generator:
    return np.random.default_rng(0)


@pytest.mark.parametrize("word", ["one", "two"])
def test_keywords_lie_in_the_middle_of_their_canvas(word):
    batch = drawer(mixture=Mixture(other_share=0.0)).draw_batch(60, rng())
    for canvas in batch.canvases[batch.targets == LABELS.index(word)]:
        assert pitch(canvas[8_000:16_000].repeat(3)) == word


def test_segments_hold_nothing_of_their_neighbours():
    segment = [c for c in CLIPS if c.kind is Kind.SEGMENT]
    in_context = Mixture(other_share=0.0, context_share=1.0)
    batch = drawer(("two", OTHER), in_context, segment).draw_batch(20, rng())
    # At most 80 ms of what surrounds a word are left, faded, on either side.
    assert not batch.canvases[:, : 12_000 - 3_200 - 1_300].any()
    assert not batch.canvases[:, 12_000 + 3_200 + 1_300 :].any()


AH, T = PHONES.index("AH"), PHONES.index("T")


def phone_tracks(clips, alignments, mixture, labels=LABELS) -> torch.Tensor:
    material = Material(clips, (), AUDIO, alignments)
    return ExampleDrawer(material, labels, mixture).draw_batch(60, rng()).tracks.phones


def test_phones_lie_where_they_are_said_and_silence_around_them():
    words = [c for c in CLIPS if c.source == "fsdd"]
    alignments = {c.path: (Aligned("AH", 0.0, 0.4),) for c in words}
    for share in (0.0, 1.0):
        mixture = Mixture(other_share=0.0, context_share=share)
        for track in phone_tracks(words, alignments, mixture):
            assert set(track.tolist()) == {AH, SILENCE}
            said = torch.nonzero(track == AH).flatten()
            assert len(said) in (40, 41)
            assert abs(said.float().mean() - 75) < 5


def test_around_a_word_cut_out_alone_no_phone_is_said():
    segment = [c for c in CLIPS if c.kind is Kind.SEGMENT]
    said = (Aligned("AH", 0.0, 0.5), Aligned("T", 0.5, 0.9), Aligned("AH", 0.9, 1.4))
    alignments, keywords = {segment[0].path: said}, Mixture(other_share=0.0)
    for track in phone_tracks(segment, alignments, keywords, ("two", OTHER)):
        assert torch.equal(torch.nonzero(track == T).flatten().diff(), torch.ones(39))
        # At most 80 ms of what surrounds a word are left on either side.
        assert (track == AH).sum() <= 17
        assert (track[:45] == SILENCE).all()
        assert (track[105:] == SILENCE).all()


def test_phones_of_words_that_were_not_aligned_are_not_known():
    assert (phone_tracks(CLIPS, {}, Mixture()) == UNDECIDED).all()


def test_phones_of_what_is_made_of_words_or_no_word_are_not_known():
    alignments = {c.path: (Aligned("AH", 0.1, 0.3),) for c in CLIPS}
    weights = {"speech_commands words": 0.0}
    tracks = phone_tracks(CLIPS, alignments, Mixture(other_share=1.0, cell_weights=weights))
    assert (tracks == UNDECIDED).all()


def test_fragments_of_keywords_are_labelled_other_and_short():
    words = [c for c in CLIPS if c.label != OTHER]
    mixture = Mixture(other_share=1.0, cell_weights={SPLICES: 0.0})
    batch = drawer(LABELS, mixture, words).draw_batch(200, rng())
    assert set(batch.targets.tolist()) == {LABELS.index(OTHER)}
    sounding = (batch.canvases != 0).sum(dim=1)
    assert sounding.max() <= 0.46 * 0.62 * 16_000
    assert {pitch(canvas) for canvas in batch.canvases[:50]} == {"one", "two"}


def test_other_comes_from_words_speech_noise_and_fragments():
    batch = drawer(mixture=Mixture(other_share=1.0)).draw_batch(200, rng())
    heard = Counter(pitch(canvas) for canvas in batch.canvases)
    assert {"happy", "yes", "no", "one", "two"} <= set(heard)


def test_noise_is_recorded_noise_where_there_is_some_and_made_elsewhere():
    silent = Mixture(speech_share=0.0, tone_share=0.0)
    recorded = drawer(mixture=silent).draw_batch(8, rng()).noise
    assert recorded.std().item() == pytest.approx(0.05, rel=0.1)
    without = [c for c in CLIPS if c.kind is not Kind.NOISE]
    made = drawer(mixture=silent, clips=without).draw_batch(8, rng()).noise
    assert made.std().item() == pytest.approx(1.0, rel=0.1)


def test_some_of_the_noise_is_other_peoples_speech():
    noise = drawer(mixture=Mixture(speech_share=1.0, tone_share=0.0)).draw_batch(8, rng()).noise
    assert {pitch(row) for row in torch.nn.functional.pad(noise, (0, 8_000))} <= {"yes", "no"}


def test_some_of_the_noise_is_room_tone_of_words():
    noise = drawer(mixture=Mixture(tone_share=1.0)).draw_batch(8, rng()).noise
    # The pauses of the words of Speech Commands; the others are cut close.
    assert noise.std().item() == pytest.approx(2e-3, rel=0.1)


def test_examples_know_what_their_source_lacks():
    batch = drawer().draw_batch(200, rng())
    two, other = LABELS.index("two"), LABELS.index(OTHER)
    lacking = batch.adjustments[:, two] < -1
    assert (batch.targets[lacking] != two).all(), "speech_commands has no two"
    assert lacking.any()
    assert (batch.adjustments[batch.targets == other] != 0).any()


def joined_words(whole_share: float, track: int) -> torch.Tensor:
    weights = {FRAGMENTS: 0.0, "speech_commands words": 0.0, "talks speech": 0.0, "noise": 0.0}
    mixture = Mixture(other_share=1.0, cell_weights=weights, whole_share=whole_share)
    batch = drawer(mixture=mixture).draw_batch(100, rng())
    assert set(batch.targets.tolist()) == {LABELS.index(OTHER)}
    assert (batch.tracks.labels == track).all()
    return batch.canvases


def strength(canvases: torch.Tensor, word: str) -> torch.Tensor:
    """Return how strong the tone of a word is in each canvas, as a share of the strongest."""
    power = torch.fft.rfft(canvases).abs()
    place = round(PITCHES[word] * CANVAS / 16_000)
    return power[:, place - 30 : place + 30].amax(dim=1) / power.amax(dim=1)


def test_halves_of_two_keywords_are_joined_and_no_keyword():
    canvases = joined_words(0.0, track=LABELS.index(OTHER))
    both = (strength(canvases, "one") > 0.2) & (strength(canvases, "two") > 0.2)
    assert 0.3 < both.float().mean() < 0.7, "half of the pairs have two different words"


def test_keywords_are_extended_by_pieces_of_speech_and_no_keyword():
    canvases = joined_words(1.0, track=UNDECIDED)
    keyword = torch.maximum(strength(canvases, "one"), strength(canvases, "two"))
    speech = torch.maximum(strength(canvases, "yes"), strength(canvases, "no"))
    assert ((keyword > 0.1) & (speech > 0.1)).float().mean() > 0.9


def test_clips_whose_recording_was_skipped_are_left_out():
    skipped = clip("gone", "two", "gone", Kind.WORD)
    batch = drawer(clips=[*CLIPS, skipped]).draw_batch(50, rng())
    assert batch.canvases.isfinite().all()


def test_a_drawer_can_go_to_another_process():
    copy = pickle.loads(pickle.dumps(drawer()))
    assert torch.equal(copy.draw_batch(4, rng()).canvases, drawer().draw_batch(4, rng()).canvases)


def test_a_recorded_word_is_judged_as_it_is():
    samples = as_int16(spoken("one", 0))
    window = fixed_window(CLIPS[0], samples)
    assert window.dtype == np.float32
    assert np.allclose(window, samples / 32768)


@given(length=st.integers(1, 60_000))
@settings(max_examples=30, deadline=None)
def test_longer_recordings_are_judged_by_their_middle_and_shorter_ones_in_silence(length):
    samples = np.arange(1, length + 1, dtype=np.int64) % 30_000 + 1
    window = fixed_window(CLIPS[0], samples.astype(np.int16)) * 32768
    assert window.shape == (16_000,)
    assert np.count_nonzero(window) == min(length, 16_000)
    middle = samples[max(length // 2 - 1, 0) : length // 2 + 2]
    assert round(float(window[8_000])) in middle


def test_a_segment_is_judged_without_its_neighbours():
    segment = next(c for c in CLIPS if c.kind is Kind.SEGMENT)
    window = torch.from_numpy(fixed_window(segment, AUDIO.samples[segment.path]))
    assert not window[:4_400].any()
    assert not window[11_600:].any()
    assert pitch(window[6_000:10_000].repeat(6)) == "two"

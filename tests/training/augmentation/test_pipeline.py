import dataclasses

import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from training.augmentation.draws import Draws
from training.augmentation.pipeline import AugmentationSettings, augment, change_speaker
from training.canvases import CANVAS
from training.examples import Batch
from training.tracks import STEP, UNDECIDED, Spoken, Tracks, draw_track

CPU = torch.device("cpu")
OTHER = 2


def batch(count: int, level: float = 0.1) -> Batch:
    generator = torch.Generator().manual_seed(count)
    track = torch.from_numpy(draw_track([Spoken(0, 8_000, 16_000)], OTHER)).repeat(count, 1)
    return Batch(
        level * torch.randn(count, CANVAS, generator=generator),
        torch.full((count,), 4_000.0),
        Tracks(track, track),
        torch.zeros(count, dtype=torch.long),
        level * torch.randn(count, 16_000, generator=generator),
        torch.zeros(count, 3),
        OTHER,
    )


@given(count=st.integers(1, 20), seed=st.integers(0, 2**40), level=st.sampled_from([0.0, 1e-6, 1]))
@settings(max_examples=15, deadline=None)
def test_windows_are_finite_seconds_within_the_loudest_level(count, seed, level):
    augmented = augment(batch(count, level), AugmentationSettings(), Draws(seed, CPU))
    windows = augmented.waveforms
    assert windows.shape == (count, 16_000)
    assert windows.isfinite().all()
    assert windows.abs().max() <= 1.0


def test_a_seed_gives_the_same_sound_again_and_another_seed_another():
    chosen = AugmentationSettings()
    first, again, other = (augment(batch(8), chosen, Draws(seed, CPU)) for seed in (1, 1, 2))
    assert torch.equal(first.waveforms, again.waveforms)
    assert torch.equal(first.tracks.labels, again.tracks.labels)
    assert not torch.equal(first.waveforms, other.waveforms)


def test_the_track_of_a_word_follows_it_through_speed_and_shift():
    canvases = torch.zeros(16, CANVAS)
    canvases[:, 8_000:16_000] = torch.sin(torch.arange(8_000) * 0.5)
    plain = AugmentationSettings(
        room_share=0, band_share=0, tilt_db=0, colour_db=0, noise_share=0, overload_share=0
    )
    words = dataclasses.replace(batch(16), canvases=canvases)
    augmented = augment(words, plain, Draws(3, CPU))
    starts = set()
    for waveform, track in zip(augmented.waveforms, augmented.tracks.labels, strict=True):
        said = torch.nonzero(track == 0).flatten()
        sounding = torch.nonzero(waveform.abs() > 0.5 * waveform.abs().max()).flatten() / STEP
        length = sounding[-1] - sounding[0]
        assert abs(said[-1] - sounding[-1]) <= 2
        assert abs(said[0] - (sounding[0] + 0.4 * length)) <= 2
        starts.add(int(said[0]))
    assert len(starts) > 8


@given(seed=st.integers(0, 2**40))
@settings(max_examples=15, deadline=None)
def test_phones_move_as_labels_do(seed):
    draws = Draws(seed, CPU)
    augmented = augment(batch(16), AugmentationSettings(), draws)
    features = torch.zeros(16, 40, 101)
    _, tracks = change_speaker(features, augmented.tracks, AugmentationSettings(), draws)
    for labels, phones in (augmented.tracks, tracks):
        # Beyond the canvas no phone is known, but no keyword is said.
        on_canvas = phones != UNDECIDED
        assert on_canvas.float().mean() > 0.9
        assert torch.equal(labels[on_canvas], phones[on_canvas])
        assert (labels[~on_canvas] == OTHER).all()


def test_settings_that_change_nothing_leave_the_middle_of_the_canvas():
    nothing = AugmentationSettings(
        slowest=1.0,
        fastest=1.0,
        room_share=0.0,
        band_share=0.0,
        tilt_db=0.0,
        colour_db=0.0,
        noise_share=0.0,
        quietest_dbfs=-1.0,
        loudest_dbfs=-1.0,
        overload_share=0.0,
        codec_share=0.0,
    )
    words = batch(4)
    still = dataclasses.replace(words, slack=torch.zeros(4))
    augmented = augment(still, nothing, Draws(0, CPU))
    windows = augmented.waveforms
    middle = words.canvases[:, 4_000:20_000]
    similarity = torch.nn.functional.cosine_similarity(windows, middle)
    assert similarity.min() > 0.99
    said = torch.nonzero(augmented.tracks.labels[0] == 0).flatten()
    assert (said[0], said[-1]) == (45, 74), "the last 60 % of 0.25 to 0.75 s"

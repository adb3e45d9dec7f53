import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from training.augmentation.draws import Draws
from training.augmentation.pipeline import AugmentationSettings, augment
from training.examples import CANVAS, Batch

CPU = torch.device("cpu")


def batch(count: int, level: float = 0.1) -> Batch:
    generator = torch.Generator().manual_seed(count)
    return Batch(
        level * torch.randn(count, CANVAS, generator=generator),
        torch.full((count,), 4_000.0),
        torch.zeros(count, dtype=torch.long),
        level * torch.randn(count, 16_000, generator=generator),
    )


@given(count=st.integers(1, 20), seed=st.integers(0, 2**40), level=st.sampled_from([0.0, 1e-6, 1]))
@settings(max_examples=15, deadline=None)
def test_windows_are_finite_seconds_within_the_loudest_level(count, seed, level):
    windows = augment(batch(count, level), AugmentationSettings(), Draws(seed, CPU))
    assert windows.shape == (count, 16_000)
    assert windows.isfinite().all()
    assert windows.abs().max() <= 1.0


def test_a_seed_gives_the_same_sound_again_and_another_seed_another():
    chosen = AugmentationSettings()
    first = augment(batch(8), chosen, Draws(1, CPU))
    assert torch.equal(first, augment(batch(8), chosen, Draws(1, CPU)))
    assert not torch.equal(first, augment(batch(8), chosen, Draws(2, CPU)))


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
    still = Batch(words.canvases, torch.zeros(4), words.targets, words.noise)
    windows = augment(still, nothing, Draws(0, CPU))
    middle = words.canvases[:, 4_000:20_000]
    similarity = torch.nn.functional.cosine_similarity(windows, middle)
    assert similarity.min() > 0.99

import math

import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from training.augmentation.disturbance import add_noise, change_level, mu_law, overload
from training.augmentation.draws import Draws

CPU = torch.device("cpu")
SECOND = torch.arange(16_000) / 16_000


def tones(count: int, level: float = 0.5) -> torch.Tensor:
    return level * torch.sin(2 * math.pi * 440 * SECOND).repeat(count, 1)


def decibels(windows: torch.Tensor) -> torch.Tensor:
    return 10 * windows.square().mean(dim=1).log10()


@given(snr=st.floats(-5, 25), noise_level=st.floats(0.001, 1), seed=st.integers(0, 1000))
@settings(max_examples=20, deadline=None)
def test_recorded_noise_is_added_at_the_drawn_ratio(snr, noise_level, seed):
    noise = noise_level * torch.tensor([1.0, -1.0]).repeat(8, 8_000)
    windows = tones(8)
    noisy = add_noise(windows, noise, Draws(seed, CPU), share=1.0, lowest_snr=snr, highest_snr=snr)
    # Projected on the noise, so that the bed of coloured noise hardly counts.
    added = (noisy - windows) @ (noise[0] / noise[0].norm())
    ratio = decibels(windows) - 20 * (added.abs() / 16_000**0.5).log10()
    assert torch.allclose(ratio, torch.tensor(snr), atol=0.5)


def test_the_ratio_is_drawn_between_its_limits():
    noise = torch.randn(64, 16_000)
    windows, draws = tones(64), Draws(0, CPU)
    noisy = add_noise(windows, noise, draws, share=1.0, lowest_snr=0, highest_snr=15)
    ratio = decibels(windows) - decibels(noisy - windows)
    assert ratio.min() > -1
    assert ratio.max() < 16
    assert ratio.max() - ratio.min() > 8


def test_without_recorded_noise_a_faint_bed_is_left_under_most_windows():
    windows = tones(200)
    draws = Draws(0, CPU)
    noisy = add_noise(windows, windows, draws, share=0.0, lowest_snr=0, highest_snr=0)
    with_bed = (noisy != windows).any(dim=1)
    assert 0.5 < with_bed.float().mean() <= 1.0
    ratio = (decibels(windows) - decibels(noisy - windows))[with_bed]
    assert ratio.min() > 19
    assert ratio.max() < 56


def test_noise_added_to_silence_is_finite_and_faint():
    silence = torch.zeros(8, 16_000)
    draws = Draws(0, CPU)
    noisy = add_noise(silence, silence, draws, share=1.0, lowest_snr=0, highest_snr=0)
    assert noisy.isfinite().all()
    assert noisy.abs().max() < 1e-3


@given(low=st.floats(-60, -10), span=st.floats(0, 9), seed=st.integers(0, 1000))
@settings(max_examples=20, deadline=None)
def test_the_peak_lies_between_the_levels(low, span, seed):
    peak = change_level(tones(16), Draws(seed, CPU), low, low + span).abs().amax(dim=1)
    peak_db = 20 * peak.log10()
    assert peak_db.min() >= low - 0.01
    assert peak_db.max() <= low + span + 0.01


def test_level_changes_nothing_but_the_scale():
    windows = tones(4)
    louder = change_level(windows, Draws(0, CPU), -1, -1)
    assert torch.allclose(louder / louder.amax(), windows / windows.amax(), atol=1e-6)


def test_overload_clips_the_chosen_share_only():
    windows = tones(400)
    clipped = overload(windows, Draws(0, CPU), 0.5)
    changed = (clipped != windows).any(dim=1)
    assert 0.4 < changed.float().mean() < 0.6
    below_db = -20 * (clipped[changed].abs().amax(dim=1) / 0.5).log10()
    assert below_db.min() > 2.9
    assert below_db.max() < 15.1
    # Flat tops: many samples lie exactly at the limit.
    peaks = clipped[changed].abs().amax(dim=1, keepdim=True)
    assert (clipped[changed].abs() == peaks).float().mean(dim=1).min() > 0.2


def test_mu_law_is_coarse_where_loud_and_fine_where_quiet():
    ramp = torch.linspace(-1, 1, 16_000).unsqueeze(0)
    coded = mu_law(ramp, Draws(0, CPU), 1.0)
    assert coded.unique().numel() == 255
    error = (coded - ramp).abs()
    assert error.max() < 0.03
    assert error[ramp.abs() < 0.01].max() < 5e-4
    assert torch.equal(mu_law(ramp, Draws(0, CPU), 0.0), ramp)

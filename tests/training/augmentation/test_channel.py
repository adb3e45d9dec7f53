import math

import torch

from training.augmentation.channel import in_room, through_channel
from training.augmentation.draws import Draws

CPU = torch.device("cpu")
FLAT = {"band_share": 0.0, "tilt_db": 0.0, "colour_db": 0.0}


def noise(count: int) -> torch.Tensor:
    return 0.1 * torch.randn(count, 16_000, generator=torch.Generator().manual_seed(0))


def band_db(windows: torch.Tensor, low: int, high: int) -> torch.Tensor:
    power = torch.fft.rfft(windows).abs().square()[:, low:high]
    return 10 * power.mean(dim=1).log10()


def test_a_flat_channel_changes_nothing():
    windows = noise(4)
    assert torch.allclose(through_channel(windows, Draws(0, CPU), **FLAT), windows, atol=1e-5)


def test_a_limited_band_loses_its_edges_and_keeps_its_middle():
    windows = noise(32)
    limited = through_channel(windows, Draws(1, CPU), **{**FLAT, "band_share": 1.0})
    loss = [band_db(windows, *band) - band_db(limited, *band) for band in EDGES_AND_MIDDLE]
    rumble, middle, hiss = loss
    assert rumble.mean() > 6
    assert hiss.mean() > 10
    assert middle.abs().max() < 0.5
    assert min(rumble.min(), hiss.min()) > -0.5


EDGES_AND_MIDDLE = ((20, 60), (800, 2_000), (7_000, 7_900))


def test_only_the_share_is_limited():
    windows = noise(200)
    limited = through_channel(windows, Draws(0, CPU), **{**FLAT, "band_share": 0.3})
    changed = (limited - windows).abs().amax(dim=1) > 1e-4
    assert 0.2 < changed.float().mean() < 0.4


def test_tilt_is_a_slope_within_its_limit():
    windows = noise(32)
    tilted = through_channel(windows, Draws(0, CPU), **{**FLAT, "tilt_db": 3.0})
    gain = [band_db(tilted, hz - 20, hz + 20) - band_db(windows, hz - 20, hz + 20) for hz in HERTZ]
    slope = (gain[2] - gain[0]) / 2
    assert slope.abs().max() < 3.2
    assert slope.min() < -1
    assert slope.max() > 1
    assert torch.allclose(gain[1] - gain[0], gain[2] - gain[1], atol=0.5)


HERTZ = (1_000, 2_000, 4_000)


def test_colour_has_about_the_given_spread():
    windows = noise(64)
    coloured = through_channel(windows, Draws(0, CPU), **{**FLAT, "colour_db": 3.0})
    gain = band_db(coloured, 980, 1_020) - band_db(windows, 980, 1_020)
    assert 1.2 < gain.std() < 4.5


def test_a_room_keeps_the_direct_path_and_adds_what_decays_behind_it():
    clicks = torch.zeros(16, 16_000)
    clicks[:, 1_000] = 1.0
    heard = in_room(clicks, Draws(0, CPU), 1.0)
    assert torch.allclose(heard[:, 1_000], torch.ones(16), atol=1e-4)
    assert heard[:, :1_000].abs().max() < 1e-4, "nothing is heard before the sound"
    assert heard[:, 1_001:1_032].abs().max() < 1e-4, "no reflections within 2 ms"
    early = heard[:, 1_032:3_000].square().sum(dim=1)
    late = heard[:, 7_000:9_000].square().sum(dim=1)
    assert early.min() > 0.01
    assert (late < early).all()


def test_a_room_does_not_wrap_around_the_window():
    late = torch.zeros(4, 16_000)
    late[:, -1] = 1.0
    assert in_room(late, Draws(0, CPU), 1.0)[:, :-1].abs().max() < 1e-4


def test_without_a_room_nothing_changes():
    windows = torch.sin(torch.arange(16_000) * 2 * math.pi / 40).repeat(3, 1)
    assert torch.allclose(in_room(windows, Draws(0, CPU), 0.0), windows, atol=1e-5)

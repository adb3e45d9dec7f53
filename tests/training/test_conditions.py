import math

import pytest
import torch

from training.conditions import (
    CLEAN,
    Surroundings,
    at_level,
    at_speed,
    clipped,
    conditions,
    in_noise,
    in_room,
    through_telephone,
)

RATE = 16_000


def noise(count: int = 3) -> torch.Tensor:
    return 0.2 * torch.randn(count, RATE, generator=torch.Generator().manual_seed(1))


def tone(hertz: float, level: float = 0.3, count: int = 2) -> torch.Tensor:
    time = torch.arange(RATE) / RATE
    return (level * torch.sin(2 * math.pi * hertz * time)).repeat(count, 1)


def power(windows: torch.Tensor) -> torch.Tensor:
    return windows.square().mean(dim=1)


def strongest_hertz(windows: torch.Tensor) -> int:
    return int(torch.fft.rfft(windows[0]).abs().argmax())


@pytest.mark.parametrize("name", conditions())
def test_every_condition_gives_finite_seconds_and_the_same_ones_again(name):
    condition = conditions()[name]
    windows = torch.cat([tone(440), torch.zeros(1, RATE)])
    heard = condition(windows, Surroundings(noise()))
    assert heard.shape == windows.shape
    assert heard.dtype == torch.float32
    assert heard.isfinite().all()
    assert torch.equal(heard, condition(windows, Surroundings(noise())))
    assert torch.equal(heard, windows) == (name == CLEAN)


@pytest.mark.parametrize("snr", [20, 10, 0])
def test_noise_has_the_ratio_it_is_named_after(snr):
    windows = tone(440)
    added = in_noise(windows, Surroundings(noise()), snr) - windows
    measured = 10 * torch.log10(power(windows) / power(added))
    assert torch.allclose(measured, torch.full((2,), float(snr)), atol=0.1)


@pytest.mark.parametrize(("hertz", "passes"), [(100, False), (1000, True), (5000, False)])
def test_a_telephone_passes_its_band_only(hertz, passes):
    kept = power(through_telephone(tone(hertz))) / power(tone(hertz))
    assert (kept.min() > 0.8) if passes else (kept.max() < 0.01)


@pytest.mark.parametrize("seconds", [0.3, 0.8])
def test_an_echo_decays_by_60_db_in_the_time_of_its_room(seconds):
    click = torch.zeros(1, RATE)
    click[0, 0] = 1.0
    heard = in_room(click, Surroundings(noise()), seconds)[0]
    assert heard[0] == pytest.approx(1.0, abs=1e-5)
    first, later = int(0.05 * RATE), int((0.05 + seconds / 2) * RATE)
    early, late = (heard[at : at + 800].square().mean() for at in (first, later))
    assert 10 * math.log10(early / late) == pytest.approx(30, abs=3)


def test_a_level_is_reached_in_steps_of_16_bits():
    quiet = at_level(tone(440), -45.0)
    assert 10 * math.log10(power(quiet)[0]) == pytest.approx(-45, abs=0.1)
    assert torch.equal(quiet * 32_768, (quiet * 32_768).round())


def test_clipping_cuts_off_at_a_quarter_of_the_peak():
    windows = tone(440)
    assert clipped(windows, 12.0).max() == pytest.approx(windows.max().item() / 4, rel=0.02)
    assert torch.equal(clipped(windows, 0.0), windows)


@pytest.mark.parametrize("speed", [0.8, 1.25])
def test_speed_changes_the_pitch_and_keeps_the_middle(speed):
    assert strongest_hertz(at_speed(tone(1000), speed)) == pytest.approx(1000 * speed, abs=3)
    click = torch.zeros(1, RATE)
    click[0, RATE // 2] = 1.0
    assert abs(int(at_speed(click, speed)[0].argmax()) - RATE // 2) <= 2

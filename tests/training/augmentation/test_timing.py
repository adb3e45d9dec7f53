import math

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from training.augmentation.draws import Draws
from training.augmentation.timing import change_speed, cut_window, slack_at_speed

CPU = torch.device("cpu")


def tones(count: int, hertz: float) -> torch.Tensor:
    time = torch.arange(24_000) / 16_000
    return torch.sin(2 * math.pi * hertz * time).repeat(count, 1)


@pytest.mark.parametrize("speed", [0.8, 1.0, 1.25])
def test_speed_scales_the_pitch_of_a_tone_and_keeps_its_level(speed):
    result, speeds = change_speed(tones(4, 1000.0), Draws(0, CPU), speed, speed)
    assert result.shape == (4, 19_200)
    assert torch.allclose(speeds, torch.tensor(speed), rtol=0.01)
    middle = result[:, 1_600:17_600]
    peak_hertz = torch.fft.rfft(middle).abs().argmax(dim=1)
    assert peak_hertz.tolist() == pytest.approx([1000 * speeds[0].item()] * 4, abs=1.0)
    assert middle.square().mean().item() == pytest.approx(0.5, rel=0.03)


@pytest.mark.parametrize("speed", [0.8, 1.25])
def test_what_is_in_the_middle_stays_in_the_middle(speed):
    canvas = torch.zeros(1, 24_000)
    canvas[0, 11_990:12_010] = 1.0
    result, _ = change_speed(canvas, Draws(0, CPU), speed, speed)
    assert abs(result[0].abs().argmax().item() - 9_600) < 30


def test_a_batch_has_several_speeds_within_the_limits():
    _, speeds = change_speed(tones(16, 500.0), Draws(3, CPU), 0.8, 1.25)
    assert speeds.unique().numel() > 4
    assert speeds.min() > 0.79
    assert speeds.max() < 1.27


@given(count=st.integers(1, 20))
@settings(max_examples=10, deadline=None)
def test_any_size_of_batch_keeps_its_rows(count):
    canvases = torch.arange(1.0, count + 1).view(-1, 1).expand(-1, 24_000)
    result, speeds = change_speed(canvases, Draws(0, CPU), 1.0, 1.0)
    assert torch.allclose(result[:, 9_600], canvases[:, 0], rtol=1e-4)
    assert len(speeds) == count


@given(slack=st.floats(0, 20_000), seed=st.integers(0, 10_000))
@settings(max_examples=50, deadline=None)
def test_the_shift_is_bounded_by_the_slack_and_the_canvas(slack, seed):
    canvases = torch.arange(19_200.0).expand(8, -1)
    windows, middles = cut_window(canvases, torch.full((8,), slack), Draws(seed, CPU))
    shift = windows[:, 0] - 1_600
    assert torch.equal(middles, 8_000 - shift)
    assert shift.abs().max() <= min(slack, 1_600) + 1
    assert torch.equal(windows[:, -1] - windows[:, 0], torch.full((8,), 15_999.0))


def test_without_slack_the_middle_is_cut_out():
    canvases = torch.arange(19_200.0).expand(1, -1)
    windows, _ = cut_window(canvases, torch.zeros(1), Draws(0, CPU))
    assert torch.equal(windows[0], torch.arange(1_600.0, 17_600.0))


def test_a_slowed_word_may_be_shifted_less_and_a_fast_one_more():
    slack = torch.tensor([4000.0, 4000.0, 4000.0, 1000.0])
    speeds = torch.tensor([1.0, 0.8, 1.25, 0.8])
    # A word of 8,000 samples, and one of 14,000 that gets too long.
    assert slack_at_speed(slack, speeds).tolist() == [4000.0, 3000.0, 4800.0, 0.0]

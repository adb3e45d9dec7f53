import math

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from training.features import BandMeanNormalization, Bels, EnergyCentring, LogMel, LogMelSettings
from training.torchaudio_import import import_torchaudio

SECOND = torch.arange(16_000, dtype=torch.float64) / 16_000


@pytest.fixture(scope="module")
def log_mel():
    return LogMel()


@pytest.fixture(scope="module")
def torchaudio_log_mel():
    return reference()


def reference():
    chosen = LogMelSettings()
    mel = import_torchaudio().transforms.MelSpectrogram(
        sample_rate=16_000,
        n_fft=chosen.n_fft,
        win_length=chosen.win_length,
        hop_length=chosen.hop_length,
        pad=chosen.pad,
        n_mels=chosen.n_mels,
        f_min=chosen.f_min,
        f_max=chosen.f_max,
        power=2.0,
        mel_scale="slaney",
        norm=None,
    )
    return lambda waveform: torch.log(mel(waveform) + chosen.floor)


def noise(seed: int, level: float, count: int = 1) -> torch.Tensor:
    return level * torch.randn(count, 16_000, generator=torch.Generator().manual_seed(seed))


@given(seed=st.integers(0, 2**31), level_db=st.floats(-100, 0))
@settings(max_examples=15, deadline=None)
def test_it_equals_torchaudio_on_noise_of_any_level(log_mel, torchaudio_log_mel, seed, level_db):
    waveform = noise(seed, 10 ** (level_db / 20)).clamp(-1, 1)
    assert torch.allclose(log_mel(waveform), torchaudio_log_mel(waveform), rtol=0, atol=1e-4)


@pytest.mark.parametrize(
    "waveform",
    [torch.zeros(1, 16_000), 2 * torch.rand(1, 16_000) - 1, noise(0, 0.5).sign()],
    ids=["silence", "full scale", "clipped"],
)
def test_it_equals_torchaudio_from_silence_to_full_scale(log_mel, torchaudio_log_mel, waveform):
    assert torch.allclose(log_mel(waveform), torchaudio_log_mel(waveform), rtol=0, atol=1e-4)


@pytest.mark.parametrize("hertz", [60.0, 440.0, 3999.0, 7500.0])
def test_it_equals_torchaudio_on_quiet_tones(log_mel, torchaudio_log_mel, hertz):
    tone = (0.01 * torch.sin(2 * math.pi * hertz * SECOND)).float().unsqueeze(0)
    assert torch.allclose(log_mel(tone), torchaudio_log_mel(tone), rtol=0, atol=1e-4)


@pytest.mark.parametrize("hertz", [60.0, 440.0, 3999.0, 7500.0])
def test_it_equals_torchaudio_on_full_scale_tones_in_double_precision(hertz):
    # In float32 both round bands that lie 110 dB below the tone, each in its own way.
    torch.set_default_dtype(torch.float64)
    try:
        tone = torch.sin(2 * math.pi * hertz * SECOND).unsqueeze(0)
        assert torch.allclose(LogMel()(tone), reference()(tone), rtol=0, atol=1e-4)
    finally:
        torch.set_default_dtype(torch.float32)


def test_a_second_gives_44_frames_of_128_bands(log_mel):
    assert log_mel(noise(0, 0.1, count=3)).shape == (3, 128, 44)


def test_silence_gives_the_floor(log_mel):
    features = log_mel(torch.zeros(1, 16_000))
    assert torch.allclose(features, torch.tensor(math.log(LogMelSettings().floor)))


def test_a_tone_is_loudest_in_the_band_that_holds_it(log_mel):
    tones = torch.stack([torch.sin(2 * math.pi * hz * SECOND) for hz in (200, 1000, 4000)]).float()
    loudest = log_mel(tones).mean(dim=2).argmax(dim=1).tolist()
    assert loudest == sorted(set(loudest))


@given(gain_db=st.floats(-10, 10), seed=st.integers(0, 1000))
@settings(max_examples=15, deadline=None)
def test_normalized_features_do_not_depend_on_gain_well_above_the_floor(log_mel, gain_db, seed):
    normalize = BandMeanNormalization()
    waveform = noise(seed, 0.2)
    features = normalize(log_mel(waveform))
    louder = normalize(log_mel(waveform * 10 ** (gain_db / 20)))
    assert torch.allclose(features, louder, atol=0.01)


@given(shift=st.floats(-2, 2), seed=st.integers(0, 1000))
@settings(max_examples=15, deadline=None)
def test_normalization_takes_out_what_is_constant_in_a_band(shift, seed):
    features = noise(seed, 0.5)[:, : 128 * 44].reshape(1, 128, 44)
    channel = shift * torch.linspace(-1, 1, 128).view(1, 128, 1)
    normalize = BandMeanNormalization()
    assert torch.allclose(normalize(features + channel), normalize(features), atol=1e-5)


def test_digital_silence_around_a_word_looks_like_a_quiet_room():
    word = torch.full((1, 128, 44), -14.0)
    word[:, :, 15:30] = 4.0
    room = torch.where(word < 0, torch.tensor(-9.0), word)
    normalize = BandMeanNormalization(reach=12.0)
    assert torch.equal(normalize(word), normalize(room))


def test_normalized_features_stay_within_the_limit_and_centred():
    normalize = BandMeanNormalization(scale=1.0, limit=3.0)
    features = normalize(torch.tensor([[[0.0, 1.0, 2.0]], [[0.0, 0.0, 11.0]]]))
    assert features[0].tolist() == [[-1.0, 0.0, 1.0]]
    assert features[1].tolist() == [[-3.0, -3.0, 3.0]]


@pytest.mark.parametrize("place", [14, 18, 28])
def test_centring_moves_what_sounds_to_the_middle(place):
    features = torch.zeros(1, 128, 44)
    features[:, :, place : place + 4] = 2.0
    centred = EnergyCentring()(features)
    weight = centred.mean(dim=(0, 1))
    middle = (weight * torch.arange(44)).sum() / weight.sum()
    assert middle == pytest.approx(21.5, abs=0.1)


def test_centring_shifts_by_its_reach_at_most():
    features = torch.zeros(1, 128, 44)
    features[:, :, 0] = 2.0
    centred = EnergyCentring(reach=12.0)(features)
    assert centred[0, 0].argmax() == 12


def test_centring_leaves_features_without_energy_as_they_are():
    features = torch.full((1, 128, 44), -0.5)
    assert torch.allclose(EnergyCentring()(features), features)


@given(bels=st.floats(-8, 0), zero=st.floats(-8, 0))
def test_bels_count_powers_of_ten_from_their_zero(bels, zero):
    log_power = torch.full((1, 2, 3), math.log(10) * bels)
    assert torch.allclose(Bels(zero)(log_power), torch.tensor(bels - zero), atol=1e-5)


def test_bands_of_the_same_area_are_lower_where_they_are_wider():
    flat, even = (LogMel(LogMelSettings(norm=norm)).filters for norm in (None, "slaney"))
    wide, narrow = even[-1].max() / flat[-1].max(), even[0].max() / flat[0].max()
    assert wide < narrow / 2

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from recognizer.errors import AudioError
from recognizer.samples import fit_to_length, loudest_stretch, to_mono

small_sounds = st.lists(st.integers(-8, 8), max_size=40).map(
    lambda values: np.array(values, np.float32) / 8
)
lengths = st.integers(1, 12)


@pytest.mark.parametrize(
    ("samples", "expected"),
    [
        (np.array([-32768, 0, 16384], np.int16), [-1.0, 0.0, 0.5]),
        (np.array([-(2**31), 0, 2**30], np.int32), [-1.0, 0.0, 0.5]),
        (np.array([0, 128, 192], np.uint8), [-1.0, 0.0, 0.5]),
        (np.array([-1.0, 0.0, 0.5]), [-1.0, 0.0, 0.5]),
        (np.array([-1.0, 0.0, 0.5], np.float16), [-1.0, 0.0, 0.5]),
        ([-1.0, 0.0, 0.5], [-1.0, 0.0, 0.5]),
    ],
)
def test_every_sample_type_becomes_float32_in_full_scale(samples, expected):
    mono = to_mono(samples)
    assert mono.dtype == np.float32
    assert mono.tolist() == expected


def test_channels_are_averaged():
    assert to_mono(np.array([[1.0, 0.0], [-0.5, 0.5]])).tolist() == [0.5, 0.0]


def test_loud_integer_channels_do_not_overflow():
    assert to_mono(np.full((3, 8), 32767, np.int16)) == pytest.approx([32767 / 32768] * 3)


@pytest.mark.parametrize("sample_rate", [8_000, 11_025, 22_050, 44_100, 96_000])
def test_other_rates_keep_the_length_and_the_tone(tone, sample_rate):
    resampled = to_mono(tone("low", 0.5, sample_rate), sample_rate)
    assert len(resampled) == pytest.approx(8000, abs=2)
    middle = slice(1000, 7000)
    np.testing.assert_allclose(resampled[middle], tone("low", 0.5)[middle], atol=2e-3)


def test_a_tone_above_half_the_rate_does_not_fold_back():
    times = np.arange(96_000) / 96_000
    resampled = to_mono(np.sin(2 * np.pi * 15_000 * times), 96_000)
    assert np.abs(resampled[1000:-1000]).max() < 1e-3


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
def test_values_that_are_no_numbers_are_refused(bad):
    with pytest.raises(AudioError, match="NaN or infinite; expected"):
        to_mono(np.array([0.0, bad, 0.5]))


@pytest.mark.parametrize("shape", [(0,), (0, 2)])
def test_no_samples_are_refused(shape):
    with pytest.raises(AudioError, match="no samples; expected"):
        to_mono(np.zeros(shape))


def test_too_few_samples_for_one_at_16_khz_are_refused():
    with pytest.raises(AudioError, match="1 samples at 384000 Hz are less than one"):
        to_mono(np.zeros(1), 384_000)


@pytest.mark.parametrize("shape", [(), (2, 16_000), (5, 0), (3, 2, 2)])
def test_other_shapes_are_refused(shape):
    with pytest.raises(AudioError, match=r"samples of shape .*expected \[samples\]"):
        to_mono(np.zeros(shape))


def test_lists_of_different_lengths_are_refused():
    with pytest.raises(AudioError, match=r"different lengths; expected \[samples\]"):
        to_mono([[0.5, 0.5], [0.5]])


@pytest.mark.parametrize("dtype", [np.int64, np.int8, np.uint16, np.complex64, bool, object, str])
def test_other_types_are_refused(dtype):
    with pytest.raises(AudioError, match=r"samples of type .*expected floats"):
        to_mono(np.zeros(4, dtype))


def test_sixteen_bit_values_given_as_floats_are_refused():
    with pytest.raises(AudioError, match=r"up to 20000; expected -1\.\.1: divide"):
        to_mono(np.array([0.0, -20_000.0]))


@pytest.mark.parametrize("sample_rate", [0, -16_000, 999, 400_000, float("nan")])
def test_a_sample_rate_out_of_range_is_refused(sample_rate):
    with pytest.raises(AudioError, match=r"sample rate .* expected 1000 to 384000 Hz"):
        to_mono(np.zeros(10), sample_rate)


def test_a_short_recording_is_centred_in_silence():
    assert fit_to_length(np.ones(3, np.float32), 8).tolist() == [0, 0, 1, 1, 1, 0, 0, 0]


def test_of_a_long_recording_the_loudest_stretch_is_taken():
    sound = np.array([0, 1, 0, 0, 2, 2, 0, 1], np.float32)
    assert fit_to_length(sound, 3).tolist() in ([0, 2, 2], [2, 2, 0])


@given(sound=small_sounds, length=lengths)
def test_the_fit_is_a_stretch_of_greatest_energy_with_the_right_length(sound, length):
    fitted = fit_to_length(sound, length)
    starts = range(max(1, len(sound) - length + 1))
    energies = [float(np.square(sound[start : start + length]).sum()) for start in starts]
    assert fitted.shape == (length,)
    assert fitted.dtype == np.float32
    assert float(np.square(fitted).sum()) == max(energies)


@given(sound=small_sounds, length=lengths, cuts=st.lists(st.integers(0, 40), max_size=6))
def test_block_sizes_do_not_change_the_loudest_stretch(sound, length, cuts):
    blocks = np.split(sound, sorted(min(cut, len(sound)) for cut in cuts))
    expected = loudest_stretch([sound], length)
    assert loudest_stretch(blocks, length).tolist() == expected.tolist()

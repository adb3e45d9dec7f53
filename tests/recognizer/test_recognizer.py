import numpy as np
import pytest

from recognizer import AudioError, InputError, ModelError, Recognizer


@pytest.fixture
def recognizer(tone_model_path):
    with Recognizer(tone_model_path, provider="cpu") as recognizer:
        yield recognizer


def test_it_tells_what_the_model_says_about_itself(recognizer):
    assert recognizer.labels == ("low", "high", "other")
    assert recognizer.keywords == ("low", "high")
    assert recognizer.thresholds == {"low": 0.5, "high": 0.5}
    assert (recognizer.sample_rate, recognizer.window_samples) == (16_000, 16_000)
    assert recognizer.provider == "cpu"
    assert recognizer.metadata.version == "1.2.3"


def test_a_path_may_be_text(tone_model_path):
    with Recognizer(str(tone_model_path)) as recognizer:
        assert recognizer.provider in ("cpu", "cuda")


@pytest.mark.parametrize("label", ["low", "high"])
def test_a_second_of_a_word_gets_its_label(recognizer, tone, label):
    prediction = recognizer.classify(tone(label))
    assert prediction.label == label
    assert prediction.confidence > 0.9
    assert prediction.confidence == max(prediction.probabilities)
    assert sum(prediction.probabilities) == pytest.approx(1)
    assert prediction.probabilities[recognizer.labels.index(label)] == prediction.confidence


def test_silence_is_other(recognizer):
    assert recognizer.classify(np.zeros(16_000, np.int16)).label == "other"


@pytest.mark.parametrize("sample_rate", [8_000, 11_025, 96_000])
def test_rate_channels_and_type_do_not_change_the_prediction(recognizer, tone, sample_rate):
    stereo = np.stack([tone("high", 1.0, sample_rate)] * 2, axis=1)
    sixteen_bit = (stereo * 32767).astype(np.int16)
    prediction = recognizer.classify(sixteen_bit, sample_rate=sample_rate)
    expected = recognizer.classify(tone("high"))
    assert prediction.probabilities == pytest.approx(expected.probabilities, abs=0.01)


def test_a_short_recording_is_heard(recognizer, tone):
    assert recognizer.classify(tone("high", 0.7)).label == "high"


def test_of_a_long_recording_the_loudest_second_counts(recognizer, tone):
    recording = np.concatenate([0.5 * tone("low"), np.zeros(9000), tone("high"), np.zeros(20_000)])
    assert recognizer.classify(recording).label == "high"


@pytest.mark.parametrize("count", [7, 8, 9, 64])
def test_so_does_a_batch_that_is_cut_into_smaller_ones(recognizer, count):
    windows = np.random.default_rng(count).normal(0, 0.1, (count, 16_000)).astype(np.float32)
    batch = recognizer.classify_batch(windows)
    singles = [recognizer.classify_batch(window[None])[0] for window in windows]
    assert batch.shape == (count, 3)
    assert np.abs(batch - np.stack(singles)).max() < 1e-5


def test_a_batch_gives_what_single_windows_give(recognizer, tone):
    windows = np.stack([tone("low"), tone("high"), 0.05 * tone("low")])
    batch = recognizer.classify_batch(windows)
    singles = np.concatenate([recognizer.classify_batch(window[None]) for window in windows])
    assert batch.dtype == np.float32
    np.testing.assert_allclose(batch, singles, atol=1e-6)


def test_no_windows_give_no_rows(recognizer):
    answer = recognizer.classify_batch(np.zeros((0, 16_000), np.float32))
    assert answer.shape == (0, 3)
    assert answer.dtype == np.float32


@pytest.mark.parametrize(
    "windows",
    [
        np.zeros((1, 16_000)),
        np.zeros((1, 16_000), np.int16),
        np.zeros(16_000, np.float32),
        np.zeros((1, 8_000), np.float32),
        np.zeros((0, 8_000), np.float32),
        np.zeros((1, 1, 16_000), np.float32),
    ],
)
def test_windows_of_another_form_are_refused(recognizer, windows):
    with pytest.raises(AudioError, match=r"^windows are .*; expected float32 \[n, 16000\]$"):
        recognizer.classify_batch(windows)


def test_samples_that_are_no_sound_are_refused(recognizer):
    with pytest.raises(AudioError, match="NaN"):
        recognizer.classify(np.full(100, np.nan))


def test_a_closed_recognizer_says_so(tone_model_path, tone):
    with Recognizer(tone_model_path) as recognizer:
        pass
    recognizer.close()
    with pytest.raises(ValueError, match="closed Recognizer"):
        recognizer.classify(tone("low"))


def test_an_unknown_model_is_an_error():
    with pytest.raises(ModelError, match="no model named 'no-such-model'"):
        Recognizer("no-such-model")


def test_an_unknown_provider_is_an_error(tone_model_path):
    with pytest.raises(InputError, match="unknown provider 'gpu'"):
        Recognizer(tone_model_path, provider="gpu")

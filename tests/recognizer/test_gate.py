from pathlib import Path

import numpy as np
import pytest
import soundfile
from hypothesis import given, settings
from hypothesis import strategies as st

from recognizer.commands.listen import DEMO
from recognizer.decoding.decoder import DecoderParameters
from recognizer.gate import FRAME_SECONDS, OpenGate, VoiceGate, _to_pcm, make_gate
from recognizer.listener import DEFAULT_VAD
from tests.tone_words import blocks

SPEECH = Path(__file__).parent / "data" / "seven_two.flac"
# Where the two words in it start and end, in seconds.
WORDS = ((1.5, 2.28), (3.79, 4.46))

# Where the words of the bundled recording start and end, in seconds.
BUNDLED = {
    "zero": (0.79, 1.32),
    "one": (2.11, 2.47),
    "two": (3.26, 3.60),
    "three": (4.40, 4.80),
    "four": (5.63, 6.10),
    "five": (6.91, 7.38),
    "six": (8.19, 8.74),
    "seven": (9.53, 10.08),
    "eight": (10.87, 11.14),
    "nine": (11.94, 12.53),
}


@pytest.fixture(scope="module")
def speech():
    return soundfile.read(SPEECH, dtype="float32")[0]


def passages(gate, stream):
    """Return what came out, and the starts and ends of the times at which the gate was open."""
    out = [gated for block in stream for gated in gate.process(block)] + [*gate.finish()]
    edges, was_open = [], False
    for gated in out:
        if gated.is_open != was_open:
            edges.append(gated.block.start)
        was_open = gated.is_open
    return out, [*edges, out[-1].block.end][: len(edges) + was_open]


@pytest.mark.parametrize("vad", [0, 1, 2, 3])
def test_the_gate_is_open_for_each_word_and_closed_between(speech, vad):
    _, edges = passages(VoiceGate(vad, hangover=0.3), blocks(speech))
    # The gentler settings take the very first frames for a voice, too.
    opened_at, closed_at = edges[::2][-2:], edges[1::2][-2:]
    for (start, end), opened, closed in zip(WORDS, opened_at, closed_at, strict=True):
        assert start - 0.5 < opened < start + 0.05
        assert end - 0.1 < closed < end + 0.8


def test_pre_roll_and_hangover_widen_the_opening_by_as_much_as_they_say(speech):
    _, narrow = passages(VoiceGate(2, hangover=0, pre_roll=0), blocks(speech))
    _, wide = passages(VoiceGate(2, hangover=0.6, pre_roll=0.3), blocks(speech))
    assert wide[0] == pytest.approx(narrow[0] - 0.3, abs=1e-6)
    assert wide[-1] == pytest.approx(narrow[-1] + 0.6, abs=1e-6)


@given(st.lists(st.floats(-2, 2, width=32), min_size=1, max_size=40))
def test_samples_are_rounded_to_16_bits_and_limited_as_numpy_does_it(values):
    samples = np.array(values, dtype=np.float32)
    before = samples.copy()
    assert _to_pcm(samples) == (np.clip(samples, -1.0, 1.0) * 32_767).astype("<i2").tobytes()
    assert np.array_equal(samples, before)


def alone(word, gain, noise):
    """Return a word of the bundled recording at 3 s, between its pauses, and where it ends.

    ``noise`` is in dB below the word; the whole is rounded to 16 bits, as by a sound card.
    """
    sound = soundfile.read(DEMO, dtype="float32")[0]
    start, end = BUNDLED[word]
    spoken = sound[round((start - 0.2) * 16_000) : round((end + 0.2) * 16_000)]
    pause = sound[:3_200]
    stream = np.concatenate([np.tile(pause, 14), spoken, np.tile(pause, 10)])
    hiss = np.random.default_rng(0).normal(0, np.std(spoken) * 10 ** (-noise / 20), len(stream))
    return np.round((stream + hiss) * gain * 32_768) / 32_768, 3 + end - start


@pytest.mark.parametrize("word", BUNDLED)
@pytest.mark.parametrize("gain", [1, 0.1, 0.03, 0.015])
@pytest.mark.parametrize("noise", [100, 20, 10])
def test_no_digit_loses_its_start_or_end_however_quiet_or_noisy(word, gain, noise):
    stream, end = alone(word, gain, noise)
    _, edges = passages(make_gate(DEFAULT_VAD), blocks(stream.astype(np.float32)))
    opened, closed = next(pair for pair in zip(edges[::2], edges[1::2], strict=True) if pair[1] > 3)
    assert opened < 3
    assert closed > end + DecoderParameters().patience


def test_silence_keeps_it_closed():
    out, edges = passages(VoiceGate(0), blocks(np.zeros(32_000, dtype=np.float32)))
    assert edges == []
    assert not any(gated.is_open for gated in out)


def test_no_more_is_held_back_than_the_pre_roll_and_a_frame():
    gate, delivered, heard = VoiceGate(3, pre_roll=0.3), 0, 0
    for block in blocks(np.zeros(32_000, dtype=np.float32)):
        heard += len(block.samples)
        delivered += sum(len(gated.block.samples) for gated in gate.process(block))
        assert heard - delivered <= (0.3 + FRAME_SECONDS) * 16_000


@settings(max_examples=25, deadline=None)
@given(st.lists(st.integers(1, 3_000), min_size=1, max_size=6))
def test_the_sizes_of_blocks_change_nothing_and_no_sample_is_lost(speech, sizes):
    expected, _ = passages(VoiceGate(1), blocks(speech))
    out, _ = passages(VoiceGate(1), blocks(speech, sizes))
    assert [(g.block.start, g.is_open) for g in out] == [
        (g.block.start, g.is_open) for g in expected
    ]
    np.testing.assert_array_equal(np.concatenate([g.block.samples for g in out]), speech)


def test_off_hears_everything(speech):
    gate = make_gate(None)
    assert isinstance(gate, OpenGate)
    out, edges = passages(gate, blocks(speech))
    assert edges == [0, pytest.approx(len(speech) / 16_000)]
    np.testing.assert_array_equal(np.concatenate([g.block.samples for g in out]), speech)


def test_samples_beyond_full_scale_do_not_wrap_around():
    loud = 40 * np.random.default_rng(0).normal(0, 1, 16_000).astype(np.float32)
    out, _ = passages(VoiceGate(3), blocks(loud))
    assert sum(len(gated.block.samples) for gated in out) == 16_000

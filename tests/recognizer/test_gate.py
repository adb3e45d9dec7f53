from pathlib import Path

import numpy as np
import pytest
import soundfile
from hypothesis import given, settings
from hypothesis import strategies as st

from recognizer.gate import FRAME_SECONDS, OpenGate, VoiceGate, make_gate
from tests.tone_words import blocks

SPEECH = Path(__file__).parent / "data" / "seven_two.flac"
# Where the two words in it start and end, in seconds.
WORDS = ((1.5, 2.28), (3.79, 4.46))


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

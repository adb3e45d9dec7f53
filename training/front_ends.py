"""Which features each network hears: waveform [batch, 16000] to [batch, bands, frames]."""

from __future__ import annotations

from torch import nn

from training.features import BandMeanNormalization, EnergyCentring, LogMel, LogMelSettings

EDGE_SETTINGS = LogMelSettings(n_fft=512, win_length=400, hop_length=160, pad=0, n_mels=40)
"""40 bands every 10 ms: 101 frames a window."""


def build_front_end(architecture: str) -> nn.Sequential:
    """Return the front-end of a network.

    The networks of the mission hear 128 bands x 44 frames with the word brought to the middle.
    edge finds words wherever they are, and decides frame by frame, so it hears frames in place.
    """
    if architecture == "edge":
        return nn.Sequential(LogMel(EDGE_SETTINGS), BandMeanNormalization())
    return nn.Sequential(LogMel(), BandMeanNormalization(), EnergyCentring())

"""Which features each network hears: waveform [batch, 16000] to [batch, bands, frames]."""

from __future__ import annotations

from torch import nn

from training.features import BandMeanNormalization, Bels, EnergyCentring, LogMel, LogMelSettings
from training.networks.embedding import ZERO_BELS

EDGE_SETTINGS = LogMelSettings(n_fft=512, win_length=400, hop_length=160, pad=0, n_mels=40)
"""40 bands every 10 ms: 101 frames a window."""

EMBEDDING_SETTINGS = LogMelSettings(
    n_fft=512,
    win_length=400,
    hop_length=160,
    pad=560,
    n_mels=32,
    f_min=60.0,
    f_max=3800.0,
    norm="slaney",
    floor=1e-7,
)
"""32 bands every 10 ms, 108 frames a window: as the published embedding was trained with."""


def build_front_end(architecture: str) -> nn.Sequential:
    """Return the front-end of a network.

    The networks of the mission hear 128 bands x 44 frames with the word brought to the middle.
    edge finds words wherever they are, and decides frame by frame, so it hears frames in place.
    embedding hears what its weights were trained with, levels included.
    """
    if architecture == "embedding":
        return nn.Sequential(LogMel(EMBEDDING_SETTINGS), Bels(ZERO_BELS))
    if architecture == "edge":
        return nn.Sequential(LogMel(EDGE_SETTINGS), BandMeanNormalization())
    return nn.Sequential(LogMel(), BandMeanNormalization(), EnergyCentring())

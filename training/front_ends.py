"""Which features each network hears: waveform [batch, 16000] to [batch, bands, frames]."""

from __future__ import annotations

from enum import Enum

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


class FrontEnd(Enum):
    """What a network hears of a waveform."""

    CENTRED = "128 bands x 44 frames, the word brought to the middle"
    IN_PLACE = "40 bands x 101 frames, for networks that decide frame by frame"
    PUBLISHED = "32 bands x 108 frames, levels included: what the published weights hear"


def front_end_of(architecture: str) -> FrontEnd:
    """Return which features a network hears."""
    if architecture == "embedding":
        return FrontEnd.PUBLISHED
    return FrontEnd.IN_PLACE if architecture in ("edge", "wide") else FrontEnd.CENTRED


def build_front_end(architecture: str) -> nn.Sequential:
    """Return the front-end of a network.

    The networks of the mission hear the word in the middle. edge and wide find words wherever they
    are, and decide frame by frame, so they hear frames in place.
    """
    match front_end_of(architecture):
        case FrontEnd.PUBLISHED:
            return nn.Sequential(LogMel(EMBEDDING_SETTINGS), Bels(ZERO_BELS))
        case FrontEnd.IN_PLACE:
            return nn.Sequential(LogMel(EDGE_SETTINGS), BandMeanNormalization())
        case FrontEnd.CENTRED:
            return nn.Sequential(LogMel(), BandMeanNormalization(), EnergyCentring())

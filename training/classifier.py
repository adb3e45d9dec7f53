"""A network together with its front-end: what training optimizes and export writes."""

from __future__ import annotations

from torch import Tensor, nn

from training.features import BandMeanNormalization, EnergyCentring, LogMel
from training.networks import build_network


class Classifier(nn.Module):
    """Log-mel features, normalized and centred, and a network: waveform to logits.

    Args:
        architecture: one of NETWORKS.
        labels: number of outputs.
        dropout: share of the head's inputs that training leaves out.

    """

    def __init__(self, architecture: str, labels: int, dropout: float = 0.0) -> None:
        super().__init__()
        self.architecture = architecture
        self.log_mel = LogMel()
        self.normalize = BandMeanNormalization()
        self.centre = EnergyCentring()
        self.network = build_network(architecture, labels, dropout)

    def features(self, waveform: Tensor) -> Tensor:
        """Return features [batch, 128, 44] of waveforms [batch, 16000]."""
        features: Tensor = self.centre(self.normalize(self.log_mel(waveform)))
        return features

    def forward(self, waveform: Tensor) -> Tensor:
        """Return logits [batch, labels] of waveforms [batch, 16000]."""
        logits: Tensor = self.network(self.features(waveform))
        return logits

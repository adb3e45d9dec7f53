"""A network together with its front-end: what training optimizes and export writes."""

from __future__ import annotations

from torch import Tensor, nn

from training.front_ends import build_front_end
from training.networks import build_network
from training.networks.heard import FrameNetwork, Heard


class Classifier(nn.Module):
    """Front-end and network: waveform to logits.

    Args:
        architecture: one of NETWORKS.
        labels: number of outputs.
        dropout: share of the head's inputs that training leaves out.

    """

    def __init__(self, architecture: str, labels: int, dropout: float = 0.0) -> None:
        super().__init__()
        self.architecture = architecture
        self.features = build_front_end(architecture)
        self.network = build_network(architecture, labels, dropout)

    def forward(self, waveform: Tensor) -> Tensor:
        """Return logits [batch, labels] of waveforms [batch, 16000]."""
        logits: Tensor = self.network(self.features(waveform))
        return logits

    def hear(self, features: Tensor) -> Heard:
        """Return logits of windows, and what else the network makes of their features."""
        if isinstance(self.network, FrameNetwork):
            return self.network.hear(features)
        return Heard(self.network(features))

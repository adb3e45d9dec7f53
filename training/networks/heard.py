"""What a network says of a second of sound, and networks that say it frame by frame, too."""

from __future__ import annotations

from typing import ClassVar, NamedTuple

from torch import Tensor, nn

FRAME_SECONDS = 0.02
"""Time from one decision to the next."""

_INNER = 2
"""Blocks along time before the inner steps: later ones serve the labels alone."""


class Heard(NamedTuple):
    """What a network says of windows.

    Attributes:
        clip: logits of each window, [batch, labels].
        frames: logits of its frames, [batch, n, labels]; None from a network that does not decide
            frame by frame.
        inner: what the network makes of the sound before it decides, [batch, channels, n], from
            which it may be taught more than labels; None from such a network, too.

    """

    clip: Tensor
    frames: Tensor | None = None
    inner: Tensor | None = None


class FrameNetwork(nn.Module):
    """A network that decides frame by frame; a window is decided by its weighted mean step.

    It looks along bands and time, joins the bands, then looks along time alone.

    Args:
        channels: of the steps that decide.
        labels: number of outputs.
        dropout: share of those channels that training leaves out.

    Attributes:
        inner_channels: of Heard.inner.
        stem: features [batch, 1, bands, frames] to planes [batch, channels, bands, n].
        join: [batch, channels * bands, n] to [batch, inner_channels, n].
        body: blocks along time that keep the shape.
        tail: to the steps that decide, [batch, channels, n].

    """

    inner_channels: ClassVar[int]
    stem: nn.Module
    join: nn.Module
    body: nn.Sequential
    tail: nn.Module

    def __init__(self, channels: int, labels: int, dropout: float) -> None:
        super().__init__()
        self.attention = nn.Conv1d(channels, 1, kernel_size=1)
        self.dropout = nn.Dropout(dropout)
        self.clip = nn.Linear(channels, labels)
        self.frame = nn.Conv1d(channels, labels, kernel_size=1)

    def forward(self, features: Tensor) -> Tensor:
        """Return logits of the window, [batch, labels]."""
        return self.hear(features).clip

    def hear(self, features: Tensor) -> Heard:
        """Return logits of the window and of its frames, and inner steps.

        Args:
            features: [batch, bands, frames].

        """
        picture = self.stem(features.unsqueeze(1))
        inner = self.body[:_INNER](self.join(picture.flatten(1, 2)))
        steps = self.tail(self.body[_INNER:](inner))
        weights = self.attention(steps).softmax(dim=2)
        pooled = (steps * weights).sum(dim=2)
        clip = self.clip(self.dropout(pooled))
        return Heard(clip, self.frame(self.dropout(steps)).transpose(1, 2), inner)

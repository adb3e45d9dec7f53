"""What a network says of a second of sound."""

from __future__ import annotations

from typing import NamedTuple

from torch import Tensor


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

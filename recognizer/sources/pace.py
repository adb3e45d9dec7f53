"""How often to fetch sound from a device: seldom while it is quiet, as each time costs a little."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

LIVELY_SECONDS = 0.03
QUIET_SECONDS = 0.1
CALM_SECONDS = 1.0
"""Without anything louder for so long it is quiet: a word is decided by then."""

_LOUDER = 2.0
"""How much louder than the quietest of late is worth attention."""
_RISE = 1.005
"""By how much that quietest is forgotten each time; it doubles in four seconds of sound."""
_FAINTEST = 1e-4


class Pace:
    """Follows the level of the sound, and tells how long to wait for more of it.

    A word is decided when it is over, so that only its end must be fetched at once; whatever goes
    unnoticed here is heard a little later.
    """

    def __init__(self) -> None:
        self._quietest = np.inf
        self._lively = CALM_SECONDS

    def wait(self, frames: NDArray[np.float32]) -> float:
        """Take the sound that was fetched last, [n, channels]; return how long to wait, in s."""
        level = max(float(np.abs(frames).max(initial=0)), _FAINTEST)
        self._quietest = min(level, _RISE * self._quietest)
        if level > _LOUDER * self._quietest:
            self._lively = CALM_SECONDS
        if self._lively <= 0:
            return QUIET_SECONDS
        self._lively -= LIVELY_SECONDS
        return LIVELY_SECONDS

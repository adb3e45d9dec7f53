"""What waits between two threads of a stream, in bounded memory and time."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

from recognizer.pipeline import Pause, Question


@dataclass(frozen=True)
class BacklogRules:
    """When windows are too many.

    Attributes:
        clock: tells seconds.
        longest_wait: seconds that a window waits at most where the next one waits, too.
        most_waiting: windows of a stream.

    """

    clock: Callable[[], float]
    longest_wait: float
    most_waiting: float


class Backlog:
    """What of a stream is still to be decided, in order; windows that are too many are skipped.

    Steps may be put in one thread and taken in another.

    Attributes:
        skipped: windows so far.

    """

    def __init__(self, rules: BacklogRules) -> None:
        self.skipped = 0
        self._rules = rules
        self._lock = threading.Lock()
        self._steps: deque[tuple[Question | Pause, float]] = deque()
        self._questions = 0

    def __len__(self) -> int:
        return len(self._steps)

    def put(self, step: Question | Pause) -> None:
        """Add what is decided next."""
        with self._lock:
            if isinstance(step, Question):
                self._questions += 1
            elif self._steps and isinstance(self._steps[-1][0], Pause):
                # Nothing was heard between the two, even if there is a seam.
                return
            self._steps.append((step, self._rules.clock()))
            if self._questions > self._rules.most_waiting:
                self._skip_oldest()

    def take(self) -> Question | Pause | None:
        """Remove and return what is decided next, None where nothing waits."""
        with self._lock:
            while self._is_first_late():
                self._skip_oldest()
            if not self._steps:
                return None
            step, _ = self._steps.popleft()
            self._questions -= isinstance(step, Question)
            return step

    def clear(self) -> None:
        """Forget all of it."""
        with self._lock:
            self._steps.clear()
            self._questions = 0

    def _is_first_late(self) -> bool:
        if len(self._steps) < 2 or any(isinstance(self._steps[i][0], Pause) for i in (0, 1)):
            return False
        return self._rules.clock() - self._steps[0][1] > self._rules.longest_wait

    def _skip_oldest(self) -> None:
        at = next(i for i, (step, _) in enumerate(self._steps) if isinstance(step, Question))
        del self._steps[at]
        if 0 < at < len(self._steps) and isinstance(self._steps[at][0], Pause):
            # There is a pause before it, and no two in a row, however long nobody works.
            del self._steps[at]
        self._questions -= 1
        self.skipped += 1

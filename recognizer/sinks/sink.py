"""What takes detections."""

from __future__ import annotations

from typing import Protocol

from recognizer.detection import Detection


class Sink(Protocol):
    """Takes detections as they come; one that holds something open is ``Closing``, too."""

    def write(self, detection: Detection) -> None:
        """Hand on one detection at once, without waiting for anybody.

        Raises:
            OSError: it cannot be handed on.
            ValueError: the same, because the sink is closed or cannot encode the label.

        """
        ...

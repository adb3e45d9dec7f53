"""Runs digit-listen until its first window is classified: python -m benchmarks.first_window MODEL.

Prints the moment, as time.monotonic tells it, and whether torch was imported by then.
"""

from __future__ import annotations

import sys
import time
from typing import NoReturn

import numpy as np
from numpy.typing import NDArray


def main() -> int:
    """Let digit-listen hear the bundled recording, with an eye on its first answer."""
    from recognizer.commands.listen import main as listen
    from recognizer.recognizer import Recognizer

    classify = Recognizer.classify_window

    def classify_and_stop(recognizer: Recognizer, window: NDArray[np.float32]) -> NoReturn:
        classify(recognizer, window)
        print(time.monotonic(), "torch" in sys.modules)
        sys.exit(0)

    setattr(Recognizer, classify.__name__, classify_and_stop)
    return listen(["--demo", "--model", sys.argv[1], "--provider", "cpu"])


if __name__ == "__main__":
    sys.exit(main())

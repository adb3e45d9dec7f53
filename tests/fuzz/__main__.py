"""Feed a parser with what atheris makes up, for a while: python -m tests.fuzz TARGET."""

from __future__ import annotations

import argparse
import logging
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["recognizer", "json"]):
    from tests.fuzz.targets import TARGETS

from tests.fuzz.seeds import seeds

LONGEST_BYTES = 16_384


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("target", choices=TARGETS, help="what to feed")
    parser.add_argument("--seconds", type=int, default=60, help="how long (default: 60)")
    options = parser.parse_args()
    logging.disable()
    with tempfile.TemporaryDirectory() as folder:
        write_seeds(Path(folder), seeds()[options.target])
        limits = [f"-max_total_time={options.seconds}", f"-max_len={LONGEST_BYTES}"]
        atheris.Setup([sys.argv[0], *limits, "-timeout=20", folder], TARGETS[options.target])
        atheris.Fuzz()


def write_seeds(folder: Path, contents: Iterable[bytes]) -> None:
    for index, content in enumerate(contents):
        (folder / str(index)).write_bytes(content)


if __name__ == "__main__":
    main()

"""What an installed copy must bring besides modules."""

import configparser
import os
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGES = ("recognizer", "training", "export", "benchmarks")


def packaged_files(package: str) -> set[Path]:
    """Return the files that setup.cfg names for a package."""
    config = configparser.RawConfigParser()
    config.read(ROOT / "setup.cfg", encoding="utf-8")
    section = config["options.package_data"]
    patterns = [*section["*"].split(","), *section.get(package, "").split(",")]
    return {
        path
        for pattern in map(str.strip, patterns)
        if pattern
        for path in (ROOT / package).glob(pattern)
    }


@pytest.mark.parametrize("package", PACKAGES)
def test_every_file_beside_the_modules_is_installed(package):
    # Units lie behind a link, as their folder is a place of its own.
    beside = {
        Path(folder, name)
        for folder, _, names in os.walk(ROOT / package, followlinks=True)
        for name in names
        if not name.endswith((".py", ".pyc")) and Path(folder).name != "results"
    }
    assert beside
    assert beside == packaged_files(package)

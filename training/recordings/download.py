"""Fetches the full Speech Commands data set, for those who have a network."""

from __future__ import annotations

from pathlib import Path

from recognizer.errors import DigitListenError
from training.torchaudio_import import import_torchaudio

VERSION = "speech_commands_v0.02"


def download_speech_commands(folder: Path) -> Path:
    """Fetch Speech Commands version 2 (105,829 clips, 2.3 GB) through torchaudio.

    Args:
        folder: where the data set's own folder is to lie; made where it is missing.

    Returns:
        The folder in the Speech Commands layout.

    Raises:
        DigitListenError: there is no network, no room, or the archive is damaged.

    """
    folder.mkdir(parents=True, exist_ok=True)
    datasets = import_torchaudio().datasets
    try:
        datasets.SPEECHCOMMANDS(str(folder), url=VERSION, folder_in_archive="", download=True)
    except (OSError, RuntimeError) as error:
        message = f"Speech Commands could not be fetched into {folder}: {error}"
        raise DigitListenError(message) from None
    return folder / VERSION

"""Fetches the full Speech Commands data set, for those who have a network."""

from __future__ import annotations

import tarfile
import zlib
from pathlib import Path

from recognizer.errors import DigitListenError
from training.torchaudio_import import import_torchaudio

VERSION = "speech_commands_v0.02"

_FETCH_ERRORS = (OSError, RuntimeError, EOFError, tarfile.TarError, zlib.error)


def download_speech_commands(folder: Path) -> Path:
    """Fetch Speech Commands version 2 (105,829 clips, 2.3 GB) through torchaudio.

    Args:
        folder: where the data set's own folder is to lie; made where it is missing.

    Returns:
        The folder in the Speech Commands layout.

    Raises:
        DigitListenError: there is no network, no room, or the archive is damaged.

    """
    datasets = import_torchaudio().datasets
    try:
        folder.mkdir(parents=True, exist_ok=True)
        datasets.SPEECHCOMMANDS(str(folder), url=VERSION, folder_in_archive="", download=True)
    except _FETCH_ERRORS as error:
        reason = str(error).partition("\n")[0].rstrip(" :")
        message = (
            f"Speech Commands could not be fetched into {folder}: {reason}: "
            f"expected a network and 6 GB of room; remove {VERSION}* there before trying again"
        )
        raise DigitListenError(message) from None
    return folder / VERSION

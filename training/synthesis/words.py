"""Lists of words to be spoken."""

from __future__ import annotations

import re
from pathlib import Path

from recognizer.errors import InputError

WORDS_FILE = Path(__file__).with_name("words.txt")
"""Words that are no digits; many sound like one."""

_WORD = re.compile(r"[^\W_][\w' -]*")


def load_words(path: Path = WORDS_FILE) -> tuple[str, ...]:
    """Return the words of a file.

    Commas or ends of lines stand between words; # starts a comment.

    Raises:
        InputError: the file cannot be read, holds no words, or one cannot be spoken.

    """
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        message = f"{path}: {error}: expected a text file of words"
        raise InputError(message) from None
    return parse_words(re.sub(r"#.*", "", text), str(path))


def parse_words(text: str, name: str) -> tuple[str, ...]:
    """Return the words between commas and ends of lines, each once.

    Args:
        text: the words.
        name: what error messages call the text.

    Raises:
        InputError: there are none, or one is more than letters, digits, ', - and spaces.

    """
    words = tuple(dict.fromkeys(word.strip() for word in re.split(r"[,\n]", text) if word.strip()))
    wrong = [word for word in words if not _WORD.fullmatch(word)]
    if wrong or not words:
        found = f"{wrong[0]!r}" if wrong else "no words"
        message = f"{name}: found {found}: expected words of letters, with commas between them"
        raise InputError(message)
    return words

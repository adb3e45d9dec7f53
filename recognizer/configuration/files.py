"""Configuration files: where they are looked for, and what they say."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

from recognizer.configuration.kinds import UnfitError, Value, shown
from recognizer.configuration.settings import Setting
from recognizer.configuration.statements import Statement, StatementError, statements
from recognizer.errors import InputError

SYSTEM_FILE = Path("/etc/digit-listen.toml")

_MOST_BYTES = 16_384
_MOST_LINES = 1_000


@dataclass(frozen=True)
class Given:
    """A value of a setting, and who gave it.

    Attributes:
        name: of the setting.
        value: fits the setting; None where its default is no value.
        origin: such as "default", "/etc/digit-listen.toml:3" or "--hop".

    """

    name: str
    value: Value | None
    origin: str


def usual_files(environment: Mapping[str, str]) -> Iterator[Path]:
    """Yield the files that are read where they exist; the later wins."""
    yield SYSTEM_FILE
    folder = user_folder(environment)
    if folder is not None:
        yield folder / "digit-listen" / "config.toml"


def user_folder(environment: Mapping[str, str]) -> Path | None:
    """Return the folder of the user's configuration; None where the environment names none."""
    # Relative folders do not count, says the XDG specification.
    if (named := Path(environment.get("XDG_CONFIG_HOME", ""))).is_absolute():
        return named
    if (home := Path(environment.get("HOME", ""))).is_absolute():
        return home / ".config"
    return None


def read_file(path: Path, settings: Sequence[Setting]) -> Iterator[Given]:
    """Yield what a configuration file says.

    Raises:
        FileNotFoundError: there is no such file.
        InputError: it cannot be read, is no TOML, or says what fits no setting.

    """
    yield from parse(_text(path), str(path), settings)


def parse(text: str, name: str, settings: Sequence[Setting]) -> Iterator[Given]:
    """Yield what the text of a configuration file says.

    Raises:
        InputError: it is no TOML, or says what fits no setting.

    """
    known = {setting.name: setting for setting in settings}
    try:
        for statement in statements(text):
            place = f"{name}:{statement.line}"
            value = _checked(statement, known, place)
            yield Given(statement.key, value, place)
    except StatementError as error:
        raise InputError(f"{name}:{error.line}: no TOML: {error}, expected key = value") from None


def _checked(statement: Statement, known: Mapping[str, Setting], place: str) -> Value:
    setting = known.get(statement.key)
    if setting is None or isinstance(statement.value, dict):
        raise InputError(f"{place}: {_unknown(statement, list(known))}")
    try:
        return setting.kind.check(statement.value)
    except UnfitError as error:
        found = f"{statement.key} = {shown(statement.value)}"
        raise InputError(f"{place}: {found}: expected {error}") from None


def _unknown(statement: Statement, known: Sequence[str]) -> str:
    key = shown(statement.key)
    if isinstance(statement.value, dict):
        return f"{key} is a table, expected nothing but lines of key = value"
    close = get_close_matches(statement.key.replace("_", "-").lower(), known, n=1)
    hint = f"did you mean {close[0]}?" if close else "digit-listen --print-config lists all keys"
    return f"unknown key {key}, {hint}"


def _text(path: Path) -> str:
    content = _content(path)
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        byte = content[error.start]
        raise InputError(f"{path}:{line}: byte 0x{byte:02x} is no UTF-8, expected text") from None
    if len(content) > _MOST_BYTES or text.count("\n") > _MOST_LINES:
        raise InputError(
            f"{path}: too long, expected at most {_MOST_BYTES} bytes and {_MOST_LINES} lines"
        )
    return text


def _content(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(_MOST_BYTES + 1)
    except FileNotFoundError:
        raise
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise InputError(f"{path}: {reason}, expected a readable configuration file") from None

"""TOML with the lines of its keys, which the standard library's parser does not tell."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass


class StatementError(ValueError):
    """A text is no TOML.

    Attributes:
        line: where, from 1.

    """

    def __init__(self, line: int, reason: str) -> None:
        super().__init__(reason)
        self.line = line


@dataclass(frozen=True)
class Statement:
    """A key at the top level and its value.

    Attributes:
        line: where it begins, from 1.
        key: as the parser gives it, without quotes.
        value: as the parser gives it; a dict for a table or a key with dots.

    """

    line: int
    key: str
    value: object


def statements(text: str) -> Iterator[Statement]:
    """Yield the statements of a text up to the first table, which is the last one.

    Raises:
        StatementError: the text is no TOML.

    """
    lines = text.replace("\r\n", "\n").split("\n")
    _check_whole(text, lines)
    first = 0
    while first < len(lines):
        behind, table = _statement(lines, first)
        for key, value in table.items():
            yield Statement(first + 1, key, value)
            # Behind a header, lines by themselves would look like the top level again.
            if isinstance(value, dict) or lines[first].lstrip().startswith("["):
                return
        first = behind


def _check_whole(text: str, lines: Sequence[str]) -> None:
    try:
        tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise _located(error, len(lines)) from None
    except (ValueError, RecursionError):
        # A number of too many digits, or lists too deep: below, the statement alone fails, too.
        pass


def _statement(lines: Sequence[str], first: int) -> tuple[int, dict[str, object]]:
    """Return the line behind a statement and what it says.

    A statement goes on as long as its lines are no TOML by themselves: in the middle of a list or
    of a text there is always something left open.
    """
    for behind in range(first + 1, len(lines) + 1):
        try:
            return behind, tomllib.loads("\n".join(lines[first:behind]))
        except tomllib.TOMLDecodeError:
            continue
        except ValueError:
            raise StatementError(first + 1, "a number has too many digits") from None
        except RecursionError:
            raise StatementError(first + 1, "lists are nested too deeply") from None
    raise StatementError(first + 1, "the statement does not end")


def _located(error: tomllib.TOMLDecodeError, lines: int) -> StatementError:
    message = str(error)
    place = re.search(r" \(at (?:line (\d+), column \d+|end of document)\)$", message)
    if place is None:
        return StatementError(1, message)
    reason = message[: place.start()]
    return StatementError(int(place[1] or lines), reason[:1].lower() + reason[1:])

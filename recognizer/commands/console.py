"""How every command ends: one line for an error, quiet for a closed pipe, the right exit status."""

from __future__ import annotations

import argparse
import logging
import os
import sys
from collections.abc import Callable
from importlib import import_module
from importlib.metadata import version
from typing import NoReturn

from recognizer.errors import DigitListenError, InputError
from recognizer.service.journal import JournalFormatter, is_journal, with_priority

INTERRUPTED = 130


class HelpFormatter(argparse.ArgumentDefaultsHelpFormatter):
    """Help with defaults, but without the word None behind flags that have no default."""

    def _get_help_string(self, action: argparse.Action) -> str | None:
        if action.default is None or action.default is False:
            return action.help
        return super()._get_help_string(action)


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        """Say in one line what is wrong with the arguments, and exit with status 2."""
        _print_error(f"{message}; see {self.prog} --help")
        self.exit(InputError.exit_status)


def argument_parser(description: str, epilog: str | None = None) -> argparse.ArgumentParser:
    """Return a parser with the habits all commands share: defaults in the help and --version."""
    parser = _Parser(description=description, epilog=epilog, formatter_class=HelpFormatter)
    label = f"digit-listen {version('digit-listen')}"
    parser.add_argument("--version", action="version", version=label)
    return parser


def log_to_standard_error() -> None:
    """Let warnings and what runs be seen on standard error; warnings and errors name themselves.

    Where systemd's journal reads it, priorities do that.
    """
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JournalFormatter() if is_journal(sys.stderr) else _OneLine())
    logging.basicConfig(level=logging.INFO, handlers=[handler])


def before_each_log_line(act: Callable[[], object]) -> None:
    """Let ``act`` be called before anything is written to the log, by whoever draws beside it."""

    def pass_on(_: logging.LogRecord) -> bool:
        act()
        return True

    for handler in logging.getLogger().handlers:
        handler.addFilter(pass_on)


class _OneLine(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        text = super().format(record)
        is_news = record.levelno <= logging.INFO
        return text if is_news else f"{record.levelname.lower()}: {text}"


def run_command(work: Callable[[], int | None]) -> int:
    """Run the work of a command and turn how it ended into an exit status.

    0 done, 1 failed, 2 wrong usage or input, 130 interrupted. A reader that closed our standard
    output (``| head -1``) has all it wanted, so that ends quietly with 0.
    """
    try:
        status = work() or 0
        sys.stdout.flush()
    except DigitListenError as error:
        _print_error(str(error))
        return error.exit_status
    except BrokenPipeError:
        _discard_standard_output()
        return 0
    except KeyboardInterrupt:
        return INTERRUPTED
    return status


def run_with_extra(module: str, extra: str) -> int:
    """Run the command of a module that needs an extra of the package; say so where it is missing.

    Args:
        module: it has a ``main`` that returns an exit status.
        extra: the package's extra that brings what the module needs.

    """
    try:
        command = import_module(module)
    except ModuleNotFoundError as error:
        hint = f"pip install 'digit-listen[{extra}]' brings it"
        _print_error(f"the Python package {error.name} is missing; {hint}")
        return DigitListenError.exit_status
    status: int = command.main()
    return status


def _print_error(text: str) -> None:
    line = with_priority(text, logging.ERROR) if is_journal(sys.stderr) else f"error: {text}"
    print(line, file=sys.stderr)


def _discard_standard_output() -> None:
    # The interpreter flushes standard output once more at exit and would complain there.
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())

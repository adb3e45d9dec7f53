"""Flags of the commands: one for every setting, and numbers in their range."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterable
from itertools import groupby
from typing import Any

from recognizer.configuration.kinds import Kind, Switch, UnfitError, Value
from recognizer.configuration.settings import Setting
from recognizer.errors import InputError

_SHOWN_LENGTH = 60


def add_settings(parser: argparse.ArgumentParser, settings: Iterable[Setting]) -> None:
    """Add a flag for every setting, under the headings of their groups."""
    for title, members in groupby(settings, key=lambda setting: setting.group):
        group = parser.add_argument_group(title)
        for setting in members:
            add_setting(group, setting)


def add_setting(group: argparse._ActionsContainer, setting: Setting) -> None:
    """Add the flag of one setting; it is None after parsing where it was not given."""
    help_ = setting.help + _default(setting)
    if isinstance(setting.kind, Switch):
        switch = argparse.BooleanOptionalAction
        group.add_argument(setting.flag, action=switch, help=setting.help)
    else:
        parse, metavar = checked(setting.flag, setting.kind), setting.kind.metavar
        group.add_argument(setting.flag, type=parse, metavar=metavar, help=help_)


def given(options: argparse.Namespace, settings: Iterable[Setting]) -> dict[str, Value]:
    """Return the values of the flags that were given, by the names of their settings."""
    values: dict[str, Any] = {one.name: getattr(options, one.field) for one in settings}
    return {name: value for name, value in values.items() if value is not None}


def checked(flag: str, kind: Kind) -> Callable[[str], Value]:
    """Return what parses a flag's value and says in one line what was expected."""

    def parse(text: str) -> Value:
        try:
            return kind.parse(text)
        except UnfitError as error:
            raise InputError(f"{flag} {_shown(text)}: expected {error}") from None

    return parse


def _shown(text: str) -> str:
    short = text if len(text) <= _SHOWN_LENGTH else f"{text[:_SHOWN_LENGTH]}..."
    return short if short.isprintable() else repr(short)


def _default(setting: Setting) -> str:
    value = setting.unset if setting.default is None else setting.default
    # argparse takes a percent sign for the beginning of a field.
    return f" (default: {value})".replace("%", "%%")

"""What holds in the end: defaults, then files, then flags, each with its origin."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from recognizer.configuration.files import Given, read_file, usual_files
from recognizer.configuration.kinds import Value, to_toml
from recognizer.configuration.settings import Setting, Settings, all_settings, make_settings
from recognizer.errors import InputError

DEFAULT = "default"


@dataclass(frozen=True)
class Configuration:
    """The value of every setting, and where it came from.

    Attributes:
        given: one for each setting, in the order of the help.
        files: those that were read, in the order in which they were.

    """

    given: tuple[Given, ...]
    files: tuple[Path, ...]

    @property
    def settings(self) -> Settings:
        """The values, ready to use."""
        return make_settings({one.name: one.value for one in self.given})


def load_configuration(
    flags: Mapping[str, Value], file: Path | None, environment: Mapping[str, str]
) -> Configuration:
    """Return what files and flags say; flags win over files, and later files over earlier ones.

    Args:
        flags: values by the names of their settings, already checked.
        file: read instead of those in the usual places.
        environment: tells where the user's configuration lies.

    Raises:
        InputError: a file cannot be read or says what fits no setting; ``file`` does not exist.

    """
    settings = tuple(all_settings())
    layers = dict(_read(file, environment, settings))
    holding = {one.name: Given(one.name, one.default, DEFAULT) for one in settings}
    holding |= {one.name: one for layer in layers.values() for one in layer}
    holding |= {name: Given(name, value, f"--{name}") for name, value in flags.items()}
    return Configuration(tuple(holding.values()), tuple(layers))


def as_toml(configuration: Configuration) -> Iterator[str]:
    """Yield the lines of a configuration file that says the same, with the origin of each value."""
    files = ", ".join(_printable(str(file)) for file in configuration.files)
    yield f"# files read: {files or 'none'}"
    settings = {setting.name: setting for setting in all_settings()}
    for one in configuration.given:
        yield _line(one, settings[one.name].unset)


def _line(one: Given, unset: str) -> str:
    if one.value is None:
        return f"# {one.name} is not set: {unset}"
    return f"{f'{one.name} = {to_toml(one.value)}':<24} # {_printable(one.origin)}"


def _printable(text: str) -> str:
    """Return a text that may stand in a comment: a file's name can hold anything."""
    return "".join(c if c.isprintable() else ascii(c)[1:-1] for c in text)


def _read(
    file: Path | None, environment: Mapping[str, str], settings: Sequence[Setting]
) -> Iterable[tuple[Path, list[Given]]]:
    for path in [file] if file else usual_files(environment):
        try:
            yield path, list(read_file(path, settings))
        except FileNotFoundError:
            if file:
                raise InputError(f"--config {file}: no such file, expected TOML") from None

"""digit-listen: spoken digits from a microphone, a recording or a pipe, as they are spoken."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from recognizer.commands.console import argument_parser, log_to_standard_error, run_command
from recognizer.commands.flags import add_setting, add_settings, checked, given
from recognizer.errors import InputError

if TYPE_CHECKING:
    from recognizer.configuration.effective import Configuration
    from recognizer.configuration.settings import Setting

DEMO = Path(__file__).parents[1] / "models" / "digits.flac"
DEFAULT_RATE = 16_000

USAGE = """%(prog)s [--input FILE | --demo | --device NAME] [option ...]
       %(prog)s --list-devices | --print-config | --install-unit user|system"""
DESCRIPTION = "Print the digits that are spoken into the microphone, as they are spoken."
EPILOG = """Prints the start of each word in seconds, the word and its probability; with --json
one object a line. Exit status: 0 done, 1 failed, 2 wrong usage or input, 130 interrupted.
SIGTERM ends it as the end of a recording does. Where no terminal is attached SIGHUP reloads the
configuration files and the model."""
CONFIGURATION = """Files in TOML may set all below but what is for one run (--input, --demo, --rate,
--live), by the names of the flags, as in: look-ahead = 0.2. Flags win. Without --config, what
$XDG_CONFIG_HOME/digit-listen/config.toml says (~/.config if that is not set) wins over
/etc/digit-listen.toml."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command and return its exit status."""
    return run_command(lambda: _run(argv))


def _run(argv: Sequence[str] | None) -> None:
    from recognizer.configuration.settings import all_settings

    settings = tuple(all_settings())
    options = _parser(settings).parse_args(argv)
    log_to_standard_error()
    if options.list_devices:
        _list_devices()
    elif options.install_unit:
        _install_unit(options)
    elif options.dry_run:
        raise InputError("--dry-run was given without --install-unit, it shows what that writes")
    elif options.print_config:
        _print_configuration(_loader(options, settings)())
    else:
        _listen(options, _loader(options, settings))


def _parser(settings: Sequence[Setting]) -> argparse.ArgumentParser:
    from recognizer.configuration.settings import OUTPUT, SOURCE

    parser = argument_parser(DESCRIPTION, EPILOG)
    parser.usage = USAGE
    _add_configuration(parser)
    _add_sources(parser, [one for one in settings if one.group == SOURCE])
    add_settings(parser, [one for one in settings if one.group not in (SOURCE, OUTPUT)])
    _add_formats(parser, [one for one in settings if one.group == OUTPUT])
    _add_installation(parser)
    return parser


def _add_configuration(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group("configuration", CONFIGURATION)
    group.add_argument(
        "--config", type=Path, metavar="FILE", help="read this file instead of those"
    )
    group.add_argument(
        "--print-config",
        action="store_true",
        help="print all settings as such a file, with the origin of each",
    )


def _add_sources(parser: argparse.ArgumentParser, settings: Sequence[Setting]) -> None:
    from recognizer.audio import HIGHEST_RATE, LOWEST_RATE
    from recognizer.configuration.kinds import Number
    from recognizer.configuration.settings import SOURCE

    group = parser.add_argument_group(SOURCE)
    sources = group.add_mutually_exclusive_group()
    sources.add_argument(
        "--input", metavar="FILE", help="a recording, or - for raw 16-bit mono on standard input"
    )
    sources.add_argument("--demo", action="store_true", help="listen to the bundled recording")
    sources.add_argument("--list-devices", action="store_true", help="list the microphones")
    for setting in settings:
        add_setting(sources if setting.name == "device" else group, setting)
    group.add_argument(
        "--rate",
        type=checked("--rate", Number(int, LOWEST_RATE, HIGHEST_RATE, " Hz", "HZ")),
        metavar="HZ",
        help=f"sample rate of --input - in Hz (default: {DEFAULT_RATE})",
    )


def _add_formats(parser: argparse.ArgumentParser, settings: Sequence[Setting]) -> None:
    from recognizer.configuration.settings import OUTPUT

    group = parser.add_argument_group(OUTPUT)
    formats = group.add_mutually_exclusive_group()
    for setting in settings:
        add_setting(formats if setting.name == "json" else group, setting)
    formats.add_argument(
        "--live",
        action="store_true",
        help="draw level, gate, probabilities and detections on the terminal",
    )


def _add_installation(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group("running under systemd")
    group.add_argument(
        "--install-unit",
        choices=("user", "system"),
        help="write a unit: for your session, or for an appliance without users",
    )
    group.add_argument(
        "--dry-run", action="store_true", help="print the unit that would be written"
    )


def _loader(
    options: argparse.Namespace, settings: Sequence[Setting]
) -> Callable[[], Configuration]:
    """Return what reads the files as they are now, below the flags of this run."""
    from recognizer.configuration.effective import load_configuration

    flags = given(options, settings)
    return lambda: load_configuration(flags, options.config, os.environ)


def _print_configuration(configuration: Configuration) -> None:
    from recognizer.configuration.effective import as_toml

    print("\n".join(as_toml(configuration)))


def _install_unit(options: argparse.Namespace) -> None:
    from recognizer.service.unit_files import install, unit_for

    unit = unit_for(options.install_unit, os.environ)
    if options.dry_run:
        print(unit.text, end="")
    else:
        install(unit)
        print(unit.advice, end="")


def _list_devices() -> None:
    from recognizer.sources.input_devices import choose_device, input_devices

    devices = input_devices()
    default = choose_device(devices, None)
    for device in devices:
        mark = "*" if device == default else " "
        print(f"{mark} {device.index:3d}  {device.name}  ({device.sample_rate} Hz)")


def _listen(options: argparse.Namespace, load: Callable[[], Configuration]) -> None:
    from recognizer.commands.sources import STANDARD_INPUT, Run
    from recognizer.commands.wiring import make_daemon
    from recognizer.service.requests import Requests

    recording = str(DEMO) if options.demo else options.input
    if options.rate is not None and recording != STANDARD_INPUT:
        raise InputError("--rate was given without --input -, a recording knows its own rate")
    if options.wait and recording is not None:
        raise InputError("--wait was given without a microphone, a recording is there or not")
    run = Run(recording, options.rate or DEFAULT_RATE, options.live)
    requests = Requests()
    # A terminal that closes sends SIGHUP, too, and means the end.
    with requests.heeded(reloads=not sys.stderr.isatty()):
        make_daemon(run, lambda: load().settings, requests).run()

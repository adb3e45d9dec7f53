"""digit-listen: spoken digits from a microphone, a recording or a pipe, as they are spoken."""

from __future__ import annotations

import argparse
import logging
import os
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from recognizer.commands.console import (
    argument_parser,
    before_each_log_line,
    log_to_standard_error,
    run_command,
)
from recognizer.commands.flags import add_decoder_flags, decoder_parameters, number, vad
from recognizer.errors import DeviceError, InputError

if TYPE_CHECKING:
    from recognizer.audio import Block
    from recognizer.detection import Detection
    from recognizer.live.view import LiveView
    from recognizer.sinks import Sink
    from recognizer.sources.audio_file import AudioFile
    from recognizer.sources.steady_microphone import SteadyMicrophone

logger = logging.getLogger(__name__)

DEMO = Path(__file__).parents[1] / "models" / "digits.flac"
STANDARD_INPUT = "-"
DEFAULT_RATE = 16_000


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command and return its exit status."""
    return run_command(lambda: _run(argv))


def _run(argv: Sequence[str] | None) -> None:
    options = _parse(argv)
    log_to_standard_error()
    if options.list_devices:
        _list_devices()
    else:
        _listen(options)


def _parse(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = argument_parser(
        "Print the digits that are spoken into the microphone, as they are spoken.",
        "Prints the start of each word in seconds, the word and its probability; with --json one "
        "object a line. Exit status: 0 done, 1 failed, 2 wrong usage or input, 130 interrupted.",
    )
    _add_sources(parser)
    _add_recognition(parser)
    add_decoder_flags(parser)
    _add_formats(parser)
    options = parser.parse_args(argv)
    if options.rate is not None and options.input != STANDARD_INPUT:
        raise InputError("--rate was given without --input -, a recording knows its own rate")
    if options.wait and (options.input is not None or options.demo):
        raise InputError("--wait was given without a microphone, a recording is there or not")
    return options


def _add_sources(parser: argparse.ArgumentParser) -> None:
    from recognizer.audio import HIGHEST_RATE, LOWEST_RATE

    sources = parser.add_mutually_exclusive_group()
    sources.add_argument(
        "--input", metavar="FILE", help="a recording, or - for raw 16-bit mono on standard input"
    )
    sources.add_argument("--demo", action="store_true", help="listen to the bundled recording")
    sources.add_argument(
        "--device", metavar="NAME", help="microphone: part of its name, or its number"
    )
    sources.add_argument("--list-devices", action="store_true", help="list the microphones")
    parser.add_argument(
        "--wait",
        action="store_true",
        help="wait for a microphone that is missing instead of failing",
    )
    parser.add_argument(
        "--rate",
        type=number(int, "--rate", LOWEST_RATE, HIGHEST_RATE, " Hz"),
        metavar="HZ",
        help=f"sample rate of --input - in Hz (default: {DEFAULT_RATE})",
    )


def _add_recognition(parser: argparse.ArgumentParser) -> None:
    from recognizer.bundled import DEFAULT_MODEL
    from recognizer.listener import DEFAULT_VAD
    from recognizer.providers import AUTO, PROVIDERS
    from recognizer.windows import DEFAULT_HOP

    parser.add_argument("--model", default=DEFAULT_MODEL, help="bundled model, or an ONNX file")
    parser.add_argument("--provider", choices=PROVIDERS, default=AUTO, help="what runs the model")
    parser.add_argument(
        "--hop",
        type=number(float, "--hop", 0.01, 0.5, " s"),
        default=DEFAULT_HOP,
        metavar="SECONDS",
        help="time from one look at the last second to the next, in seconds, 0.01 to 0.5",
    )
    parser.add_argument(
        "--vad",
        type=vad,
        default=str(DEFAULT_VAD),
        metavar="0..3|off",
        help="voice activity: 0 lets most sound through, 3 only clear speech; off: everything",
    )


def _add_formats(parser: argparse.ArgumentParser) -> None:
    formats = parser.add_mutually_exclusive_group()
    formats.add_argument("--json", action="store_true", help="print one JSON object a line")
    formats.add_argument(
        "--live",
        action="store_true",
        help="draw level, gate, probabilities and detections on the terminal",
    )


def _list_devices() -> None:
    from recognizer.sources.input_devices import choose_device, input_devices

    devices = input_devices()
    default = choose_device(devices, None)
    for device in devices:
        mark = "*" if device == default else " "
        print(f"{mark} {device.index:3d}  {device.name}  ({device.sample_rate} Hz)")


def _listen(options: argparse.Namespace) -> None:
    from recognizer.listener import Listener
    from recognizer.recognizer import Recognizer

    with ExitStack() as stack:
        recognizer = stack.enter_context(Recognizer(options.model, provider=options.provider))
        logger.info("model %s runs on %s", options.model, recognizer.provider)
        view = _live_view(recognizer.labels) if options.live else None
        source = _source(options, stack, shows_progress=view is None and sys.stderr.isatty())
        listener = Listener(
            recognizer,
            source,
            hop=options.hop,
            vad=options.vad,
            parameters=decoder_parameters(options),
            monitor=view.show if view else None,
        )
        _report(listener, view or _line_sink(options.json), view or nullcontext())


def _live_view(labels: Sequence[str]) -> LiveView | None:
    from recognizer.live.terminal import can_draw, has_colour, terminal_size
    from recognizer.live.view import LiveView

    terminal = sys.stdout
    if not can_draw(terminal, os.environ):
        logger.info("standard output is no terminal to draw on, so --live prints plain lines")
        return None
    colour = has_colour(terminal, os.environ)
    view = LiveView(labels, terminal, lambda: terminal_size(terminal), colour=colour)
    before_each_log_line(view.make_room)
    return view


def _line_sink(as_json: bool) -> Sink:
    from recognizer.sinks import JsonSink, TextSink

    return JsonSink(sys.stdout) if as_json else TextSink(sys.stdout)


def _report(
    detections: Iterable[Detection], sink: Sink, open_while: AbstractContextManager[object]
) -> None:
    count = 0
    try:
        with open_while:
            for detection in detections:
                count += 1
                sink.write(detection)
    finally:
        logger.info("words heard: %d", count)


def _source(
    options: argparse.Namespace, stack: ExitStack, *, shows_progress: bool
) -> Iterable[Block]:
    if options.input == STANDARD_INPUT:
        from recognizer.sources.raw_stream import RawStream

        if sys.stdin is None:
            raise InputError("standard input is closed, expected raw 16-bit mono samples")
        rate = options.rate or DEFAULT_RATE
        logger.info("listening to standard input, %d Hz", rate)
        pipe = stack.enter_context(os.fdopen(sys.stdin.fileno(), "rb", closefd=False))
        return RawStream(pipe, rate)
    if options.input is not None or options.demo:
        recording = _recording(DEMO if options.demo else options.input, stack)
        return _with_progress(recording, sys.stderr) if shows_progress else recording
    return stack.enter_context(_microphone(options.device, wait=options.wait))


def _recording(path: str | Path, stack: ExitStack) -> AudioFile:
    from recognizer.sources.audio_file import AudioFile

    recording = stack.enter_context(AudioFile(path))
    logger.info("listening to %s, %.1f s, %d Hz", path, recording.duration, recording.sample_rate)
    if recording.duration < 1:
        logger.warning("%s is shorter than a second; digit-classify can tell such clips", path)
    return recording


def _with_progress(recording: AudioFile, terminal: TextIO) -> Iterator[Block]:
    shown = -1
    for block in recording:
        percent = min(100, int(100 * block.end / recording.duration))
        if percent > shown:
            shown = percent
            print(f"\r{percent:3d} %\r", end="", file=terminal, flush=True)
        yield block


def _microphone(device: str | None, *, wait: bool) -> SteadyMicrophone:
    from recognizer.sources.input_devices import NoMicrophoneError
    from recognizer.sources.steady_microphone import SteadyMicrophone

    try:
        return SteadyMicrophone(device, wait=wait)
    except NoMicrophoneError as error:
        raise DeviceError(f"{error}, or try digit-listen --demo") from None

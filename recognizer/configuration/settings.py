"""Every setting there is: its kind, its default, its help. To add one, add it twice below."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields

from recognizer.bundled import DEFAULT_MODEL
from recognizer.configuration.kinds import Choice, Kind, Number, Switch, Text, Value
from recognizer.decoding.decoder import DecoderParameters
from recognizer.listener import DEFAULT_VAD
from recognizer.providers import AUTO, PROVIDERS
from recognizer.windows import DEFAULT_HOP

OFF = "off"

_LONGEST = 3.0
_MOST_LOGITS = 10.0
_MOST_DECIBELS = 100.0
_LONGEST_LOOK_AHEAD = 0.8
"""A frame that no window hears enough beyond would never count."""


@dataclass(frozen=True)
class Settings:
    """What holds for one run, from its start or its last reload on.

    Attributes:
        device: microphone: part of its name, or its number; None for the default one.
        wait: whether to wait for a microphone that is missing, and for one that is lost.
        model: name of a bundled model, or path of an ONNX file.
        provider: what runs the model: "auto", "cpu" or "cuda".
        hop: seconds from one window to the next, 0.01 to 0.5.
        vad: webrtcvad aggressiveness 0..3, or "off" to classify every window.
        json: whether to print JSON lines instead of text.
        socket: path of a Unix socket that hands detections on; None for none.
        exec: command that is run for each detection; None for none.
        wyoming: address of a Wyoming server, tcp:// or unix://; None for none.
        metrics: address of metrics for Prometheus, HOST:PORT; None for none.
        decoder: what decides about words.

    """

    device: str | None = None
    wait: bool = False
    model: str = DEFAULT_MODEL
    provider: str = AUTO
    hop: float = DEFAULT_HOP
    vad: int | str = DEFAULT_VAD
    json: bool = False
    socket: str | None = None
    exec: str | None = None
    wyoming: str | None = None
    metrics: str | None = None
    decoder: DecoderParameters = field(default_factory=DecoderParameters)

    @property
    def aggressiveness(self) -> int | None:
        """Of the voice activity detection, 0..3; None for off."""
        return self.vad if isinstance(self.vad, int) else None


@dataclass(frozen=True)
class Setting:
    """What can be set by a flag and in a file.

    Attributes:
        name: the flag without its dashes, which is the key in files, too.
        kind: what fits.
        help: what it is for, in the words of the flag's help.
        group: heading in the help.
        unset: what holds where neither flag nor file says anything and there is no default value.

    """

    name: str
    kind: Kind
    help: str
    group: str
    unset: str = ""

    @property
    def flag(self) -> str:
        """The flag with its dashes."""
        return f"--{self.name}"

    @property
    def field(self) -> str:
        """The name in Settings or DecoderParameters."""
        return self.name.replace("-", "_")

    @property
    def is_decoders(self) -> bool:
        """Whether it is a parameter of the decoder."""
        return self.field in {parameter.name for parameter in fields(DecoderParameters)}

    @property
    def default(self) -> Value | None:
        """The value that holds where nothing else is said; None for the one in ``unset``."""
        settings = Settings()
        value: Value | None = getattr(
            settings.decoder if self.is_decoders else settings, self.field
        )
        return value


SOURCE = "what to listen to"
RECOGNITION = "recognition"
OUTPUT = "output"
DECISIONS = "decisions"
FRAMES = "decisions of models with frames, such as edge"
WINDOWS = "decisions of models without"


def all_settings() -> Iterator[Setting]:
    """Yield every setting, in the order of the help."""
    yield from _source_settings()
    yield from _recognition_settings()
    yield from decoder_settings()
    yield from _output_settings()


def make_settings(values: Mapping[str, Value | None]) -> Settings:
    """Return the settings with these values by name; those not among them are at their default."""
    own: dict[str, Value | None] = {}
    decoders: dict[str, Value | None] = {}
    for setting in all_settings():
        if setting.name in values:
            (decoders if setting.is_decoders else own)[setting.field] = values[setting.name]
    # The kinds made sure that each value has the type of its field.
    return Settings(**own, decoder=DecoderParameters(**decoders))  # type: ignore[arg-type]


def _source_settings() -> Iterator[Setting]:
    name = Text("part of a microphone's name, or its number", "NAME")
    help_ = "microphone: part of its name, or its number"
    yield Setting("device", name, help_, SOURCE, unset="the default one")
    yield Setting("wait", Switch(), "wait for the microphone as long as there is none", SOURCE)


def _recognition_settings() -> Iterator[Setting]:
    model = Text("a bundled model, or an ONNX file", "MODEL")
    yield Setting("model", model, "bundled model, or an ONNX file", RECOGNITION)
    provider = Choice(PROVIDERS, "{" + ",".join(PROVIDERS) + "}")
    yield Setting("provider", provider, "what runs the model", RECOGNITION)
    yield Setting(
        "hop",
        Number(float, 0.01, 0.5, " s", "SECONDS"),
        "time from one look at the last second to the next, in seconds, 0.01 to 0.5",
        RECOGNITION,
    )
    yield Setting(
        "vad",
        Choice((0, 1, 2, 3, OFF), "0..3|off"),
        "voice activity: 0 lets most sound through, 3 only clear speech; off: everything",
        RECOGNITION,
    )


def _output_settings() -> Iterator[Setting]:
    yield Setting("json", Switch(), "print one JSON object a line", OUTPUT)
    for name, metavar, expected, help_ in (
        ("socket", "FILE", "a path", "Unix socket that gives JSON lines to whoever connects"),
        (
            "exec",
            "COMMAND",
            "a program and its arguments",
            "run this for each detection, without a shell, with the event in DIGIT_LISTEN_LABEL "
            "and so on, and as a JSON line on its standard input",
        ),
        (
            "wyoming",
            "URI",
            "tcp://:PORT, tcp://HOST:PORT or unix:///PATH",
            "serve Wyoming clients, who send sound of their own, at tcp://:PORT of this machine "
            "alone, tcp://HOST:PORT or unix:///PATH",
        ),
        (
            "metrics",
            "ADDRESS",
            ":PORT, HOST:PORT or [IPV6]:PORT",
            "serve metrics for Prometheus, at :PORT of this machine alone or HOST:PORT",
        ),
    ):
        yield Setting(name, Text(expected, metavar), help_, OUTPUT, unset="none")


def decoder_settings() -> Iterator[Setting]:
    """Yield a setting for every parameter of the decoder, by the models that heed it."""
    yield Setting(
        "threshold",
        _SHARE,
        "least probability of a detection, 0 to 1",
        DECISIONS,
        unset="what the model says",
    )
    yield Setting(
        "patience", _SECONDS, "quiet behind a word until it is decided at the latest", DECISIONS
    )
    yield from _frame_settings()
    yield from _window_settings()


def _frame_settings() -> Iterator[Setting]:
    look_ahead = Number(float, 0, _LONGEST_LOOK_AHEAD, " s", "SECONDS")
    logits = Number(float, 0, _MOST_LOGITS, " logits", "LOGITS")
    unnoticed = "most of other speech there that goes unnoticed"
    for name, kind, help_ in (
        ("embedded", Switch(), "report keywords among other words, too"),
        (
            "caution",
            Number(float, -_MOST_LOGITS, _MOST_LOGITS, " logits", "LOGITS"),
            "how much more evidence than the model's own threshold asks for is needed in a stream",
        ),
        ("beside", _SHARE, "least probability right beside a sure keyword, 0 to 1"),
        ("sure", _SHARE, "least probability of a keyword that vouches for those beside it, 0 to 1"),
        ("eagerness", logits, "how much more evidence the earliest decision needs, in logits"),
        ("look-ahead", look_ahead, "what a window must have heard beyond a frame for it to count"),
        ("pause", _SECONDS, "quiet behind a word until it is decided at the earliest"),
        (
            "string",
            _SECONDS,
            "what may be behind a reported keyword until the next one of its string",
        ),
        ("trust", logits, "by how much a string that was begun speaks for what goes on with it"),
        (
            "fainter",
            Number(float, 0, _MOST_DECIBELS, " dB", "DB"),
            "by how much a word of a string may be quieter than the one before it",
        ),
        ("before", _SECONDS, "what must be free of other speech before a keyword"),
        ("before-tolerance", _SECONDS, unnoticed),
        ("after", _SECONDS, "what must be free of other speech behind a keyword"),
        ("after-tolerance", _SECONDS, unnoticed),
        ("memory", _SECONDS, "how long before a keyword any other speech speaks against it"),
        ("distrust", logits, "by how much a second of that does, in logits"),
    ):
        yield Setting(name, kind, help_, FRAMES)


def _window_settings() -> Iterator[Setting]:
    for name, kind, help_ in (
        ("settle", _SECONDS, "quiet behind a word until it is decided at the earliest"),
        (
            "ballots",
            Number(int, 1, 100, " windows", "N"),
            "windows that hear a word whole, enough to decide before patience is over",
        ),
        ("coverage", _SHARE, "least part of a word that a window must have heard, 0 to 1"),
    ):
        yield Setting(name, kind, help_, WINDOWS)


_SHARE = Number(float, 0, 1, "", "SHARE")
_SECONDS = Number(float, 0, _LONGEST, " s", "SECONDS")

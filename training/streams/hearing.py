"""Plays scenes to a listener, faster than real time, at one or many thresholds."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from recognizer.audio import SAMPLE_RATE, Block
from recognizer.decoding.decoder import DecoderParameters
from recognizer.gate import FRAME_SAMPLES
from recognizer.listener import Listener
from recognizer.pipeline import WindowClassifier
from training.progress import Progress
from training.streams.remembering import RememberingClassifier
from training.streams.scene import Heard, Scene

QUIET_SECONDS = 1.0
"""Seconds of quiet before and behind each scene, so that the gate is closed at either end."""

_LEVEL_FRAME = 320
_QUIETEST, _LOUDEST = 10 ** (-75 / 20), 10 ** (-45 / 20)

Clock = Callable[[], float]


class Playback:
    """A scene as a source: quiet, the scene, quiet, in blocks of 30 ms.

    The quiet is noise about as loud as the scene's own pauses, -75 to -45 dBFS; it is the same in
    every playback of a scene.
    """

    def __init__(self, scene: Scene) -> None:
        self._samples = with_quiet(scene.samples)
        self._given = 0

    @property
    def time(self) -> float:
        """How much of the scene was given out, in seconds from its start; negative before it."""
        return self._given / SAMPLE_RATE - QUIET_SECONDS

    def __iter__(self) -> Iterator[Block]:
        """Yield the blocks; stream time 0 is the start of the quiet."""
        for first in range(0, len(self._samples), FRAME_SAMPLES):
            samples = self._samples[first : first + FRAME_SAMPLES]
            self._given = first + len(samples)
            yield Block(samples, first / SAMPLE_RATE)


@dataclass(frozen=True)
class Sweep:
    """Scenes as they were heard at several thresholds.

    Attributes:
        heard: for each threshold, the scenes in the order in which they were given; None stands
            for the thresholds that the model was calibrated to.
        sound_seconds: how much was played once.
        work_seconds: how long hearing that once took.

    """

    heard: Mapping[float | None, tuple[Heard, ...]]
    sound_seconds: float
    work_seconds: float


def hear(classifier: WindowClassifier, scene: Scene, threshold: float | None = None) -> Heard:
    """Return what a listener with its defaults reports in a scene.

    Args:
        classifier: tells the words apart.
        scene: what is played.
        threshold: least probability of a detection, 0..1; None takes the model's own.

    Returns:
        Detections whose times are seconds from the start of the scene; ``time`` is how much of
        the scene the listener had taken when it reported.

    """
    playback = Playback(scene)
    parameters = None if threshold is None else DecoderParameters(threshold=threshold)
    listener = Listener(classifier, playback, parameters=parameters)
    detections = tuple(
        dataclasses.replace(
            detection,
            start=detection.start - QUIET_SECONDS,
            end=detection.end - QUIET_SECONDS,
            time=playback.time,
        )
        for detection in listener
    )
    return Heard(scene, detections)


def hear_all(
    classifier: WindowClassifier,
    scenes: Sequence[Scene],
    thresholds: Sequence[float | None],
    *,
    clock: Clock,
    progress: Progress,
    title: str,
) -> Sweep:
    """Play all scenes at all thresholds; the model hears every window once.

    Args:
        classifier: tells the words apart.
        scenes: what is played.
        thresholds: as in ``hear``, at least one; how long hearing takes is measured at the first.
        clock: returns seconds.
        progress: shows how far it is.
        title: of the work, to be shown.

    """
    heard: dict[float | None, list[Heard]] = {threshold: [] for threshold in thresholds}
    work = 0.0
    for scene in progress(scenes, title):
        remembering = RememberingClassifier(classifier)
        for threshold in thresholds:
            begin = clock()
            heard[threshold].append(hear(remembering, scene, threshold))
            work += clock() - begin if threshold == thresholds[0] else 0.0
    sound = sum(scene.seconds + 2 * QUIET_SECONDS for scene in scenes)
    return Sweep({key: tuple(value) for key, value in heard.items()}, sound, work)


def with_quiet(samples: NDArray[np.int16]) -> NDArray[np.float32]:
    """Return a scene's samples, float32 in -1..1, with a second of quiet noise on either side."""
    sound = samples.astype(np.float32) / np.float32(32_768)
    count = round(QUIET_SECONDS * SAMPLE_RATE)
    noise = np.random.default_rng(0).standard_normal((2, count), dtype=np.float32)
    noise *= np.float32(_quiet_level(sound))
    return np.concatenate([noise[0], sound, noise[1]])


def _quiet_level(sound: NDArray[np.float32]) -> float:
    frames = len(sound) // _LEVEL_FRAME
    if not frames:
        return _QUIETEST
    power = np.square(sound[: frames * _LEVEL_FRAME]).reshape(frames, _LEVEL_FRAME).mean(axis=1)
    return float(np.clip(np.sqrt(np.quantile(power, 0.1)), _QUIETEST, _LOUDEST))

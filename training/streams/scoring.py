"""From what was heard in a scene to scores by source and to mistakes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Generic

from recognizer.detection import Detection
from recognizer.metadata import OTHER
from training.recordings.utterances import is_segment_length
from training.streams.edit_distance import Edits, compare, duplicates
from training.streams.matching import Matching, closest, match
from training.streams.mistakes import Fault, Mistake
from training.streams.scene import Heard, Phrase, Scene, Word
from training.streams.scores import AlarmScore, AnyScore, StringScore, WordScore, total

BETWEEN = "between words"
"""Stands for the source of what was reported where no word is."""


@dataclass(frozen=True)
class Count(Generic[AnyScore]):
    """The score of one piece of a scene.

    Attributes:
        source: the collection that the piece comes from.
        score: of the piece.
        mistakes: in the piece.

    """

    source: str
    score: AnyScore
    mistakes: tuple[Mistake, ...] = ()


@dataclass(frozen=True)
class Tally(Generic[AnyScore]):
    """The score of many scenes.

    Attributes:
        all: of all sources.
        by_source: of each source.
        mistakes: in the order of the scenes.

    """

    all: AnyScore
    by_source: dict[str, AnyScore]
    mistakes: tuple[Mistake, ...]


def tally(
    heard: Iterable[Heard],
    count: Callable[[Heard], Iterable[Count[AnyScore]]],
    nothing: AnyScore,
) -> Tally[AnyScore]:
    """Add up what is counted in many scenes.

    Args:
        heard: the scenes.
        count: counts one scene, in pieces.
        nothing: the score of no sound.

    """
    counts = [piece for item in heard for piece in count(item)]
    groups: dict[str, list[AnyScore]] = defaultdict(list)
    for piece in counts:
        groups[piece.source].append(piece.score)
    return Tally(
        total((piece.score for piece in counts), nothing),
        {source: total(groups[source], nothing) for source in sorted(groups)},
        tuple(mistake for piece in counts for mistake in piece.mistakes),
    )


def count_strings(heard: Heard) -> Iterator[Count[StringScore]]:
    """Compare each phrase with the detections nearest to it, in order, whatever their times."""
    phrases = heard.scene.phrases
    detections: dict[int | None, list[Detection]] = defaultdict(list)
    for detection in heard.detections:
        detections[closest(detection, phrases)].append(detection)
    for index, phrase in enumerate(phrases):
        yield _string(heard.scene, phrase, detections[index])


def count_words(heard: Heard) -> Iterator[Count[WordScore]]:
    """Compare each word with the detections at its time."""
    words = [word for phrase in heard.scene.phrases for word in phrase.words]
    matching = match(words, heard.detections)
    found = {word: heard.detections[number] for word, number in matching.pairs}
    for index, word in enumerate(words):
        yield _word(heard.scene, word, found.get(index))
    yield from _surplus(heard, words, matching)


def count_alarms(heard: Heard) -> Iterator[Count[AlarmScore]]:
    """Take everything that was reported for a false alarm."""
    score = AlarmScore(len(heard.detections), heard.scene.seconds)
    said = " ".join(repr(str(phrase)) for phrase in heard.scene.phrases)
    mistakes = (_reported(Fault.ALARM, heard.scene, d, said) for d in heard.detections)
    yield Count(heard.scene.source, score, tuple(mistakes))


def _string(scene: Scene, phrase: Phrase, detections: Sequence[Detection]) -> Count[StringScore]:
    labels = [detection.label for detection in detections]
    edits = compare(phrase.words, labels)
    repeated = duplicates(edits, labels)
    score = StringScore(
        1,
        int(not edits.errors),
        sum(not word.optional for word in phrase.words),
        len(edits.substitutions),
        len(edits.deletions),
        len(edits.insertions),
        len(repeated),
    )
    return Count(phrase.source, score, tuple(_string_faults(scene, phrase, detections, edits)))


def _string_faults(
    scene: Scene, phrase: Phrase, detections: Sequence[Detection], edits: Edits
) -> Iterator[Mistake]:
    words, said = phrase.words, str(phrase)
    repeated = duplicates(edits, [detection.label for detection in detections])
    for i, j in edits.substitutions:
        yield _reported(Fault.WRONG, scene, detections[j], f"{words[i]} in {said!r}")
    for i in edits.deletions:
        text = f"{words[i]} in {said!r}"
        yield Mistake(Fault.MISSED, scene.name, words[i].start, words[i].end, text)
    for j in edits.insertions:
        fault = Fault.DUPLICATE if j in repeated else Fault.INSERTION
        yield _reported(fault, scene, detections[j], repr(said))


def _word(scene: Scene, word: Word, detection: Detection | None) -> Count[WordScore]:
    if detection is None:
        place = (scene.name, word.start, word.end, str(word))
        missed = Mistake(Fault.MISSED, *place, origin=word.origin)
        return Count(word.source, WordScore(1), () if word.label == OTHER else (missed,))
    if detection.label == word.label:
        # In a noisy recording the word's end is hidden, and it seems too long.
        is_clear = is_segment_length(word.end - word.start)
        latencies = (detection.time - word.end,) if is_clear else ()
        return Count(word.source, WordScore(1, right=1, latencies=latencies))
    mistake = _reported(Fault.WRONG, scene, detection, str(word), word.origin)
    return Count(word.source, WordScore(1, wrong=1), (mistake,))


def _surplus(heard: Heard, words: Sequence[Word], matching: Matching) -> Iterator[Count[WordScore]]:
    for number in matching.duplicates:
        detection = heard.detections[number]
        word = words[closest(detection, words) or 0]
        mistake = _reported(Fault.DUPLICATE, heard.scene, detection, str(word), word.origin)
        yield Count(word.source, WordScore(duplicates=1), (mistake,))
    for number in matching.insertions:
        mistake = _reported(Fault.INSERTION, heard.scene, heard.detections[number])
        yield Count(BETWEEN, WordScore(insertions=1), (mistake,))


def _reported(
    fault: Fault, scene: Scene, detection: Detection, said: str = "", origin: str = ""
) -> Mistake:
    start, end = scene.start + detection.start, scene.start + detection.end
    return Mistake(
        fault, scene.name, start, end, said, detection.label, detection.confidence, origin
    )

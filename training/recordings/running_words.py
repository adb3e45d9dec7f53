"""Running speech word by word, and words cut out of it as examples of what is no label.

Some words are held out: no training clip has them, and clips of other splits have nothing else,
so that rejection is judged on words and speakers that no training met.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from recognizer.metadata import OTHER
from training.progress import Progress
from training.recordings.alignment import Aligner, Alignment
from training.recordings.alignment_cache import (
    AlignmentCache,
    alignment_key,
    default_cache_file,
)
from training.recordings.audio_store import UnusableRecordingError, read_recording
from training.recordings.clip import Clip, Kind, Split
from training.recordings.passages import Passage, SaidWord
from training.recordings.splits import held_out_words
from training.recordings.transcripts import Utterance
from training.recordings.utterances import is_segment_length, spoken_labels


@dataclass(frozen=True)
class Vocabulary:
    """The words that may be cut out.

    Attributes:
        trained: for training.
        held_out: for validation and testing; none sounds like a word of training.

    """

    trained: frozenset[str]
    held_out: frozenset[str]

    def of(self, split: Split) -> frozenset[str]:
        """Return the words of a split."""
        return self.trained if split is Split.TRAINING else self.held_out


@dataclass(frozen=True)
class RunningSpeech:
    """What was found in utterances.

    Attributes:
        words: single words that cannot be taken for a label, as segments of OTHER.
        passages: the utterances whose words could all be found.

    """

    words: tuple[Clip, ...] = ()
    passages: tuple[Passage, ...] = ()


def running_speech(
    utterances: Sequence[Utterance],
    wanted: Sequence[Utterance],
    labels: Collection[str],
    progress: Progress,
) -> RunningSpeech:
    """Find the words of utterances, each with its times.

    Single words shorter than 0.15 s or longer than 0.85 s are left out. Alignments are kept in the
    user's cache folder. Recordings that cannot be read give nothing.

    Args:
        utterances: all there are; they decide which words are held out.
        wanted: those among them to cut words from.
        labels: the keywords.
        progress: shows how far it is.

    Raises:
        InputError: the package pocketsphinx is missing.

    """
    if not any(item.text for item in wanted):
        return RunningSpeech()
    aligner = Aligner()
    vocabulary = choose_words({word for item in utterances for word in item.words}, labels, aligner)
    aligned = _align_all([item for item in wanted if item.text], aligner, progress)
    words = [clip for item, found in aligned for clip in _clips(item, found, vocabulary)]
    passages = [_passage(item, found, labels, vocabulary) for item, found in aligned if found]
    return RunningSpeech(tuple(words), tuple(passages))


def choose_words(words: Collection[str], labels: Collection[str], aligner: Aligner) -> Vocabulary:
    """Return the words that share no pronunciation with a label, divided.

    "to" and "too" are left out where "two" is a label, "oh" and the letter "o" where "zero" is.
    """
    keywords = spoken_labels(labels)
    different = _unlike(set(words) - keywords, keywords, aligner)
    held_out = held_out_words(different)
    trained = different - held_out
    return Vocabulary(trained, _unlike(held_out, trained, aligner))


def _unlike(words: Collection[str], others: Collection[str], aligner: Aligner) -> frozenset[str]:
    """Return the words that share no pronunciation with any of the others."""
    taken = {sound for word in others for sound in aligner.pronunciations(word)}
    return frozenset(word for word in words if taken.isdisjoint(aligner.pronunciations(word)))


def _align_all(
    utterances: Sequence[Utterance], aligner: Aligner, progress: Progress
) -> list[tuple[Utterance, Alignment]]:
    cache = AlignmentCache(default_cache_file())
    try:
        bar = progress(utterances, "aligning words")
        return [(item, _align(item, aligner, cache)) for item in bar]
    finally:
        cache.save()


def _align(item: Utterance, aligner: Aligner, cache: AlignmentCache) -> Alignment:
    try:
        key = alignment_key(item.path.read_bytes(), item.text, aligner.version)
        return cache.recall(key, lambda: aligner.align(read_recording(item.path), item.text))
    except (OSError, UnusableRecordingError):
        # Whoever decodes all recordings says which are skipped, and why.
        return ()


def _clips(item: Utterance, alignment: Alignment, vocabulary: Vocabulary) -> Iterator[Clip]:
    for found in alignment:
        is_wanted = found.name in vocabulary.of(item.split)
        if is_wanted and is_segment_length(found.end - found.start):
            yield item.clip(OTHER, Kind.SEGMENT, found.name, found.start, found.end)


def _passage(
    item: Utterance, alignment: Alignment, labels: Collection[str], vocabulary: Vocabulary
) -> Passage:
    different = vocabulary.trained | vocabulary.held_out
    meant = _zero_for_oh(item, labels)
    said = ((meant.get(found.name, found.name), found) for found in alignment)
    words = [
        SaidWord(_label(word, labels, different), found.start, found.end) for word, found in said
    ]
    return Passage(item.path, item.split, tuple(words))


def _zero_for_oh(item: Utterance, labels: Collection[str]) -> dict[str, str]:
    """Return what is meant by words that are no label: among nothing but digits "oh" is zero."""
    keywords = spoken_labels(labels)
    return {word: "zero" for word in keywords - set(labels) if keywords.issuperset(item.words)}


def _label(word: str, labels: Collection[str], different: Collection[str]) -> str | None:
    if word in labels:
        return word
    return OTHER if word in different else None

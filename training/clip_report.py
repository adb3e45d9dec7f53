"""The report of a model on single words: figures, a text for people, JSON and a picture."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from matplotlib.figure import Figure
from numpy.typing import NDArray
from sklearn.metrics import classification_report, confusion_matrix

from recognizer.metadata import OTHER
from training.reliability import Reliability, measure_reliability

MOST_TAKEN = 10


@dataclass(frozen=True)
class TakenWord:
    """A word that is no keyword and was taken for one.

    Attributes:
        word: what was said; empty for clips of which that is not known.
        keyword: what it was taken for.
        taken: how often.
        clips: how often it was said.

    """

    word: str
    keyword: str
    taken: int
    clips: int


@dataclass(frozen=True)
class ClipReport:
    """Figures of a model on clips; shares are in 0..1.

    Attributes:
        keywords: names of the rows and columns of the confusion matrix.
        by_keyword: precision, recall, f1-score and support of each keyword when OTHER cannot be
            chosen, with "macro avg" and "weighted avg" over them.
        accuracy: keywords right when OTHER cannot be chosen.
        accuracy_with_other: keywords right when OTHER can be chosen.
        accepted_and_right: keywords right and at or above their threshold.
        false_acceptance: other clips whose most probable label is a keyword at or above its
            threshold; None without such clips.
        taken: the other words that most often were, at the threshold.
        keyword_clips: number of clips of keywords.
        other_clips: number of other clips.
        confusion: counts [spoken keyword, chosen keyword] when OTHER cannot be chosen.
        reliability: confidence beside accuracy over all clips, OTHER among the choices.

    """

    keywords: tuple[str, ...]
    by_keyword: Mapping[str, Mapping[str, float]]
    accuracy: float
    accuracy_with_other: float
    accepted_and_right: float
    false_acceptance: float | None
    taken: tuple[TakenWord, ...]
    keyword_clips: int
    other_clips: int
    confusion: tuple[tuple[int, ...], ...]
    reliability: Reliability

    def as_dictionary(self) -> dict[str, Any]:
        """Return the report as values that JSON can hold."""
        return asdict(self)


def report_clips(
    spoken: Sequence[str],
    probabilities: NDArray[np.float32],
    labels: Sequence[str],
    thresholds: Mapping[str, float],
    words: Sequence[str] = (),
) -> ClipReport:
    """Compare what was spoken with what a model answered.

    Args:
        spoken: a keyword or OTHER for each clip; at least one is a keyword.
        probabilities: [clips, labels].
        labels: of the model, in the order of its outputs.
        thresholds: of each keyword.
        words: what was said in each clip, where that is known.

    """
    keywords = tuple(label for label in labels if label != OTHER)
    columns = [labels.index(keyword) for keyword in keywords]
    truth = np.array(spoken)
    is_keyword = truth != OTHER
    chosen = np.array(labels)[probabilities.argmax(axis=1)]
    chosen_keyword = np.array(keywords)[probabilities[:, columns].argmax(axis=1)]
    least = np.array([thresholds.get(label, np.inf) for label in chosen])
    accepted = probabilities.max(axis=1) >= least
    said, heard = truth[is_keyword], chosen_keyword[is_keyword]
    others = accepted[~is_keyword]
    return ClipReport(
        keywords,
        _by_keyword(said, heard, keywords),
        float((said == heard).mean()),
        float((said == chosen[is_keyword]).mean()),
        float(((said == chosen[is_keyword]) & accepted[is_keyword]).mean()),
        float(others.mean()) if len(others) else None,
        _taken(np.array(words or spoken)[~is_keyword], chosen[~is_keyword], others),
        len(said),
        len(others),
        tuple(map(tuple, confusion_matrix(said, heard, labels=keywords).tolist())),
        measure_reliability(probabilities.max(axis=1), chosen == truth),
    )


def format_report(report: ClipReport) -> str:
    """Return the report as a table for people."""
    lines = [f"{'':<14}{'precision':>10}{'recall':>10}{'F1':>10}{'support':>10}"]
    for name, row in report.by_keyword.items():
        shares = "".join(f"{row[key]:>10.3f}" for key in ("precision", "recall", "f1-score"))
        lines.append(f"{name:<14}{shares}{int(row['support']):>10}")
    lines += [
        "",
        f"{100 * report.accuracy:6.1f} %  keywords right, {OTHER!r} never chosen",
        f"{100 * report.accuracy_with_other:6.1f} %  keywords right, {OTHER!r} among the choices",
        f"{100 * report.accepted_and_right:6.1f} %  keywords accepted at the threshold and right",
    ]
    if report.false_acceptance is not None:
        share = f"{100 * report.false_acceptance:6.1f} %"
        lines.append(f"{share}  of {report.other_clips} other clips taken for a keyword there")
    if report.taken:
        taken = (f"{t.word or '?'} as {t.keyword} {t.taken} of {t.clips}" for t in report.taken)
        lines.append(f"          most often: {', '.join(taken)}")
    error = f"{100 * report.reliability.error:6.1f} %"
    lines.append(f"{error}  expected calibration error of the confidence")
    return "\n".join(lines)


def format_robustness(reports: Mapping[str, ClipReport]) -> str:
    """Return a table with one row for each condition."""
    columns = ("right", "accepted", "other taken")
    lines = [f"{'':<18}{''.join(f'{column:>14}' for column in columns)}"]
    for condition, report in reports.items():
        shares = (report.accuracy, report.accepted_and_right, report.false_acceptance)
        cells = ("-" if share is None else f"{100 * share:.1f} %" for share in shares)
        lines.append(f"{condition:<18}{''.join(f'{cell:>14}' for cell in cells)}")
    return "\n".join(lines)


def draw_confusion(report: ClipReport, title: str, path: Path) -> None:
    """Draw the confusion matrix: spoken words down, chosen ones across, shares as colour."""
    counts = np.array(report.confusion)
    shares = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
    size = 2.5 + 0.6 * len(report.keywords)
    figure = Figure(figsize=(size, size), layout="constrained")
    axes = figure.subplots()
    axes.imshow(shares, cmap="Blues", vmin=0, vmax=1)
    ticks = range(len(report.keywords))
    axes.set_xticks(ticks, report.keywords, rotation=45, ha="right")
    axes.set_yticks(ticks, report.keywords)
    axes.set(title=title, xlabel="chosen", ylabel="spoken")
    for (row, column), count in np.ndenumerate(counts):
        colour = "white" if shares[row, column] > 0.6 else "black"
        axes.text(column, row, str(count or ""), ha="center", va="center", color=colour)
    figure.savefig(path, dpi=110)


def _taken(
    words: NDArray[np.str_], chosen: NDArray[np.str_], accepted: NDArray[np.bool_]
) -> tuple[TakenWord, ...]:
    said = Counter(words.tolist())
    pairs = zip(words[accepted].tolist(), chosen[accepted].tolist(), strict=True)
    return tuple(
        TakenWord(word, keyword, count, said[word])
        for (word, keyword), count in Counter(pairs).most_common(MOST_TAKEN)
    )


def _by_keyword(
    said: NDArray[np.str_], heard: NDArray[np.str_], keywords: tuple[str, ...]
) -> dict[str, dict[str, float]]:
    report: dict[str, dict[str, float]] = classification_report(
        said, heard, labels=list(keywords), output_dict=True, zero_division=0.0
    )
    rows = (*keywords, "macro avg", "weighted avg")
    return {row: report[row] for row in rows}

"""How many false alarms an hour, and how many there may be in truth."""

from __future__ import annotations

from scipy.stats import chi2

CONFIDENCE = 0.95


def most_events(count: int, confidence: float = CONFIDENCE) -> float:
    """Return the one-sided upper bound of the mean of a Poisson distribution, given a count.

    Exact: with a mean above the bound, so few events or fewer come up in less than 1 - confidence
    of all cases.

    Source: F. Garwood, "Fiducial limits for the Poisson distribution", Biometrika 28, 1936.

    Args:
        count: events seen, 0 or more.
        confidence: 0..1, without the ends.

    """
    return float(chi2.ppf(confidence, 2 * (count + 1)) / 2)

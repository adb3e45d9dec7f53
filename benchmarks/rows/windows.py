"""One window at a time, and sixty-four at once, against PyTorch, ONNX Runtime and NumPy."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from importlib.util import find_spec
from statistics import median

import numpy as np
from numpy.typing import NDArray

from benchmarks.figures import TIMES, Figure, Target, at_least
from benchmarks.interleaved import Clock, Timings, interleave, low_ratio, ratio
from benchmarks.options import Options
from recognizer import Recognizer
from recognizer.audio import SAMPLE_RATE
from recognizer.bundled import find_model
from recognizer.onnx_session import import_runtime

OURS = "digit-listen"
EAGER = "PyTorch eager, torchaudio features"
SPLIT = "PyTorch eager, half the batch in each of two threads"
COMPILED = "torch.compile, torchaudio features"
DEFAULT = "ONNX Runtime, default settings"
NUMPY = "ONNX Runtime, NumPy features"

LOW = "ratio that three of four rounds reach"

BATCH = 64
CORES = 2

_NETWORKS = ("edge", "parallel")
_ONE_WINDOW = {"edge": 6.0, "parallel": 5.0}
_AGAINST_NUMPY = 1.3
_BATCH_TIMES = 4.0

Work = Callable[[], object]
Works = dict[str, Work]
Missing = dict[str, str]


def one_window(options: Options, clock: Clock = time.process_time) -> list[Figure]:
    """Return the figures of one window at batch 1 on one thread.

    Processor time is taken: where cores are shared, the clock on the wall favours whoever is so
    fast that nobody else had a turn meanwhile.
    """
    return [figure for network in _NETWORKS for figure in _one_window(network, options, clock)]


def many_windows(options: Options) -> list[Figure]:
    """Return the figures of windows at batch 64 on two cores."""
    return [figure for network in _NETWORKS for figure in _many_windows(network, options)]


def noise(count: int) -> NDArray[np.float32]:
    """Return windows of noise: what they hold costs nothing more or less."""
    return np.random.default_rng(0).normal(0, 0.1, (count, SAMPLE_RATE)).astype(np.float32)


def _one_window(network: str, options: Options, clock: Clock) -> list[Figure]:
    windows = noise(1)
    works, missing = _peers(network, windows, options)
    with Recognizer(network, "cpu") as recognizer:
        works[OURS] = lambda: recognizer.classify_batch(windows)
        timings = interleave(works, options.rounds, options.turn_seconds, clock)
    what = f"{network}: one window, one thread, waveform to probabilities, against"
    against = [(EAGER, at_least(_ONE_WINDOW[network], TIMES)), (COMPILED, None), (DEFAULT, None)]
    against.insert(1, (NUMPY, at_least(_AGAINST_NUMPY, TIMES) if network == "parallel" else None))
    return [
        replace(
            _against(peer, target, timings, missing),
            row=f"window-{network}",
            what=f"{what} {peer}",
        )
        for peer, target in against
    ]


def _many_windows(network: str, options: Options) -> list[Figure]:
    """Return the figures against PyTorch's own threads, and against threads around PyTorch.

    Its own threads wait for each other by spinning, so they are slow where cores are shared.
    """
    windows = noise(BATCH)
    works, missing = _pytorch(network, windows, CORES)
    with Recognizer(network, "cpu") as recognizer, ThreadPoolExecutor(CORES) as pool:
        parts = np.array_split(windows, CORES)
        works[OURS] = lambda: list(pool.map(recognizer.classify_batch, parts))
        if EAGER in works:
            halves = [_pytorch(network, part, 1)[0][EAGER] for part in parts]
            works[SPLIT] = lambda: list(pool.map(lambda half: half(), halves))
        else:
            missing[SPLIT] = missing[EAGER]
        timings = interleave(works, options.rounds, 2 * options.turn_seconds)
    target = at_least(_BATCH_TIMES, TIMES)
    what = f"{network}: windows a second at batch {BATCH}, {CORES} cores, against"
    return [
        replace(
            _against(peer, target, timings, missing, BATCH),
            row=f"batch-{network}",
            what=f"{what} {peer}",
        )
        for peer in (EAGER, SPLIT)
    ]


def _peers(network: str, windows: NDArray[np.float32], options: Options) -> tuple[Works, Missing]:
    works, missing = _pytorch(network, windows, 1, compiles=options.compiles)
    works[DEFAULT] = _default_settings(network, windows)
    if find_spec("onnx") and find_spec("torch"):
        from benchmarks.numpy_features import with_numpy_features

        works[NUMPY] = with_numpy_features(network, windows)
    else:
        missing[NUMPY] = "onnx or torch is not installed"
    return works, missing


def _pytorch(
    network: str, windows: NDArray[np.float32], threads: int, *, compiles: bool = False
) -> tuple[Works, Missing]:
    if not (find_spec("torch") and find_spec("torchaudio")):
        reason = "torch or torchaudio is not installed"
        return {}, {EAGER: reason, COMPILED: reason}
    from benchmarks.pytorch import compiled, eager

    with Recognizer(network, "cpu") as recognizer:
        labels = len(recognizer.labels)
    works: Works = {EAGER: eager(network, labels, windows, threads)}
    missing: Missing = {} if compiles else {COMPILED: "not asked for"}
    if compiles:
        try:
            works[COMPILED] = compiled(network, labels, windows, threads)
        except RuntimeError as error:
            reason = str(error).strip().partition("\n")[0]
            missing[COMPILED] = f"torch.compile fails here: {reason[:80]}"
    return works, missing


def _default_settings(network: str, windows: NDArray[np.float32]) -> Work:
    runtime = import_runtime()
    session = runtime.InferenceSession(find_model(network), providers=["CPUExecutionProvider"])
    return lambda: session.run(["probabilities"], {"waveform": windows})


def _against(
    peer: str, target: Target | None, timings: Timings, missing: Missing, windows: int = 1
) -> Figure:
    """Return by how much a peer is slower; which row it is and what was measured is added."""
    if peer in missing:
        return Figure("", "", None, target, missing[peer], TIMES)
    times = {name: median(timings[name]) for name in (OURS, peer)}
    peers = {name: _shown(seconds, windows) for name, seconds in times.items()}
    details = {**times, LOW: low_ratio(timings, peer, OURS)}
    value = ratio(timings, peer, OURS)
    return Figure("", "", value, target, unit=TIMES, peers=peers, details=details)


def _shown(seconds: float, windows: int) -> str:
    one = windows == 1
    return f"{1e6 * seconds:.0f} us" if one else f"{windows / seconds:.0f} windows a second"

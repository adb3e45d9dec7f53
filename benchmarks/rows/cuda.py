"""What a GPU does: every node on it, the answers of the CPU, latency and windows a second."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from benchmarks.figures import SHARE, Figure, at_least, at_most
from benchmarks.interleaved import interleave
from benchmarks.options import Options
from benchmarks.rows.windows import noise
from recognizer import Recognizer
from recognizer.bundled import bundled_models, find_model
from recognizer.model_file import INPUT, PROBABILITIES, load_model
from recognizer.onnx_session import cuda_attempt, import_runtime
from recognizer.providers import choose_session

if TYPE_CHECKING:
    from onnxruntime import InferenceSession, IOBinding

_BATCHES = (64, 256, 1024, 4096, 8192)
_QUICK_BATCHES = (64, 1024)
_GRAPH_BATCH = 64
_EQUAL = 1e-4
_PROVIDER = "CUDAExecutionProvider"
_COPIES = ("MemcpyFromHost", "MemcpyToHost")


def cuda(options: Options) -> list[Figure]:
    """Return the figures of every bundled model on a GPU.

    Raises:
        ProviderError: CUDA does not work here; the message says what is missing.

    """
    choose_session(load_model(find_model(options.model)), "cuda")
    with cuda_attempt():
        return [figure for name in bundled_models() for figure in _figures(name, options)]


def _figures(name: str, options: Options) -> list[Figure]:
    placed, copies = _placement(name)
    row = f"cuda-{name}"
    figures = [
        Figure(row, f"{name}: nodes placed on CUDA", 100 * placed, at_least(100, SHARE)),
        Figure(row, f"{name}: copies between devices in the graph", copies, at_most(0, "copies")),
        Figure(
            row,
            f"{name}: largest difference of a probability from the CPU",
            1e6 * _difference(name),
            at_most(1e6 * _EQUAL, "millionths"),
        ),
    ]
    return [*figures, *_latencies(name, options), *_throughputs(name, options)]


def _session(name: str, profile: Path | None = None, **cuda_options: str) -> InferenceSession:
    onnxruntime = import_runtime()
    options = onnxruntime.SessionOptions()
    if profile:
        options.enable_profiling = True
        options.profile_file_prefix = str(profile / "profile")
    providers = [(_PROVIDER, {"use_tf32": "0", **cuda_options}), "CPUExecutionProvider"]
    return onnxruntime.InferenceSession(find_model(name), options, providers=providers)


def _placement(name: str) -> tuple[float, int]:
    """Return which share of the nodes that run are on the GPU, and how many copies there are."""
    with tempfile.TemporaryDirectory() as folder:
        session = _session(name, Path(folder))
        session.run([PROBABILITIES], {INPUT: noise(2)})
        text = Path(session.end_profiling()).read_text(encoding="utf-8")
    return placement_in(json.loads(text))


def placement_in(events: list[dict[str, object]]) -> tuple[float, int]:
    """Return the same from the events of ONNX Runtime's profile."""
    nodes: dict[object, tuple[object, object]] = {}
    for event in events:
        arguments = event.get("args")
        if event.get("cat") == "Node" and isinstance(arguments, dict) and "provider" in arguments:
            nodes[event["name"]] = arguments["op_name"], arguments["provider"]
    copies = sum(operator in _COPIES for operator, _ in nodes.values())
    on_gpu = sum(provider == _PROVIDER for _, provider in nodes.values())
    return on_gpu / max(1, len(nodes)), copies


def _difference(name: str) -> float:
    windows = noise(_GRAPH_BATCH)
    with Recognizer(name, "cpu") as cpu, Recognizer(name, "cuda") as gpu:
        return float(np.abs(cpu.classify_batch(windows) - gpu.classify_batch(windows)).max())


def _latencies(name: str, options: Options) -> Iterator[Figure]:
    """Yield the latency of one window: as an array, with bound memory, and as a CUDA graph."""
    with Recognizer(name, "cuda") as recognizer, _bound(name, 1) as bound, _graph(name, 1) as graph:
        window = noise(1)
        works: dict[str, Callable[[], object]] = {
            "array in, array out": lambda: recognizer.classify_batch(window),
            "memory bound on the GPU": bound,
            "CUDA graph, memory bound": graph,
        }
        timings = interleave(works, options.rounds, options.turn_seconds)
    for way, times in timings.items():
        yield Figure(f"cuda-{name}", f"{name}: one window, {way}", 1e6 * median(times), unit="us")


def _throughputs(name: str, options: Options) -> Iterator[Figure]:
    batches = _QUICK_BATCHES if options.quick else _BATCHES
    for batch in batches:
        with _bound(name, batch) as work:
            times = interleave({"": work}, options.rounds, options.turn_seconds)[""]
        what = f"{name}: windows a second at batch {batch}, memory bound on the GPU"
        yield Figure(f"cuda-{name}", what, batch / median(times))
    with _graph(name, _GRAPH_BATCH) as work:
        times = interleave({"": work}, options.rounds, options.turn_seconds)[""]
    what = f"{name}: windows a second at batch {_GRAPH_BATCH}, CUDA graph"
    yield Figure(f"cuda-{name}", what, _GRAPH_BATCH / median(times))


@contextmanager
def _bound(name: str, batch: int) -> Iterator[Callable[[], object]]:
    """Give what classifies windows that lie on the GPU; the answers stay there."""
    session = _session(name)
    binding = _binding(session, noise(batch))
    yield lambda: _run(session, binding)


@contextmanager
def _graph(name: str, batch: int) -> Iterator[Callable[[], object]]:
    """Give the same as a CUDA graph, recorded at the first call and replayed from then on."""
    session = _session(name, enable_cuda_graph="1")
    binding = _binding(session, noise(batch))
    yield lambda: _run(session, binding)


def _binding(session: InferenceSession, windows: NDArray[np.float32]) -> IOBinding:
    onnxruntime = import_runtime()
    labels = session.get_outputs()[0].shape[1]
    answer = onnxruntime.OrtValue.ortvalue_from_shape_and_type(
        [len(windows), labels], np.float32, "cuda", 0
    )
    binding = session.io_binding()
    sound = onnxruntime.OrtValue.ortvalue_from_numpy(windows, "cuda", 0)
    binding.bind_ortvalue_input(INPUT, sound)
    binding.bind_ortvalue_output(PROBABILITIES, answer)
    return binding


def _run(session: InferenceSession, binding: IOBinding) -> None:
    session.run_with_iobinding(binding)
    binding.synchronize_outputs()

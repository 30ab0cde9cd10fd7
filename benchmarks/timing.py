"""Timing in one process: warm-up, collector off, nanoseconds, medians and p99."""

from __future__ import annotations

import gc
import statistics
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Timing:
    """Milliseconds over all runs of one thing."""

    name: str
    runs: int
    median: float
    p99: float
    target: str = ""


def measure(name: str, calls: Iterable[Callable[[], object]], *, rounds: int, warm_up: int = 1, target: str = "") -> Timing:
    """Each call timed by itself, `rounds` times over all calls."""
    calls = list(calls)
    for _ in range(warm_up):
        for call in calls:
            call()
    taken: list[int] = []
    gc.collect()
    gc.disable()
    try:
        for _ in range(rounds):
            for call in calls:
                start = time.perf_counter_ns()
                call()
                taken.append(time.perf_counter_ns() - start)
    finally:
        gc.enable()
    taken.sort()
    place = min(len(taken) - 1, int(len(taken) * 0.99))
    return Timing(name, len(taken), statistics.median(taken) / 1e6, taken[place] / 1e6, target)

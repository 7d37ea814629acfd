"""Trials of rules in several processes: each loads the library once, since compiled patterns and validators do not travel."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context
from pathlib import Path
from typing import TypeAlias

from ccpolicy.assessment.library import Library, load_library
from ccpolicy.assessment.trials import Depth, Trial, try_rule, weight
from ccpolicy.errors import Problem, Refused
from ccpolicy.rulebook.rule import Case

Folders: TypeAlias = Sequence[tuple[Path, str]]
Cases: TypeAlias = Mapping[str, Sequence[Case]]
Tell: TypeAlias = Callable[[int, int], None]

WORTH_IT = 2500  # runs of cases below which a process takes longer to start than it saves

_library: Library | None = None  # of a worker


def cores() -> int:
    """The processors that this process may use."""
    allowed = getattr(os, "sched_getaffinity", None)
    return len(allowed(0)) if allowed is not None else os.cpu_count() or 1


def trials(library: Library, folders: Folders, shipped: bool, cases: Cases, depth: Depth, jobs: int, tell: Tell) -> list[Trial]:
    """The trial of each rule that has cases, in their order, whichever process did it."""
    weights = {name: weight(name, own, library, depth) for name, own in cases.items()}
    hands = min(jobs, len(cases))
    if hands > 1 and sum(weights.values()) >= WORTH_IT:
        try:
            done = _in_processes(hands, folders, shipped, cases, depth, sorted(cases, key=lambda name: -weights[name]), tell)
            return [done[name] for name in cases]
        except (BrokenProcessPool, NotImplementedError, OSError):
            pass  # the system has no room for processes: the same is done here
    return [_told(try_rule(name, own, library, depth), number, len(cases), tell) for number, (name, own) in enumerate(cases.items(), 1)]


def _told(trial: Trial, done: int, total: int, tell: Tell) -> Trial:
    tell(done, total)
    return trial


def _in_processes(
    hands: int, folders: Folders, shipped: bool, cases: Cases, depth: Depth, order: Sequence[str], tell: Tell
) -> dict[str, Trial]:
    """The trials by rule; the heaviest start first."""
    with ProcessPoolExecutor(hands, get_context("spawn"), _prepare) as pool:
        waiting = [pool.submit(_work, folders, shipped, name, cases[name], depth) for name in order]
        try:
            return _gathered(waiting, tell)
        except BaseException:
            pool.shutdown(cancel_futures=True)
            raise


def _gathered(waiting: Sequence[Future[Trial | tuple[Problem, ...]]], tell: Tell) -> dict[str, Trial]:
    done: dict[str, Trial] = {}
    for number, future in enumerate(as_completed(waiting), 1):
        trial = future.result()
        if not isinstance(trial, Trial):
            raise Refused(trial)
        done[trial.rule] = trial
        tell(number, len(waiting))
    return done


def _prepare() -> None:
    """A worker leaves it to the program to hear that it is interrupted."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def _work(folders: Folders, shipped: bool, name: str, cases: Sequence[Case], depth: Depth) -> Trial | tuple[Problem, ...]:
    """The trial of a rule, in a worker; problems, where the library can no longer be loaded."""
    global _library
    try:
        _library = load_library(folders, shipped) if _library is None else _library
    except Refused as refused:
        return refused.problems
    return try_rule(name, cases, _library, depth)

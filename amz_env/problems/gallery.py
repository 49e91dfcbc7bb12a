"""A page that shows one problem of each family of the built-in sets: `python -m amz_env.problems.gallery FILE`."""

import sys
import textwrap
from collections.abc import Iterable, Iterator
from pathlib import Path

from amz_env.problems.base import Draft, WrittenStep, rng_of
from amz_env.problems.generated import BUILTIN, TRAINING_SETS, families
from amz_env.problems.students import perfect

PAGE = Path("docs/gallery.md")
COMMAND = "python -m amz_env.problems.gallery"
WIDTH = 100

INTRODUCTION = f"""\
# Gallery

One problem of each family of the built-in sets, with its reference solution: each step's words as comments, its code,
and what that prints after `#>`. The problems are drawn, so there are many more of each kind: `amz problems SET` shows
others. This page is written by `{COMMAND}`.
"""


def gallery() -> str:
    """Return the page, in Markdown."""
    parts = [INTRODUCTION, "\n".join(_contents())]
    for name in BUILTIN:
        parts += [_heading(name), *(section(name, subject) for subject in families(name))]
    return "\n\n".join(part.strip() for part in parts) + "\n"


def section(name: str, subject: str) -> str:
    """Return one family's part of the page: a problem of the middle one of its levels.

    Args:
        name: a built-in set.
        subject: one of its families.
    """
    family, offered = families(name)[subject]
    levels = sorted(offered)
    level = levels[len(levels) // 2]
    parts = ("gallery", name, subject)
    draft = family(rng_of(*parts), level, perfect(rng_of("wording", *parts)))
    return "\n".join(
        [
            f"### {subject}",
            f"\nLevel {level} of {', '.join(map(str, levels))}.\n",
            *_fenced("text", _wrapped(draft.question)),
            "",
            *_fenced("python", _solution(draft)),
            f"\nAnswer: `{draft.answer}`",
        ]
    )


def _contents() -> Iterator[str]:
    for name in BUILTIN:
        yield f"- [{name}](#{name}): {len(families(name))} families"


def _heading(name: str) -> str:
    if name in TRAINING_SETS:
        return f"## {name}"
    return f"## {name}\n\nNever trained on: it measures what carries over to problems of a new kind."


def _fenced(language: str, lines: Iterable[str]) -> list[str]:
    return [f"```{language}", *lines, "```"]


def _wrapped(text: str, prefix: str = "") -> Iterator[str]:
    """Yield a text in lines of at most `WIDTH` characters; its own line ends stay."""
    for line in text.splitlines():
        wrapped = textwrap.wrap(line, WIDTH - len(prefix), break_long_words=False, break_on_hyphens=False)
        yield from (f"{prefix}{part}" for part in wrapped or [""])


def _solution(draft: Draft) -> Iterator[str]:
    for step in draft.steps:
        yield from _wrapped(step.text, "# ")
        yield from _code(step)


def _code(step: WrittenStep) -> Iterator[str]:
    if step.code is not None:
        yield from step.code.splitlines()
        yield from (f"#> {line}" for line in (step.output or "").splitlines())


def main(arguments: list[str]) -> int:
    """Write the page to the file named, `docs/gallery.md` by default."""
    if len(arguments) > 1 or any(argument.startswith("-") for argument in arguments):
        print(f"usage: {COMMAND} [FILE]", file=sys.stderr)
        return 2
    path = Path(arguments[0]) if arguments else PAGE
    path.write_text(gallery(), encoding="utf-8")
    print(f"{path}: {sum(len(families(name)) for name in BUILTIN)} families")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

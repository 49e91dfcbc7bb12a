"""The ways in which a pair of answers may be read: ``2 m`` is two metres or two times m, ``1,234`` a number or a list.

Two answers are equal if they are equal in one way of reading both.
"""

import re
from collections.abc import Iterator
from contextlib import suppress
from functools import lru_cache

from amz_env.grading.answers import read_answer
from amz_env.grading.letters import is_prose
from amz_env.grading.normalize import squeeze
from amz_env.grading.prose import words
from amz_env.grading.tree import CannotRead, Node

READ_CACHE = 4096  # answers
_SPACED_LETTER = re.compile(r"(?<=[0-9)}]) (?=[A-Za-z](?![A-Za-z]))")
_TOUCHING_LETTER = re.compile(r"(?<=[0-9)}])(?=[A-Za-z](?![A-Za-z]))")
_WRAPPER = re.compile(r"\\(?:text\w*|mathrm|mbox|hbox) ?\{([^{}]*)\}")
_PRINTED = re.compile(r"(?<![A-Za-z\\])[IE](?![A-Za-z_'(])")  # as sympy prints the imaginary unit and Euler's number
_ONLY_WORDS = re.compile(r"[A-Za-z ,.;:!?'()&-]+")
_LETTER = r"(?:\\text\w* ?\{)?\(?([A-E])(\)?[).:}]*)"
_CHOICE = re.compile(rf"(?:(?:the )?(?:option|choice|answer)(?: is)? )?{_LETTER}(?: .*)?", re.IGNORECASE)
_MARKED = re.compile(r"(?:\\text\w* ?\{ ?)?\(?[A-E][).:](?: ?\}\.? ?| )(?=\S)")
_MARKED_LETTER = re.compile(r"\(?\b[A-E]\b[).:]", re.IGNORECASE)


@lru_cache(maxsize=READ_CACHE)
def read(canonical: str, grouped: bool = True) -> Node:
    """Return the tree of a canonical spelling, as `read_answer`."""
    return read_answer(canonical, grouped=grouped)


def readings(gold: str, pred: str) -> Iterator[tuple[Node, Node]]:
    """Yield pairs of trees that two canonical spellings stand for, the usual reading first.

    Raises:
        CannotRead: one of the two has no usual reading.
    """
    unmarked = _without_choice(gold), _without_choice(pred)
    if unmarked != (gold, pred):
        yield read(unmarked[0]), read(unmarked[1])
    yield read(gold), read(pred)
    printed = tuple(_PRINTED.sub(lambda letter: letter[0].lower(), one) for one in (gold, pred))
    if printed != (gold, pred):
        yield read(printed[0]), read(printed[1])
    with suppress(CannotRead):
        if _may_be_grouped(gold, pred):
            yield read(gold, False), read(pred, False)
        closed = tuple(_SPACED_LETTER.sub("", one) for one in (gold, pred))
        if closed != (gold, pred):
            yield read(closed[0]), read(closed[1])
        if "^" in gold + pred:
            return
        one, other = (read(_TOUCHING_LETTER.sub(" ", text)) for text in (gold, pred))
        if one.head == other.head == "quantity" and one.value.words and other.value.words:
            yield one, other


def same_words(gold: str, pred: str) -> bool:
    """Return whether two answers have the same words, and at least one of them is words."""
    one, other = (_WRAPPER.sub(r"\1", text).strip() for text in (gold, pred))
    if squeeze(one) == squeeze(other):
        return True
    if all(map(_is_prose, (one, other))):
        return words(one) == words(other)
    if re.search(r"\d", gold):
        return False  # what has digits is compared by its structure
    with suppress(CannotRead):
        return "text" in (read(gold).head, read(pred).head) and words(gold) == words(pred)
    return False


def choice(canonical: str) -> str | None:
    """Return the letter of an answer to a multiple-choice question: ``(C)``, ``C. 15``, ``Option C``."""
    match = _CHOICE.fullmatch(canonical)
    if match is None or len(_MARKED_LETTER.findall(canonical)) > 1:
        return None
    marked, rest = bool(match[2]), canonical[match.end(2) :].strip()
    if not marked and (rest or match[1].islower()):
        return None
    return match[1].upper()


def rests(gold: str, pred: str) -> tuple[str, str] | None:
    """Return what two answers to a multiple-choice question say beside their letters, if both say it in mathematics."""
    found = _without_choice(gold), _without_choice(pred)
    mathematical = all(re.search(r"\d", rest) and not re.search("[A-Za-z]{3}", rest) for rest in found)
    return found if mathematical and found[0] != gold and found[1] != pred else None


def _without_choice(canonical: str) -> str:
    """Return what an answer to a multiple-choice question says beside its letter: 15 of ``(C) 15``."""
    match = _MARKED.match(canonical)
    if match is None or len(_MARKED_LETTER.findall(canonical)) > 1:
        return canonical
    return canonical[match.end() :]


def _is_prose(text: str) -> bool:
    return bool(_ONLY_WORDS.fullmatch(text)) and any(map(is_prose, re.findall("[A-Za-z]+", text)))


def _may_be_grouped(gold: str, pred: str) -> bool:
    """Return whether ``1,234`` may also be a list, because the other side has a comma too."""
    return any(re.search(r"\d,(?!0)\d{3}(?!\d)", one) and "," in other for one, other in ((pred, gold), (gold, pred)))

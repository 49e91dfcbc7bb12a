"""From the text of a step to its final answer. Total: any string gives an `Extraction`. Compares nothing symbolically."""

import re

from amz_env.grading.types import Extraction

MARK = "Final Answer:"
_BOX = re.compile(r"\\f?boxed\s*\{")


def extract_answer(step_text: str) -> Extraction:
    r"""Return the final answer that a step's text states.

    The answer is what follows ``Final Answer:`` up to the last ``</p>`` of that paragraph (else to the end of the text);
    without that mark, the content of the last balanced ``\boxed{}``. One ``$`` pair around the whole answer is removed;
    several (``$5$ and $6$``) stay.
    """
    candidates = _marked(step_text) if MARK in step_text else _boxed(step_text)
    found = [_unwrap(text) for text in candidates]
    if not found:
        return Extraction(None, False, "no answer")
    if not all(found):
        return Extraction(None, True, "empty answer")
    if any(_differ(found[-1], other) for other in found[:-1]):
        return Extraction(None, True, "two differing answers")
    return Extraction(found[-1], False, "final answer" if MARK in step_text else "boxed")


def _marked(text: str) -> list[str]:
    segments = text.split(MARK)[1:]
    return [_paragraph(segment) for segment in segments]


def _paragraph(segment: str) -> str:
    segment = re.split(r"<p>|</step>|<step>", segment, maxsplit=1)[0]
    head, tag, _ = segment.rpartition("</p>")
    return head if tag else segment


def _boxed(text: str) -> list[str]:
    boxes, position = [], 0
    while match := _BOX.search(text, position):
        end = _closing(text, match.end())
        if end is None:
            position = match.end()
            continue
        boxes.append(text[match.end() : end])
        position = end
    return boxes


def _closing(text: str, start: int) -> int | None:
    """Return the index of the brace that closes a group whose content begins at ``start``."""
    depth, position = 1, start
    while position < len(text):
        char = text[position]
        if char == "\\":
            position += 1
        elif char in "{}":
            depth += 1 if char == "{" else -1
            if depth == 0:
                return position
        position += 1
    return None


def _unwrap(text: str) -> str:
    text = text.strip()
    for _ in range(3):
        if len(text) >= 2 and text[0] == text[-1] == "$" and "$" not in text.strip("$"):
            text = text.strip("$").strip()
        match = _BOX.match(text)
        if match and _closing(text, match.end()) == len(text) - 1:
            text = text[match.end() : -1].strip()
    return text


def _differ(one: str, other: str) -> bool:
    return re.sub(r"[\s$]", "", one).rstrip(".") != re.sub(r"[\s$]", "", other).rstrip(".")

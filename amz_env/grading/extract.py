"""From the text of a step to its final answer: any string gives an `Extraction`.

Two answers in one text are compared by the exact layer only, so that this never waits for a worker.
"""

import re

from amz_env.grading.judge import Undecided, judge_exactly
from amz_env.grading.types import Extraction

MARK = "Final Answer:"
MAX_CANDIDATES = 50  # announced answers in one text; more is no answer
_BOX = re.compile(r"\\f?boxed\s*\{")
_NEW_BLOCK = re.compile(r"<p>|</?step>|</?code>|</?output>|</?question>")
_WORD = re.compile(r"[A-Za-z]{2,}")
_SENTENCE = re.compile(r"^\(?[A-E]\)?$|(?<![\\A-Za-z])[A-Za-z]{3,}")  # or the letter of a choice
_MEASURED = re.compile(r"[^A-Za-z\d]*\d[\d.,/]*(?: [A-Za-z]+){1,3}")  # a number with its unit
_PRICE = re.compile(r"\$(?=\d)")
_BOLD_END = re.compile(r"\*\*(?=[\s.,;]|$)")
PROSE_WORDS = 3  # a line with as many words is a sentence


def extract_answer(step_text: str) -> Extraction:
    r"""Return the final answer that a step's text states.

    The answer is what follows ``Final Answer:`` up to the last ``</p>`` of that paragraph (else to the end of the
    text); without that mark, the content of the last balanced ``\boxed{}``. One ``$`` pair around the whole answer is
    removed; several (``$5$ and $6$``) stay; of a sentence with a box the box is the answer. The text is malformed if an
    announced answer is empty, or if two of them differ: a box beside a mark counts as announced too, and so does every
    box where there is no mark.
    """
    marked = [_unwrap(answer) for segment in step_text.split(MARK)[1:] for answer in _announced(segment)]
    boxed = [_unwrap(box) for box in _boxes(step_text)]
    answers = marked or boxed
    if not answers:
        return Extraction(None, False, "no answer")
    if not all(answers):
        return Extraction(None, True, "empty answer")
    others = [*marked[:-1], *boxed] if marked else boxed[:-1]
    if len(others) > MAX_CANDIDATES or any(other and not _agree(answers[-1], other) for other in set(others)):
        return Extraction(None, True, "two differing answers")
    return Extraction(answers[-1], False, "final answer" if marked else "boxed")


def _announced(segment: str) -> list[str]:
    """Return the boxes of the paragraph that follows a mark, or else the paragraph."""
    paragraph = _paragraph(segment)
    return _boxes(paragraph) or [paragraph]


def _paragraph(segment: str) -> str:
    """Return the answer at the beginning of the text that follows a mark."""
    segment = _NEW_BLOCK.split(segment, maxsplit=1)[0]
    head, tag, _ = segment.rpartition("</p>")
    text = (head if tag else segment).strip()
    if text.count("**") % 2:  # of **Final Answer:** 42, or of **Final Answer: 42**
        text = text[2:].lstrip() if text.startswith("**") else _BOLD_END.sub("", text, count=1)
    first, newline, rest = text.partition("\n")
    if newline and _is_closed(first) and (not rest.split("\n")[0].strip() or len(_WORD.findall(rest)) >= PROSE_WORDS):
        text = first  # sentences on later lines are comments on the answer
    return _first_sentence(text)


def _first_sentence(line: str) -> str:
    """Return what stands before a sentence that follows the answer on its line, if the answer is no sentence itself."""
    head, stop, rest = line.partition(". ")
    comment = stop and rest[:1].isupper() and len(_WORD.findall(rest)) >= PROSE_WORDS
    words = _SENTENCE.search(head) and not _MEASURED.fullmatch(head)
    return head if comment and _is_closed(head) and not words else line


def _is_closed(line: str) -> bool:
    r"""Return whether a line ends outside all braces, ``$`` pairs and environments; ``$18`` alone is a price."""
    bare = line.replace("\\{", "").replace("\\}", "").replace("\\$", "")
    paired = bare.count("$") % 2 == 0 or _PRICE.search(bare) is not None
    return bare.count("{") == bare.count("}") and paired and "\\begin" not in line and line.strip() != ""


def _boxes(text: str) -> list[str]:
    r"""Return the contents of the balanced, outermost ``\boxed{}`` groups, in order. Linear in the length."""
    openings = [match.end() - 1 for match in _BOX.finditer(text)]
    if not openings:
        return []
    closing = _closing_braces(text)
    boxes, covered = [], -1
    for opening in openings:
        if opening > covered and opening in closing:
            covered = closing[opening]
            boxes.append(text[opening + 1 : covered])
    return boxes


def _closing_braces(text: str) -> dict[int, int]:
    """Return the index of the closing brace of every balanced group, by the index of its opening brace."""
    closing: dict[int, int] = {}
    stack: list[int] = []
    for match in re.finditer(r"\\.|[{}]", text, re.DOTALL):
        if match[0] == "{":
            stack.append(match.start())
        elif match[0] == "}" and stack:
            closing[stack.pop()] = match.start()
    return closing


def _unwrap(text: str) -> str:
    r"""Remove one ``$`` pair or one ``\boxed{}`` around a whole answer, in either order."""
    for _ in range(3):
        text = text.strip()
        inner = text.strip("$")
        text = text.rstrip(".") if text.startswith("$") else text
        if text.startswith("$") and text.endswith("$") and "$" not in inner.replace("\\$", ""):
            text = inner.strip()
        box = _BOX.match(text)
        if box and _closing_braces(text).get(box.end() - 1) == len(text.rstrip(".")) - 1:
            text = text.rstrip(".")[box.end() : -1]
    return text.strip()


def _agree(one: str, other: str) -> bool:
    """Return whether two announced answers are the same, as far as that is seen without a worker."""
    if "".join(one.split()) == "".join(other.split()):
        return True
    try:
        return judge_exactly(one, other).correct
    except Undecided:
        return False

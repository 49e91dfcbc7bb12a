r"""The step format: how one reasoning step is written down and read back.

Two formats are known. ``alphamath`` is the tagged format of the paper (arXiv 2405.03553, appendix and released code):

    <step>                          <step>
    <p>                             <p>
    text                            text
    </p>                            </p>
    <code>                          <p>
    ```python                       Final Answer: 42
    print(6 * 7)                    </p>
    ```                             </step>
    </code>
    <output>
    42
    </output>
    </step>

The model writes up to ``</code>`` (a *code step*, C-step) or up to ``</step>`` (an *answer step*, A-step); what follows
``</code>`` is appended by the environment. ``plain`` is free text with an optional python fence, for models that were
never trained on the tags.

Everything here is total: any string gives a `Step`, possibly a malformed one, and never an exception. Nothing here runs
code or compares answers.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from amz_env.grading.extract import extract_answer

StepFormat = Literal["alphamath", "plain"]
FORMATS: tuple[StepFormat, ...] = ("alphamath", "plain")
TAGS = ("<question>", "</question>", "<step>", "</step>", "<p>", "</p>", "<code>", "</code>", "<output>", "</output>")

STOPS = ("</code>", "</step>")
"""What a model writes last in a step of the tagged format."""

ANSWER_MARK = "Final Answer:"
_FENCE = "```"
_OPENING = re.compile(rf"{_FENCE}([\w+#.-]*)")
_Part = Literal["words", "open", "code", "close"]
_PYTHON = ("", "py", "python", "python3")
_LONGEST_KEPT = 4096  # characters of an action whose reading is remembered


@dataclass(frozen=True, slots=True)
class Step:
    """One reasoning step as the model wrote it (an action), read.

    Attributes:
        kind: ``code`` runs, ``answer`` ends the episode, ``text`` goes on (plain format only), ``malformed`` is none.
        text: the words of the step, without tags.
        code: Python source of a code step, else None.
        answer: the final answer of an answer step, else None.
        fault: what is wrong with a malformed step, else None.
    """

    kind: Literal["code", "answer", "text", "malformed"]
    text: str = ""
    code: str | None = None
    answer: str | None = None
    fault: str | None = None

    @property
    def gist(self) -> str:
        """What the step does, whatever words are around: its code, its answer, or else its words."""
        return self.code or self.answer or self.text


def code_action(text: str, code: str) -> str:
    """Return the action of a code step in the tagged format, up to and including ``</code>``."""
    return f"<step>\n<p>\n{text}\n</p>\n<code>\n```python\n{code}\n```\n</code>"


def answer_action(text: str, answer: str) -> str:
    """Return the action of an answer step in the tagged format, up to and including ``</step>``."""
    return f"<step>\n<p>\n{text}\n</p>\n<p>\nFinal Answer: {answer}\n</p>\n</step>"


def question_block(question: str, step_format: StepFormat) -> str:
    """Return the opening of a prompt: the question, as the policy model sees it."""
    return f"<question> {question} </question>\n" if step_format == "alphamath" else f"Question: {question}\n"


def closing(kind: str, observation: str | None, step_format: StepFormat) -> tuple[str, str, str]:
    """Return what the environment appends to an action, as (before, observation, after).

    The observation is text written by a program that a model wrote. It is returned apart so that a tokenizer can encode
    it as plain text: a printed ``</output>`` must not become a tag.
    """
    if kind != "code":
        return "\n", "", ""
    shown = observation or ""
    if step_format == "alphamath":
        return "\n<output>\n", shown, "\n</output>\n</step>\n"
    return "\n```output\n", shown, "\n```\n"


def well_formed(text: str) -> str:
    """Return the text with lone surrogates, which no pipe, file or tokenizer takes, replaced by ``?``."""
    return text if text.isascii() else text.encode("utf-8", "replace").decode("utf-8")


def parse_step(action: str, step_format: StepFormat = "alphamath") -> Step:
    """Read one action. Total: never raises for its content.

    Args:
        action: the text of one step, with or without the closing tag that the model stopped at.
        step_format: ``alphamath`` is strict (neither code nor answer, or both, is malformed), ``plain`` is lenient.
    """
    action = well_formed(action)
    return (_parse_known if len(action) <= _LONGEST_KEPT else _parse)(action, step_format)


def _parse(action: str, step_format: StepFormat) -> Step:
    return _parse_tagged(action) if step_format == "alphamath" else _parse_plain(action)


# A search reads a step when it is proposed, taken, and its code run; and small models repeat themselves.
_parse_known = lru_cache(maxsize=1024)(_parse)


def step_end(text: str, step_format: StepFormat) -> int | None:
    """Return where the step that a model is writing ends, the characters of it; None while it may go on.

    In the tagged format that is the first `STOPS`, in plain text the closing of the first python fence: what the code
    prints comes next, and the model must not make it up.
    """
    if step_format == "alphamath":
        return min((text.index(stop) + len(stop) for stop in STOPS if stop in text), default=None)
    begun = end = len(text) - len(text.lstrip())
    for line, part in _parts(text[begun:]):
        end += len(line)
        if part == "close":
            return end - (len(line) - len(line.rstrip()))
        end += 1
    return None


def canonical_action(action: str, step: Step, step_format: StepFormat) -> str:
    """Return the action as it stands in a state's text: its tags completed, and cut to what stands between them."""
    action = well_formed(action)
    if step_format == "plain" or step.kind not in ("code", "answer"):
        return action.strip()
    opening, end = ("<code>", "</code>") if step.kind == "code" else (ANSWER_MARK, "</step>")
    body = f"{_until(action.strip(), opening, end).rstrip()}\n{end}"
    before, tag, inside = body.partition("<step>")
    if tag and opening not in before:  # else it stands in a string of the code
        body = (before + inside).lstrip()
    return f"<step>\n{body}"


def _parse_tagged(action: str) -> Step:
    body = action.strip()
    if not body:
        return Step("malformed", fault="empty step")
    before, tag, inside = body.partition("<code>")
    if (before + inside.partition("</code>")[2]).count("<step>") > 1:
        return Step("malformed", text=_words(body), fault="more than one step")
    if "<output>" in body or "<question>" in body:
        return Step("malformed", text=_words(body), fault="a tag that only the environment writes")
    answers = ANSWER_MARK in body
    if tag and answers:
        return Step("malformed", text=_words(before), fault="both code and a final answer")
    if tag:
        fences, _ = _split_fences(inside.partition("</code>")[0])
        if len(fences) != 1 or not fences[0].strip():
            return Step("malformed", text=_words(before), fault="no closed python fence with code in <code>")
        return Step("code", text=_words(before), code=fences[0])
    if not answers:
        return Step("malformed", text=_words(body), fault="neither code nor a final answer")
    ending = _until(body, ANSWER_MARK, "</step>")
    if "<step>" in ending.partition(ANSWER_MARK)[2]:
        return Step("malformed", text=_words(body), fault="more than one step")
    extraction = extract_answer(ending)
    if extraction.answer is None or extraction.malformed:
        return Step("malformed", text=_words(body), fault=f"final answer: {extraction.reason}")
    return Step("answer", text=_words(body.partition(ANSWER_MARK)[0]), answer=extraction.answer)


def _parse_plain(action: str) -> Step:
    if not action.strip():
        return Step("malformed", fault="empty step")
    fences, words = _split_fences(action)
    extraction = extract_answer(words)
    if extraction.malformed:
        return Step("malformed", text=words, fault=f"final answer: {extraction.reason}")
    if extraction.answer is not None:
        return Step("answer", text=words, answer=extraction.answer)
    if fences:
        return Step("code", text=words, code="\n".join(fences))
    return Step("text", text=words)


def _split_fences(text: str) -> tuple[list[str], str]:
    """Return the closed python fences of a text and what is left without them: words, and fences of other languages.

    A fence opens at the start of a line and closes at the start of a later line. The released parser let an unclosed
    fence match its own opening, and so ran empty code. Line by line, for a pattern is quadratic in unclosed openings.
    """
    fences: list[str] = []
    words: list[str] = []
    inside: list[str] = []
    part: _Part = "words"
    for line, part in _parts(text.strip()):
        if part == "words":
            words.append(line)
        elif part == "code":
            inside.append(line)
        elif part == "close":
            fences.append("\n".join(inside).rstrip("\n"))
            inside = []
    unclosed = [_FENCE, *inside] if part in ("open", "code") else []
    return fences, "\n".join([*words, *unclosed]).strip()


def _parts(text: str) -> Iterator[tuple[str, _Part]]:
    """Yield each line of a text with what it is: words, or the opening, the code or the closing of a python fence."""
    inside = foreign = False
    for line in text.split("\n"):
        mark = line.rstrip()
        opening = None if inside or foreign else _OPENING.fullmatch(mark)
        if inside:
            inside = mark != _FENCE
            yield line, "code" if inside else "close"
        elif opening and opening[1].lower() in _PYTHON:
            inside = True
            yield line, "open"
        else:
            foreign = opening is not None or (foreign and mark != _FENCE)
            yield line, "words"


def _until(text: str, opening: str, end: str) -> str:
    """Return the text up to the first `end` after the first `opening`: where a model that stops at `end` stops."""
    before, mark, inside = text.partition(opening)
    return before + mark + inside.partition(end)[0]


def _words(body: str) -> str:
    for tag in TAGS:
        body = body.replace(tag, "")
    return body.strip()

r"""From records, which are rows of named columns, to problems: the layouts that question-answer sets come in.

A record holds a question (``question`` or ``problem``) and an answer (``answer``, ``final_answer``, ``expected_answer``
or ``solution``, the first of them that is there), in upper or lower case. Other columns that are understood are
``level`` (a number, or MATH's ``Level 3``), ``subject`` or ``type``, and ``options`` of a multiple-choice question,
which are appended to it. An answer is taken as it stands, except that of a worked solution only the end counts: what
follows ``####`` on its line (GSM8K as published) or the last ``\boxed{}`` (MATH as published); a ``solution`` of
several lines that has neither, a proof, is no answer. It may be a list of accepted answers (AlphaMath's files). Levels
are the record's own and may exceed 5.
"""

import math
import re
import warnings
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any, Final

from amz_env.grading import extract_answer
from amz_env.problems.base import Problem
from amz_env.steps import well_formed

QUESTION_KEYS: Final = ("question", "problem")
ANSWER_KEYS: Final = ("answer", "final_answer", "expected_answer", "solution")
_LEVEL = re.compile(r"\s*(?:Level\s+)?(\d{1,3})(?:\.0+)?\s*", re.IGNORECASE)
_BARE_BOX = re.compile(r"\\f?boxed\s+(-?[\w.]*\w)")  # \boxed 3, as some solutions of MATH have it
_THOUSANDS = re.compile(r"(?<=\d),(?=\d{3})")
_REPEATED = "a repeated question"
_EMPTY = {"question": "an empty question", "answer": "an empty answer"}
_UNENDED = "a solution without a final answer"

Record = tuple[str, str, Any]
"""(where it stands, for messages; its number, for the problem's id; its content)"""


class _Unusable(Exception):
    """A record that is skipped and counted, not an error of the source."""


def problems_of(
    records: Iterable[Record], source: str, *, place: str, question_key: str | None, answer_key: str | None
) -> tuple[Problem, ...]:
    """Return the problems of some records, in their order.

    Records without a final answer and repeated questions are skipped, with one warning that counts them.

    Args:
        records: what holds the problems.
        source: name of the source; ids are its stem and the record's number.
        place: where the records are from, for messages.
        question_key: column of the question. Default: the first of `QUESTION_KEYS` that a record has.
        answer_key: column of the answer. Default: the first of `ANSWER_KEYS` that a record has.

    Raises:
        ValueError: a record without these columns or with something else in them, or no usable record at all.
    """
    questions, answers = (
        (question_key,) if question_key else QUESTION_KEYS,
        (answer_key,) if answer_key else ANSWER_KEYS,
    )
    problems: dict[str, Problem] = {}
    skipped = dict.fromkeys((_REPEATED, *_EMPTY.values(), _UNENDED), 0)
    for where, number, record in records:
        try:
            problem = _problem(record, where, f"{source.partition('.')[0]}:{number}", source, questions, answers)
        except _Unusable as reason:
            skipped[str(reason)] += 1
            continue
        same = " ".join(problem.question.split())
        skipped[_REPEATED] += same in problems
        problems.setdefault(same, problem)
    counts = ", ".join(f"{count} with {what}" for what, count in skipped.items() if count)
    if not problems:
        raise ValueError(f"{place}: holds no problem" + f" (skipped: {counts})" * bool(counts))
    if counts:
        warnings.warn(f"{place}: skipped {sum(skipped.values())} records ({counts})", stacklevel=4)
    return tuple(problems.values())


def _problem(
    record: Any, where: str, identity: str, source: str, questions: Sequence[str], answers: Sequence[str]
) -> Problem:
    if not isinstance(record, Mapping):
        raise ValueError(f"{where}: expected an object with columns, got {_kind(record)}")
    _, question = _column(record, questions, "question", where)
    answer_key, answer = _column(record, answers, "answer", where)
    if not isinstance(question, str):
        raise ValueError(f"{where}: the question must be text, got {_kind(question)}")
    question = well_formed(question).strip()
    if not question:
        raise _Unusable(_EMPTY["question"])
    columns = _any_case(record)
    subject = columns.get("subject") or columns.get("type") or ""
    return Problem(
        id=identity,
        question=question + _options(columns.get("options"), where),
        answer=_answer(answer, where, worked=answer_key.lower() == "solution"),
        source=source,
        subject=subject if isinstance(subject, str) else "",
        level=_level(columns.get("level")),
    )


def _column(record: Mapping[str, Any], keys: Sequence[str], role: str, where: str) -> tuple[str, Any]:
    """Return the name and the content of the first column of these names that is not empty."""
    columns = _any_case(record)
    for key in keys:
        if not _is_empty(columns.get(key)):
            return key, columns[key]
    if any(key in columns for key in keys):
        raise _Unusable(_EMPTY[role])
    raise ValueError(
        f"{where}: no {role} (looked for {' or '.join(map(repr, keys))} among the columns "
        f"{', '.join(map(repr, record)) or 'none'}); name its column with {role}_key"
    )


def _is_empty(value: Any) -> bool:
    return value is None or (isinstance(value, str) and not value.strip())


def _any_case(record: Mapping[str, Any]) -> dict[str, Any]:
    """Return the columns by their names as written, and in lower case without outer spaces where that is another."""
    return {**{str(name).strip().lower(): value for name, value in record.items()}, **record}


def _answer(value: Any, where: str, *, worked: bool) -> str | tuple[str, ...]:
    if isinstance(value, list):
        accepted = tuple(dict.fromkeys(one for one in (_final(item, where, worked) for item in value) if one))
        if not accepted:
            raise _Unusable(_EMPTY["answer"])
        return accepted if len(accepted) > 1 else accepted[0]
    answer = _final(value, where, worked)
    if not answer:
        raise _Unusable(_EMPTY["answer"])
    return answer


def _final(value: Any, where: str, worked: bool) -> str:
    """Return the final answer in one answer field, "" where it is empty.

    Raises:
        _Unusable: it is a worked solution that ends without one.
    """
    if isinstance(value, bool):
        return str(value)
    if isinstance(value, int | float | Decimal):
        return "" if math.isnan(value) else _plain_number(value)
    if not isinstance(value, str):
        raise ValueError(f"{where}: the answer must be text, a number or a list of them, got {_kind(value)}")
    text = well_formed(value).strip()
    last = max(text.rfind("\\boxed"), text.rfind("\\fboxed"))
    mark = text.rfind("####")
    after = text[mark + 4 :].strip()
    if mark > last and "\n" not in after:  # not a heading
        return _THOUSANDS.sub("", after)
    bare = _BARE_BOX.match(text, last) if last >= 0 else None
    boxed = bare[1] if bare else extract_answer(text[last:]).answer if last >= 0 else None
    if not boxed and worked and (last >= 0 or "\n" in text):
        raise _Unusable(_UNENDED)
    return boxed or text


def _plain_number(value: float | Decimal) -> str:
    """Return a number as one writes it: a table keeps whole numbers as floats as soon as one of them is missing."""
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def _options(options: Any, where: str) -> str:
    """Return the options of a multiple-choice question as lines; without them it cannot be answered.

    Raises:
        ValueError: they are neither text nor texts or numbers, in a list or under their letters.
    """
    if _is_empty(options):
        return ""
    if isinstance(options, Mapping):
        lines = [(f"{letter}) ", option) for letter, option in options.items() if option is not None]
    else:
        lines = [("", option) for option in (options if isinstance(options, list) else [options])]
    if not all(isinstance(option, str | int | float | Decimal) for _, option in lines):
        raise ValueError(f"{where}: the options must be texts or numbers, in a list or under their letters")
    return "".join(
        f"\n{before}{well_formed(option) if isinstance(option, str) else _plain_number(option)}"
        for before, option in lines
    )


def _level(value: Any) -> int:
    match = _LEVEL.fullmatch(str(value))
    return int(match[1]) if match else 0


def _kind(value: Any) -> str:
    return {dict: "an object", list: "a list", str: "text", bool: "true or false", type(None): "null"}.get(
        type(value), type(value).__name__
    )

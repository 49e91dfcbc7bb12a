r"""Question-answer files: JSONL, JSON, CSV and TSV, plain or gzipped, in the layouts people have.

A record holds a question (``question`` or ``problem``) and an answer (``answer`` or ``solution``); other columns that
are understood are ``level`` (a number, or MATH's ``Level 3``), ``subject`` or ``type``, and ``options`` of a
multiple-choice question, which are appended to it. An answer is taken as it stands, except that of a worked solution
only the end counts: what follows ``####`` (GSM8K as published) or the last ``\boxed{}`` (MATH as published). It may be
a list of accepted answers (AlphaMath's files). Levels are the file's own and may exceed 5.

Nothing here knows of splits or sizes; see `amz_env.problems.loading`.
"""

import csv
import gzip
import io
import json
import re
import warnings
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from amz_env.grading import extract_answer
from amz_env.problems.base import Problem
from amz_env.steps import well_formed

SUFFIXES: Final = (".jsonl", ".json", ".csv", ".tsv", ".gz")
_LEVEL = re.compile(r"\s*(?:Level\s+)?(\d{1,3})(?:\.0+)?\s*", re.IGNORECASE)
_QUESTION_KEYS = ("question", "problem")
_ANSWER_KEYS = ("answer", "solution")
_LISTS_IN_OBJECT = ("example", "examples", "data", "problems")
_REPEATED = "a repeated question"
_EMPTY = {"question": "an empty question", "answer": "an empty answer"}
_Record = tuple[str, Any]  # (where it stands, its content)


class _Unusable(Exception):
    """A record that is skipped and counted, not an error of the file."""


def read_problems(
    path: str | Path, *, question_key: str | None = None, answer_key: str | None = None
) -> tuple[Problem, ...]:
    """Return the problems of a file, in its order.

    Blank lines are nothing; records without an answer and repeated questions are skipped, with one warning that counts
    them.

    Args:
        path: file whose name ends in one of `SUFFIXES`.
        question_key: column of the question. Default: the first of ``question``, ``problem`` that a record has.
        answer_key: column of the answer. Default: the first of ``answer``, ``solution`` that a record has.

    Raises:
        ValueError: a broken or empty file; the message names file, line and column.
        FileNotFoundError: there is no such file.
    """
    path = Path(path)
    keys = ((question_key,) if question_key else _QUESTION_KEYS, (answer_key,) if answer_key else _ANSWER_KEYS)
    problems: dict[str, Problem] = {}
    skipped = {_REPEATED: 0, _EMPTY["question"]: 0, _EMPTY["answer"]: 0}
    for where, record in _records(path):
        try:
            problem = _problem(record, where, path, keys)
        except _Unusable as reason:
            skipped[str(reason)] += 1
            continue
        same = " ".join(problem.question.split())
        skipped[_REPEATED] += same in problems
        problems.setdefault(same, problem)
    if not problems:
        raise ValueError(f"{path}: holds no problem")
    if any(skipped.values()):
        counts = ", ".join(f"{count} with {what}" for what, count in skipped.items() if count)
        warnings.warn(f"{path}: skipped {sum(skipped.values())} records ({counts})", stacklevel=3)
    return tuple(problems.values())


def _records(path: Path) -> Iterator[_Record]:
    """Yield the records of a file with the place of each, as ``name:line`` or ``name: entry n``."""
    suffixes = [suffix.lower() for suffix in path.suffixes]
    kind = suffixes[-2] if suffixes[-1:] == [".gz"] and len(suffixes) > 1 else suffixes[-1] if suffixes else ""
    readers = {".jsonl": _jsonl, ".ndjson": _jsonl, ".json": _json, ".csv": _csv, ".tsv": _csv}
    if kind not in readers:
        raise ValueError(f"{path}: a problem file ends in one of {', '.join(SUFFIXES)}")
    return readers[kind](_text(path), str(path))


def _text(path: Path) -> str:
    raw = path.read_bytes()
    if path.suffix.lower() == ".gz":
        try:
            raw = gzip.decompress(raw)
        except (OSError, EOFError, ValueError) as error:
            raise ValueError(f"{path}: not a gzip file: {error}") from None
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line, column = raw.count(b"\n", 0, error.start) + 1, error.start - raw.rfind(b"\n", 0, error.start)
        raise ValueError(f"{path}:{line}:{column}: not UTF-8 text: {error.reason}") from None


def _jsonl(text: str, name: str) -> Iterator[_Record]:
    for number, line in enumerate(text.split("\n"), start=1):
        if line.strip():
            yield f"{name}:{number}", _decode(line, name, number)


def _json(text: str, name: str) -> Iterator[_Record]:
    content = _decode(text, name, 1)
    if isinstance(content, dict):
        content = next((content[key] for key in _LISTS_IN_OBJECT if isinstance(content.get(key), list)), content)
    if not isinstance(content, list):
        keys = " or ".join(_LISTS_IN_OBJECT)
        raise ValueError(f"{name}: expected a list of records, or an object with one under {keys}")
    for number, record in enumerate(content, start=1):
        yield f"{name}: entry {number}", record


def _decode(text: str, name: str, line: int) -> Any:
    try:
        # Numbers stay as they are written: 0.10 is not 0.1 to a reader, and integers have no longest length.
        return json.loads(text, parse_float=str, parse_int=str, parse_constant=str)
    except json.JSONDecodeError as error:
        raise ValueError(f"{name}:{line + error.lineno - 1}:{error.colno}: not JSON: {error.msg}") from None
    except RecursionError:
        raise ValueError(f"{name}:{line}:1: not JSON that can be read: nested too deeply") from None


def _csv(text: str, name: str) -> Iterator[_Record]:
    delimiter = "\t" if name.lower().removesuffix(".gz").endswith(".tsv") else ","
    reader = csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        for record in reader:
            if None in record:
                columns = len(record) - 1
                raise ValueError(f"{name}:{reader.line_num}:1: more fields than the {columns} columns of the header")
            yield f"{name}:{reader.line_num}", record
    except csv.Error as error:
        raise ValueError(f"{name}:{reader.line_num}:1: not CSV: {error}") from None


def _problem(record: Any, where: str, path: Path, keys: tuple[tuple[str, ...], tuple[str, ...]]) -> Problem:
    if not isinstance(record, Mapping):
        raise ValueError(f"{where}: expected an object with columns, got {_kind(record)}")
    question = _column(record, keys[0], "question", where)
    answer = _column(record, keys[1], "answer", where)
    if not isinstance(question, str):
        raise ValueError(f"{where}: the question must be text, got {_kind(question)}")
    question = well_formed(question).strip()
    if not question:
        raise _Unusable(_EMPTY["question"])
    subject = record.get("subject") or record.get("type") or ""
    return Problem(
        id=f"{path.name.partition('.')[0]}:{where.rpartition(':')[2].removeprefix(' entry ')}",
        question=question + _options(record.get("options")),
        answer=_answer(answer, where),
        source=path.name,
        subject=subject if isinstance(subject, str) else "",
        level=_level(record.get("level")),
    )


def _column(record: Mapping[str, Any], keys: tuple[str, ...], role: str, where: str) -> Any:
    for key in keys:
        if record.get(key) is not None:
            return record[key]
    if any(key in record for key in keys):
        raise _Unusable(_EMPTY[role])
    raise ValueError(
        f"{where}: no {role} (looked for {' or '.join(map(repr, keys))} among the columns "
        f"{', '.join(map(repr, record)) or 'none'}); name it with {role}_key"
    )


def _answer(value: Any, where: str) -> str | tuple[str, ...]:
    if isinstance(value, list):
        accepted = tuple(dict.fromkeys(one for one in (_final(item, where) for item in value) if one))
        if not accepted:
            raise _Unusable(_EMPTY["answer"])
        return accepted if len(accepted) > 1 else accepted[0]
    answer = _final(value, where)
    if not answer:
        raise _Unusable(_EMPTY["answer"])
    return answer


def _final(value: Any, where: str) -> str:
    """Return the final answer in one answer field, "" where it is empty."""
    if isinstance(value, bool):
        return str(value)
    if not isinstance(value, str):
        raise ValueError(f"{where}: the answer must be text, a number or a list of them, got {_kind(value)}")
    text = well_formed(value).strip()
    _, mark, after = text.rpartition("####")
    if mark:
        return re.sub(r"(?<=\d),(?=\d{3})", "", after.strip())
    last = max(text.rfind("\\boxed"), text.rfind("\\fboxed"))
    return text if last < 0 else extract_answer(text[last:]).answer or text


def _options(options: Any) -> str:
    """Return the options of a multiple-choice question as lines; without them it cannot be answered."""
    if not isinstance(options, list) or not all(isinstance(option, str) for option in options):
        return ""
    return "".join(f"\n{well_formed(option)}" for option in options)


def _level(value: Any) -> int:
    match = _LEVEL.fullmatch(value) if isinstance(value, str) else None
    return int(match[1]) if match else 0


def _kind(value: Any) -> str:
    return {dict: "an object", list: "a list", str: "text", bool: "true or false", type(None): "null"}.get(
        type(value), type(value).__name__
    )

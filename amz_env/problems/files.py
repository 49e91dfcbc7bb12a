"""Question-answer files: JSONL, JSON, CSV and TSV, plain or gzipped, and Parquet.

What a record may look like stands in `amz_env.problems.records`; splits and sizes are the matter of
`amz_env.problems.loading`.
"""

import csv
import gzip
import io
import json
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final

from amz_env.problems.base import Problem
from amz_env.problems.records import Record, problems_of

SUFFIXES: Final = (".jsonl", ".json", ".csv", ".tsv", ".parquet", ".gz")
_LISTS_IN_OBJECT = ("example", "examples", "data", "problems")


def read_problems(
    path: str | Path, *, question_key: str | None = None, answer_key: str | None = None
) -> tuple[Problem, ...]:
    """Return the problems of a file, in its order.

    Blank lines are nothing; records without a final answer and repeated questions are skipped, with one warning that
    counts them.

    Args:
        path: file whose name ends in one of `SUFFIXES`.
        question_key: column of the question. Default: ``question`` or ``problem``.
        answer_key: column of the answer. Default: the first that a record has of ``answer``, ``final_answer``,
            ``expected_answer`` and ``solution``.

    Raises:
        ValueError: a broken or empty file; the message names file, line and column.
        FileNotFoundError: there is no such file.
        ImportError: a Parquet file without pyarrow; the message names the extra.
    """
    path = Path(path)
    return problems_of(_records(path), path.name, place=str(path), question_key=question_key, answer_key=answer_key)


def _records(path: Path) -> Iterator[Record]:
    """Yield the records of a file with the place of each, as ``name:line`` or ``name: entry n``."""
    suffixes = [suffix.lower() for suffix in path.suffixes]
    if suffixes[-1:] == [".parquet"]:
        return _parquet(path)
    kind = suffixes[-2] if suffixes[-1:] == [".gz"] and len(suffixes) > 1 else suffixes[-1] if suffixes else ""
    readers: dict[str, Callable[[str, str], Iterator[Record]]] = {
        ".jsonl": _jsonl, ".ndjson": _jsonl, ".json": _json, ".csv": _csv, ".tsv": _csv,
    }  # fmt: skip
    if kind not in readers:
        raise ValueError(f"{path}: a problem file ends in one of {', '.join(SUFFIXES)}")
    return readers[kind](_text(path), str(path))


def _text(path: Path) -> str:
    raw = path.read_bytes()
    if path.suffix.lower() == ".gz":
        try:
            raw = gzip.decompress(raw)
        except (OSError, EOFError, ValueError, zlib.error) as error:
            raise ValueError(f"{path}: not a gzip file: {error}") from None
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line, column = raw.count(b"\n", 0, error.start) + 1, error.start - raw.rfind(b"\n", 0, error.start)
        raise ValueError(f"{path}:{line}:{column}: not UTF-8 text: {error.reason}") from None


def _jsonl(text: str, name: str) -> Iterator[Record]:
    for number, line in enumerate(text.split("\n"), start=1):
        if line.strip():
            yield f"{name}:{number}", str(number), _decode(line.removesuffix("\r"), name, number)


def _json(text: str, name: str) -> Iterator[Record]:
    content = _decode(text, name, 1)
    if isinstance(content, dict):
        content = next((content[key] for key in _LISTS_IN_OBJECT if isinstance(content.get(key), list)), content)
    if not isinstance(content, list):
        keys = " or ".join(_LISTS_IN_OBJECT)
        raise ValueError(f"{name}: expected a list of records, or an object with one under {keys}")
    for number, record in enumerate(content, start=1):
        yield f"{name}: entry {number}", str(number), record


def _decode(text: str, name: str, line: int) -> Any:
    try:
        # Numbers stay as they are written: 0.10 is not 0.1 to a reader, and integers have no longest length.
        return json.loads(text, parse_float=str, parse_int=str, parse_constant=_constant)
    except json.JSONDecodeError as error:
        raise ValueError(f"{name}:{line + error.lineno - 1}:{error.colno}: not JSON: {error.msg}") from None
    except RecursionError:
        raise ValueError(f"{name}:{line}:1: not JSON that can be read: nested too deeply") from None


def _constant(name: str) -> str | None:
    """Return a constant that only Python writes; NaN is how tables write that nothing is there."""
    return None if name == "NaN" else name


def _csv(text: str, name: str) -> Iterator[Record]:
    delimiter = "\t" if name.lower().removesuffix(".gz").endswith(".tsv") else ","
    reader = csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    begin = 1  # a quotation mark that is never closed swallows the rest of the file: its record's beginning is named
    try:
        for record in reader:
            _check_width(record, name, reader.line_num)
            yield f"{name}:{reader.line_num}", str(reader.line_num), record
            begin = reader.line_num + 1
    except csv.Error as error:
        raise ValueError(f"{name}:{begin}:1: not CSV: {error}") from None


def _check_width(record: dict[str | None, Any], name: str, line: int) -> None:
    """Raise ValueError for a row that has more or fewer fields than the header."""
    columns = [column for column in record if column is not None]
    missing = sum(record[column] is None for column in columns)
    if None in record:
        raise ValueError(f"{name}:{line}:1: more fields than the {len(columns)} columns of the header")
    if missing:
        raise ValueError(
            f"{name}:{line}:1: {len(columns) - missing} fields, fewer than the {len(columns)} columns of the header"
        )


def _parquet(path: Path) -> Iterator[Record]:
    try:
        from pyarrow import ArrowException
        from pyarrow.parquet import ParquetFile
    except ImportError:
        raise ImportError(
            f"{path}: Parquet files need the extra [parquet]: pip install 'alphamath-zero[parquet]'"
        ) from None
    with path.open("rb") as file:
        try:
            batches = ParquetFile(file).iter_batches()
            rows = (row for batch in batches for row in batch.to_pylist())
            for number, record in enumerate(rows, start=1):
                yield f"{path}: row {number}", str(number), record
        except (ArrowException, OSError) as error:
            raise ValueError(f"{path}: not a Parquet file that can be read: {error}") from None

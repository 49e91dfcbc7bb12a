"""Data sets of Hugging Face's package `datasets`, and rows in memory, as problems.

A `Dataset` is a table whose rows are mappings, so nothing of the package is needed to read one; it is imported only to
open a folder that ``save_to_disk`` wrote.
"""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Final

from amz_env.problems.base import Problem
from amz_env.problems.records import problems_of

_FILES: Final = ("dataset_info.json", "dataset_dict.json")  # of a saved Dataset and of a saved DatasetDict


def is_saved(folder: Path) -> bool:
    """Return whether ``save_to_disk`` wrote this folder."""
    return any((folder / name).is_file() for name in _FILES)


def open_saved(folder: Path) -> Any:
    """Return the `Dataset` or `DatasetDict` in a folder.

    Raises:
        ImportError: the package is not installed.
    """
    try:
        from datasets import load_from_disk
    except ImportError:
        raise ImportError(
            f"{folder}: a saved data set needs the extra [datasets]: pip install 'alphamath-zero[datasets]'"
        ) from None
    return load_from_disk(str(folder))


def pick_split(data: Any, split: str | None, name: str) -> tuple[Any, str | None]:
    """Return the table to read, and the split still to be taken of it by the hash of the question (None: all of it).

    Of tables under names (`DatasetDict`) the one of that name is taken whole. One that is alone is else the table, and
    so it is if it is named ``train``: what is held out of it must not be trained on.

    Raises:
        ValueError: there is no such table, or there are several and none was named.
    """
    if not isinstance(data, Mapping):
        return data, split
    if split in data and (len(data) > 1 or split != "train"):
        return data[split], None
    if len(data) == 1:
        return next(iter(data.values())), split
    raise ValueError(
        f"{name} has the splits {', '.join(map(str, data))}: name one of them with split, or pass the table itself, "
        "load_problems(data[...])"
    )


def rows_as_problems(
    data: Iterable[Mapping[str, Any]], name: str, *, question_key: str | None, answer_key: str | None
) -> tuple[Problem, ...]:
    """Return the problems in the rows of a `Dataset`, or of any iterable of mappings, in their order.

    Args:
        data: the rows; what a row may look like stands in `amz_env.problems.records`.
        name: of the data, for messages and the problems' ids.
        question_key: column of the question, None to recognise it.
        answer_key: column of the answer, None to recognise it.

    Raises:
        ValueError: a row without these columns, or no usable row.
        TypeError: `data` holds no rows.
    """
    if isinstance(data, str | bytes) or not isinstance(data, Iterable):
        raise TypeError(f"problems come from a name, a path or rows (a Dataset, a list of dicts), got {data!r:.80}")
    plain = getattr(data, "with_format", None)  # tensors and data frames in the place of texts and numbers
    rows = data if plain is None else plain(None)
    records = ((f"{name}: row {number}", str(number), row) for number, row in enumerate(rows, start=1))
    return problems_of(records, name, place=name, question_key=question_key, answer_key=answer_key)


def name_of(data: Any) -> str:
    """Return what to call data in memory: the name that a `Dataset` carries, else ``rows``."""
    info = getattr(data, "info", None)
    return str(getattr(info, "dataset_name", None) or "rows")

"""Files that survive a kill: JSON written whole or not at all, JSON lines of which at most the last is lost."""

import json
import os
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import IO, Any


def write_json(path: str | os.PathLike[str], content: Any) -> None:
    """Write `content` as JSON, atomically: a reader sees the old file or the new one, never a part."""
    write_bytes(path, (json.dumps(content, indent=1) + "\n").encode())


def write_bytes(path: str | os.PathLike[str], content: bytes) -> None:
    """Write a file atomically (temporary file beside it, fsync, rename), making its directory."""
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(temporary, 0o644)  # mkstemp makes it private to the user
        os.replace(temporary, path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


def open_lines(path: str | os.PathLike[str]) -> IO[str]:
    """Open a JSON-lines file for appending; a half-written last line, left by a kill, is cut off first.

    A last line that only lacks its end, as other programs write it, stays. Each line is flushed as it is written.

    Raises:
        ValueError: what the file ends with was no such line: it is something else, and stays as it is.
    """
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("ab+") as file:
        size = file.tell()
        whole = _whole_length(file, size)
        file.seek(whole)
        rest = file.read()
        if rest.strip() and not rest.startswith(b"{"):
            raise ValueError(f"{path} does not hold JSON objects, one a line; it is left as it is")
        if _is_json(rest):
            file.write(b"\n")
        elif rest:
            file.truncate(whole)
    return path.open("a", encoding="utf-8", buffering=1)


def _is_json(line: bytes) -> bool:
    try:
        json.loads(line)
    except ValueError:
        return False
    return True


def write_line(file: IO[str], record: Mapping[str, Any]) -> None:
    """Append one record as a line. One write, so that a kill loses at most this line."""
    file.write(json.dumps(record) + "\n")
    file.flush()


def read_lines(path: str | os.PathLike[str]) -> Iterator[dict[str, Any]]:
    """Yield the records of a JSON-lines file; a half-written last line is dropped.

    Raises:
        ValueError: a line that is not a JSON object, named by file and line.
        FileNotFoundError: there is no such file.
    """
    with open(path, encoding="utf-8", errors="replace") as file:
        for number, line in enumerate(file, 1):
            if not line.strip():
                continue
            try:
                record = json.loads(line)
            except json.JSONDecodeError as error:
                if not line.endswith("\n"):
                    return
                raise ValueError(f"{path}:{number}: not JSON: {error.msg} (column {error.colno})") from None
            if not isinstance(record, dict):
                raise ValueError(f"{path}:{number}: expected a JSON object, got {type(record).__name__}")
            yield record


def _whole_length(file: IO[bytes], size: int, block: int = 1 << 16) -> int:
    """Return the length of the file up to and with its last line end."""
    end = size
    while end > 0:
        start = max(0, end - block)
        file.seek(start)
        found = file.read(end - start).rfind(b"\n")
        if found >= 0:
            return start + found + 1
        end = start
    return 0

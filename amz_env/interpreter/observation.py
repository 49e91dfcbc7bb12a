"""From what a step printed to the text that the model sees."""

import re

_UNSAFE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff]")


def render(output: bytes, limit: int) -> str:
    """Return `output` as an observation of about `limit` characters at most.

    Trailing newlines are stripped, control characters (tab and newline apart) and those that reorder text are written
    as escapes, and what is too long is cut in the middle. The text is data: tags in it are kept as they are.
    """
    # A step that writes half a character, or none at all, still gives text.
    text = output.decode("utf-8", "backslashreplace").rstrip("\n")
    return cut(_UNSAFE.sub(_escape, text), limit)


def cut(text: str, limit: int) -> str:
    """Return `text`, or its first and last ``limit // 2`` characters around ``...`` when it is longer than `limit`."""
    half = limit // 2
    return text if len(text) <= limit else f"{text[:half]}...{text[len(text) - half :]}"


def _escape(match: re.Match[str]) -> str:
    return match.group().encode("unicode_escape").decode("ascii")

"""Somebody else's text, made fit for a terminal."""

import unicodedata

_HIDDEN = frozenset({"Cc", "Cs", "Cf"})


def printable(text: str) -> str:
    """Return the text without control characters, surrogates and direction marks; a model may write any."""
    if text.isascii() and text.replace("\n", "").replace("\t", "").isprintable():
        return text
    return "".join(char if char in "\n\t" or unicodedata.category(char) not in _HIDDEN else "\ufffd" for char in text)


def shortened(text: str, width: int) -> str:
    """Return the text on one line of at most `width` (>= 4) characters, cut at the end."""
    line = " ".join(printable(text[: 16 * width]).split())
    return line if len(line) <= width and len(text) <= 16 * width else line[: width - 3].rstrip() + "..."

"""From what a step printed to the text that the model sees."""

import unicodedata


def render(output: bytes, limit: int) -> str:
    """Return `output` as an observation of about `limit` characters at most.

    Trailing newlines are stripped. Characters that do not show (tab, newline and spaces apart) are written as escapes:
    control characters, those that reorder text, those that hide in it, and those that mean nothing. What is too long
    is cut in the middle. The text is data: tags in it are kept as they are.
    """
    # A step that writes half a character, or none at all, still gives text.
    text = output.decode("utf-8", "backslashreplace").rstrip("\n")
    if len(text) > 2 * limit:  # what will be cut out need not be looked at
        text = text[:limit] + text[-limit:]
    return cut("".join(map(_shown, text)), limit)


def cut(text: str, limit: int) -> str:
    """Return `text`, or its first and last ``limit // 2`` characters around ``...`` when it is longer than `limit`."""
    half = limit // 2
    return text if len(text) <= limit else f"{text[:half]}...{text[len(text) - half :]}"


def _shown(character: str) -> str:
    if character.isprintable() or character in "\t\n" or unicodedata.category(character) == "Zs":
        return character
    return character.encode("unicode_escape").decode("ascii")

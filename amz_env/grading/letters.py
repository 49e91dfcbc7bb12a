"""Tells a run of letters apart: names of functions and letters, products of letters, words of a language."""

import re
from collections.abc import Sequence

from amz_env.grading.lexer import Token
from amz_env.grading.names import CONSTANTS, FUNCTIONS, GREEK

_KNOWN = sorted((GREEK | FUNCTIONS.keys() | CONSTANTS.keys()), key=len, reverse=True)
_KNOWN_PREFIX = re.compile("|".join(_KNOWN))


def split_word(word: str) -> list[str]:
    """Split a run of letters into known names and single letters: ``xsin`` -> ``x``, ``sin``."""
    parts, position = [], 0
    while position < len(word):
        match = _KNOWN_PREFIX.match(word, position)
        parts.append(match[0] if match else word[position])
        position += len(parts[-1])
    return parts


def is_prose(word: str) -> bool:
    """Return whether a run of letters is a word of a language and not a product of letters and functions."""
    parts = split_word(word)
    letters = sum(len(part) == 1 for part in parts)
    if letters < len(parts):  # it holds a name, as "xsin" and "minutes" do
        return letters > 3
    return letters > 4 or (letters == 4 and re.search("[aeiou]", word, re.IGNORECASE) is not None)


def split_words(tokens: Sequence[Token]) -> list[Token]:
    """Return the tokens with every run of letters split into names and letters."""
    result: list[Token] = []
    for token in tokens:
        if token.kind == "word" and len(token.text) > 1:
            parts = split_word(token.text)
            result += [
                Token("cmd" if len(part) > 1 else "word", part, token.spaced and i == 0) for i, part in enumerate(parts)
            ]
        else:
            result.append(token)
    return result

"""Answers that are words: which tokens are, what their words are, and what may stand before a colon."""

import re
from collections.abc import Sequence

from amz_env.grading.letters import is_prose, split_word
from amz_env.grading.lexer import Token
from amz_env.grading.names import CONSTANTS, GREEK, HEDGES

_ARTICLES = frozenset(["the", "a", "an"])
_NO_LABELS = HEDGES - {"number", "numbers"} | GREEK  # ``not: 1`` is no 1, and ``lambda: 1`` is a program


def words(canonical: str) -> str:
    """Return the words of an answer that is prose: lower case, without articles, mark-up and punctuation."""
    bare = re.sub(r"\\(?:text\w*|mathrm|mathbf|mathit|mbox)(?![A-Za-z])", " ", canonical).casefold()
    found = re.findall(r"\d+(?:[.,:/]\d+)*|[^\W\d_]+|[-+=<>|^*/%]", bare)
    return " ".join(word for word in found if word not in _ARTICLES) or bare.strip()


def is_word(token: Token) -> bool:
    """Return whether a token is letters, of a text group or not."""
    return token.kind in ("word", "text")


def is_one_word(tokens: Sequence[Token]) -> bool:
    """Return whether an answer is one word, such as ``parabola``, and not a product of letters, such as ``xyz``."""
    if len(tokens) != 1 or not is_word(tokens[0]):
        return False
    word = tokens[0].text
    if len(word) < 3:
        return word.lower() in ("no", "ok")
    named = any(len(part) > 2 for part in split_word(word)) or word in CONSTANTS  # "sinx" is mathematics, "Red" is not
    return is_prose(word) or (not named and re.search("[aeiou]", word, re.IGNORECASE) is not None)


def has_prose(tokens: Sequence[Token]) -> bool:
    """Return whether a word of a language is among the tokens."""
    return any(
        (token.kind == "text" and len(token.text) > 1) or (token.kind == "word" and is_prose(token.text))
        for token in tokens
    )


def is_label(tokens: Sequence[Token]) -> bool:
    """Return whether tokens before a colon only name what follows it, as ``Total: 12`` does."""
    return bool(tokens) and all(is_word(token) and token.text.lower() not in _NO_LABELS for token in tokens)

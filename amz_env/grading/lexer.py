r"""From a canonical spelling to tokens. Linear; knows brackets only to tell `1,234` from the pair `(1,234)`."""

import re
from dataclasses import dataclass, replace

from amz_env.grading.names import CONSTANTS, FUNCTIONS, words_of
from amz_env.grading.tree import CannotRead

TEXT_COMMANDS = words_of("text textbf textit textrm textsf texttt textnormal textup mbox hbox emph")
FONT_COMMANDS = words_of(
    "mathrm operatorname mathbf mathit mathsf mathcal boldsymbol bm mathtt rm mathbb mathfrak mathscr bf it"
)
_NUMBER = re.compile(r"\d{1,3}(?:,\d{3})+(?!\d|,\d)(?:\.\d+)?|\d+\.?\d*|\.\d+")
_UNGROUPED = re.compile(r"\d+\.?\d*|\.\d+")
_HEXADECIMAL = re.compile(r"0[xX][0-9A-Fa-f]")
_EXPONENT = re.compile(r"[eE]([+-]?\d+)(?![A-Za-z0-9.])")
_REPEAT = re.compile(r"\\(?:overline|bar|dot|overset\{\.\})\s*\{?(\d+)\}?|\((\d+)\)(?=$|[\s,)}%\\])")
_WORD = re.compile(r"[A-Za-z]+")
_COMMAND = re.compile(r"\\([A-Za-z]+|.)\*?", re.DOTALL)
_OPENING = re.compile(r"\s*\{")


@dataclass(frozen=True, slots=True)
class Token:
    """One token.

    Attributes:
        kind: ``num``, ``word`` (a run of letters), ``cmd`` (a command without its backslash,
            or ``begin:pmatrix``, ``mathbb:R``), ``text`` (a word
            inside a text or font group), ``op`` (anything else: one character, or one of ``** <= >= != ==``).
        text: the characters.
        spaced: whether white space stood before it.
        extra: for ``num``: the repeating digits, or the exponent as ``e-3``.
    """

    kind: str
    text: str
    spaced: bool = False
    extra: str = ""


def tokenise(source: str, *, grouped: bool = True) -> list[Token]:
    """Return the tokens of a canonical spelling.

    Args:
        source: what `normalise` returned.
        grouped: read ``1,234`` outside brackets as one number; else as two.

    Raises:
        CannotRead: a group is not closed.
    """
    tokens: list[Token] = []
    position = depth = 0
    while position < len(source):
        char = source[position]
        if char.isspace():
            position += 1
            continue
        spaced = position > 0 and source[position - 1].isspace()
        if char.isdigit() or (char == "." and source[position + 1 : position + 2].isdigit()):
            token, position = _number(source, position, spaced, grouped and depth == 0)
        elif char == "\\":
            several, position = _command(source, position, spaced)
            tokens += several
            continue
        elif match := _WORD.match(source, position):
            token, position = Token("word", match[0], spaced), match.end()
        else:
            width = 2 if source[position : position + 2] in ("**", "<=", ">=", "!=", "==") else 1
            token, position = Token("op", source[position : position + width], spaced), position + width
        depth += (token.kind == "op" and token.text in "([{") - (token.kind == "op" and token.text in ")]}")
        tokens.append(token)
    return tokens


def _number(source: str, position: int, spaced: bool, grouped: bool) -> tuple[Token, int]:
    if _HEXADECIMAL.match(source, position):
        raise CannotRead("a hexadecimal number")  # as a product it would be 0
    match = (_NUMBER if grouped else _UNGROUPED).match(source, position)
    if match is None:
        raise CannotRead("a digit that is not ASCII")
    digits, end = match[0].replace(",", ""), match.end()
    if source.startswith("...", end - 1) and digits.endswith("."):  # 0.333... is handled below, "1..." is not a number
        raise CannotRead("ellipsis")
    extra = ""
    if exponent := _EXPONENT.match(source, end):
        extra, end = f"e{int(exponent[1])}", exponent.end()
    elif "." in digits and (repeat := _REPEAT.match(source, end)):
        extra, end = repeat[1] or repeat[2], repeat.end()
    elif "." in digits and (dots := re.match(r"\.\.\.|\s*\\(?:ldots|dots)\b", source[end:])):
        if not re.search(r"(\d)\1\1$", digits):
            raise CannotRead("ellipsis")
        extra, end = digits[-1], end + dots.end()
    return Token("num", digits, spaced, extra), end


def group_end(source: str, start: int) -> int:
    """Return the index of the brace that closes the group opened at ``start``.

    Raises:
        CannotRead: there is none.
    """
    depth, position = 0, start
    while position < len(source):
        if source[position] == "\\":
            position += 1
        elif source[position] in "{}":
            depth += 1 if source[position] == "{" else -1
            if depth == 0:
                return position
        position += 1
    raise CannotRead("a group that is not closed")


def _command(source: str, position: int, spaced: bool) -> tuple[list[Token], int]:
    """Return the token of a command, or the tokens inside a text or font group, and where to go on."""
    match = _COMMAND.match(source, position)
    if match is None:
        raise CannotRead("a lone backslash")
    name, end = match[1], match.end()
    opening = _OPENING.match(source, end)
    if opening is None or name not in TEXT_COMMANDS | FONT_COMMANDS | {"begin", "end"}:
        return [Token("cmd", name, spaced)], end
    close = group_end(source, opening.end() - 1)
    content = source[opening.end() : close]
    if name in ("begin", "end", "mathbb"):
        return [Token("cmd", f"{name}:{content.strip()}", spaced)], close + 1
    named = content in FUNCTIONS and source[close + 1 :].lstrip().startswith("(")  # \text{lcm}(4, 6)
    words = name in TEXT_COMMANDS and not named
    inner = [_as_text(token) if words or token.text not in FUNCTIONS else token for token in tokenise(content)]
    if inner and spaced:
        inner[0] = replace(inner[0], spaced=True)
    return inner, close + 1


def _as_text(token: Token) -> Token:
    return replace(token, kind="text") if token.kind == "word" and token.text not in CONSTANTS else token

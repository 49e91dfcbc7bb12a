r"""From any string to the canonical spelling that the lexer reads: guards, Unicode, wrappers, spacing.

Every step is linear in the length, and the length is bounded before the first regular expression runs.
"""

import re
import unicodedata

MAX_LENGTH = 2000  # characters; the longest reference in the usual data sets has fewer than 500
MAX_DEPTH = 50  # open brackets


class Refused(Exception):
    """The text is too long, too deep, or holds characters that no answer needs."""


_FRACTIONS = {c: unicodedata.normalize("NFKC", c).replace("\u2044", "/") for c in "½⅓⅔¼¾⅕⅖⅗⅘⅙⅚⅐⅛⅜⅝⅞⅑⅒"}
_SYMBOLS = {
    "−": "-", "–": "-", "—": "-", "‐": "-", "‑": "-", "×": r"\times ", "⋅": r"\cdot ", "·": r"\cdot ", "∙": r"\cdot ",
    "÷": r"\div ", "∕": "/", "⁄": "/", "≤": r"\le ", "≥": r"\ge ", "⩽": r"\le ", "⩾": r"\ge ", "≠": r"\ne ",
    "≈": r"\approx ", "±": r"\pm ", "∓": r"\mp ", "∞": r"\infty ", "√": " sqrt ", "∛": " cbrt ", "∪": r"\cup ",
    "∩": r"\cap ", "∖": r"\setminus ", "∈": r"\in ", "∅": r"\emptyset ", "⌀": r"\emptyset ", "°": r"^{\circ}",
    "º": r"^{\circ}", "′": "'", "’": "'", "‘": "'", "″": "''", "“": '"', "”": '"', "⟨": r"\langle ", "⟩": r"\rangle ",
    "〈": r"\langle ", "〉": r"\rangle ", "⌊": r"\lfloor ", "⌋": r"\rfloor ", "⌈": r"\lceil ", "⌉": r"\rceil ",
    "ℝ": r"\mathbb{R}", "ℤ": r"\mathbb{Z}", "ℕ": r"\mathbb{N}", "ℚ": r"\mathbb{Q}", "ℂ": r"\mathbb{C}",
    "π": r"\pi ", "…": r"\ldots ", "⋯": r"\ldots ", "∨": r"\lor ", "∧": r"\land ", "→": r"\to ", "∫": r"\int ",
    "∑": r"\sum ", "∏": r"\prod ", "∂": r"\partial ", "€": r"\euro ", "£": r"\pounds ", "¥": r"\yen ", "₹": r"\rupee ",
    "¢": r"\cent ", "ϕ": r"\phi ", "φ": r"\phi ", "ε": r"\epsilon ", "ϵ": r"\epsilon ", "‖": r"\Vert ", "∗": "*",
    "，": ", ", "、": ", ", "；": "; ", "。": ". ", "﹣": "-", "％": "%", "﹪": "%", "µ": "u", "Å": r"\angstrom ",
    "∶": ":", "≡": r"\equiv ",
}  # fmt: skip
_GREEK = """
alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi omicron pi rho sigma sigma tau upsilon phi chi
psi omega
"""  # in the order of Unicode, which has two small sigmas
_GREEK_NAMES = _GREEK.split()
_SYMBOLS |= {chr(0x3B1 + i): rf"\{name} " for i, name in enumerate(_GREEK_NAMES) if chr(0x3B1 + i) not in _SYMBOLS}
_SYMBOLS |= {chr(0x391 + i): rf"\{name.capitalize()} " for i, name in enumerate(_GREEK_NAMES) if chr(0x391 + i) != "΢"}
_SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁽⁾ⁿⁱ", "0123456789+-()ni")
_SUBSCRIPTS = str.maketrans("₀₁₂₃₄₅₆₇₈₉₊₋ₙᵢₓ", "0123456789+-nix")
_OVERLINED = re.compile("(?:[0-9]\u0305)+")  # a digit and a combining line over it
_SUPER_RUN = re.compile("[⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁽⁾ⁿⁱ]+")
_SUB_RUN = re.compile("[₀₁₂₃₄₅₆₇₈₉₊₋ₙᵢₓ]+")

_NOT_LETTER = r"(?![A-Za-z])"
_ENVIRONMENT = r"\{(?:equation|align|displaymath|math)\*?\}"
_INVISIBLE = re.compile(
    rf"\\(?:left|right|[bB]igg?[lrm]?|middle){_NOT_LETTER}\.?|\\(?:displaystyle|textstyle|scriptstyle|limits|nolimits|"
    r"quad|qquad|thinspace|medspace|thickspace|negthinspace|enspace|hfill|hline|noindent|strut|null|medskip|smallskip|"
    rf"par|centering|allowbreak){_NOT_LETTER}|\\[hv]space\*?\{{[^{{}}]*\}}|\\phantom\{{[^{{}}]*\}}|"
    r"(?<!\\)\\[;: /]|(?<!\\)\\(?=\s|$)|~"
)
_GROUPING = re.compile(
    r"(?<=\d)(?:\{,\\?!?\}|,?\\!|\{?\\,\}?|\\;|\\:|\\ |~|\\thinspace ?| (?!\d{3} ?/))(?=\d{3}(?!\d))"
)
_SPACE = re.compile(r"(?<![A-Za-z0-9]) | (?![A-Za-z0-9])")
_BARE_FONT = re.compile(r"\\(mathbb|mathrm|mathbf|mathcal) ([A-Za-z])(?![A-Za-z])")
_TIMES_TEN = re.compile(r"(?<=\d) ?[xX] ?(?=10 ?\^)")
_THIN = re.compile(r"\\[,!]")
_BOX = re.compile(r"\\(?:f?boxed|ensuremath|underline|fbox)(?=\s*\{)|\\(?:text)?color\{[^{}]*\}")
_DOLLARS = re.compile(r"(?<!\\)\$(?=\d[\d,.]*(?:$| ?[/A-Za-z]))")  # before a plain amount
_DELIMITERS = re.compile(
    rf"(?<!\\)\$|\\[()\[\]](?![0-9.]+(?:pt|ex|em)\])|(?<!\\)\\begin{_ENVIRONMENT}|\\end{_ENVIRONMENT}"
)
_LEAD = re.compile(
    r"^(?:\*\*)?(?:(?:so|thus|therefore|hence),? )?(?:the )?(?:final |correct )?(?:answer|result)(?: is| equals)?"
    r"\s*(?:\*\*:|:\*\*|[:=])?\s+",
    re.IGNORECASE,
)
_TAIL = re.compile(r"\\(?:text|mbox|mathrm) ?\{[ .,;]*\}$")
_BARE_COMMAND = re.compile(r"(?<![\\A-Za-z])(?=(?:[dt]?frac|binom) ?\{)")  # its backslash is lost
_MODULUS = re.compile(
    r"\\pmod ?(?:\{(\w+)\}|(\w+))|\( ?(?:\\b?mod|mod|\\(?:mathrm|text|operatorname) ?\{ ?mod ?\}) ?(\w+) ?\)"
)
_END = r"(?=\s*(?:$|\\cup|\\cap))"
_OPENED_OUTWARDS = re.compile(rf"(?:^|(?<=[\s=])|(?<=\\cup)|(?<=\\in))\]([^\[\]]*,[^\[\]]*)([\[\]]){_END}")
_CLOSED_OUTWARDS = re.compile(rf"\[([^\[\]]*,[^\[\]]*)\[{_END}")  # [0, 1[ is [0, 1)
_NEW_NAME = {
    "dfrac": r"\frac", "tfrac": r"\frac", "cfrac": r"\frac", "tbinom": r"\binom", "dbinom": r"\binom",
    "lt": "<", "gt": ">", "leqslant": r"\le", "leqq": r"\le", "leq": r"\le",
    "geqslant": r"\ge", "geqq": r"\ge", "geq": r"\ge", "neq": r"\ne",
    "varnothing": r"\emptyset", "infin": r"\infty", "degree": r"^{\circ}", "ast": "*", "star": "*", "varphi": r"\phi",
    "varepsilon": r"\epsilon", "lor": r"\text{or}", "land": r"\text{and}",
    "vee": r"\text{or}", "wedge": r"\text{and}", "lbrace": r"\{", "rbrace": r"\}",
    "lbrack": "[", "rbrack": "]", "lvert": "|", "rvert": "|", "vert": "|", "colon": ":", "lparen": "(", "rparen": ")",
    "backslash": r"\setminus", "tg": r"\tan", "ctg": r"\cot", "textdollar": r"\$", "percent": r"\%", "cr": r"\\",
    **{f"{which}dots": r"\ldots" for which in ("", "c")}, **{f"dots{which}": r"\ldots" for which in "bcimo"},
}  # fmt: skip
_RENAMED = re.compile(rf"\\({'|'.join(sorted(_NEW_NAME, key=len, reverse=True))}){_NOT_LETTER}")


def normalise(text: str) -> str:
    """Return the canonical spelling of an answer; equal answers may still be spelled in different ways.

    Raises:
        Refused: the text is longer than `MAX_LENGTH`, nested deeper than `MAX_DEPTH`, or holds control characters.
    """
    text = text.strip()
    if len(text) > MAX_LENGTH:
        raise Refused("length")
    text = _ascii_mathematics(text) if not text.isascii() else text
    if any(ord(char) < 32 and char not in "\t\n\r" for char in text):
        raise Refused("characters")
    if _depth(text) > MAX_DEPTH:
        raise Refused("depth")
    text = _GROUPING.sub("", " ".join(text.split()))
    if (text.count("$") - text.count(r"\$")) % 2:  # not around mathematics
        text = _DOLLARS.sub(r"\\$", text, count=1)
    text = _BOX.sub("", _unboxed(_DELIMITERS.sub(" ", text).strip()))
    text = _INVISIBLE.sub(" ", text)
    text = _THIN.sub(" ", text)
    text = _BARE_FONT.sub(r"\\\1{\2}", text)
    text = _TIMES_TEN.sub(r"\\times ", text)
    text = _BARE_COMMAND.sub(r"\\", text)
    text = _RENAMED.sub(lambda match: f"{_NEW_NAME[match[1]]} ", text)
    text = _MODULUS.sub(lambda match: rf" \pmod{{{match[1] or match[2] or match[3]}}}", text)
    text = _OPENED_OUTWARDS.sub(lambda match: f"({match[1]}{')' if match[2] == '[' else ']'}", text)
    text = _CLOSED_OUTWARDS.sub(r"[\1)", text)
    return _strip_wrappers(" ".join(text.split()))


def _ascii_mathematics(text: str) -> str:
    """Spell Unicode mathematics in LaTeX, drop invisible format characters, and fold compatibility forms."""
    for char in set(text) & _FRACTIONS.keys():
        top, bottom = _FRACTIONS[char].split("/")
        text = text.replace(char, rf" \frac{{{top}}}{{{bottom}}} ")
    text = _OVERLINED.sub(lambda match: rf"\overline{{{match[0][::2]}}}", text)
    text = _SUPER_RUN.sub(lambda match: f"^{{{match[0].translate(_SUPERSCRIPTS)}}}", text)
    text = _SUB_RUN.sub(lambda match: f"_{{{match[0].translate(_SUBSCRIPTS)}}}", text)
    text = "".join(_SYMBOLS.get(char, char) for char in text if unicodedata.category(char) != "Cf")
    text = unicodedata.normalize("NFKC", text)
    return "".join(_SYMBOLS.get(char, char) for char in text)


def _depth(text: str) -> int:
    depth = deepest = 0
    for char in text:
        if char in "([{":
            depth += 1
            deepest = max(deepest, depth)
        elif char in ")]}":
            depth -= 1
    return deepest


def _unboxed(text: str) -> str:
    r"""Return the content of a ``\boxed{}`` around a whole answer."""
    while (match := _BOX.match(text)) and text[match.end() :].lstrip().startswith("{"):
        opening = text.index("{", match.end())
        closing = text.rstrip(" .")
        if _closing_brace(closing, opening) != len(closing) - 1:
            break
        text = closing[opening + 1 : -1].strip()
    return text


def _closing_brace(text: str, opening: int) -> int:
    """Return the index of the brace that closes a group, or -1."""
    depth = 0
    for index in range(opening, len(text)):
        if text[index] in "{}" and text[index - 1 : index] != "\\":
            depth += 1 if text[index] == "{" else -1
            if depth == 0:
                return index
    return -1


def _strip_wrappers(text: str) -> str:
    """Remove bold marks, quotes, a leading ``the answer is`` and trailing punctuation."""
    previous = ""
    while text != previous:
        previous = text
        text = text.strip().rstrip(".;,") if not text.endswith(("...", r"\,")) else text.strip()
        for mark in ("**", "__", "`", '"', "*"):
            if len(text) > 2 * len(mark) and text.startswith(mark) and text.endswith(mark):
                text = text[len(mark) : -len(mark)]
        text = _TAIL.sub("", _LEAD.sub("", text))
    return text


def squeeze(canonical: str) -> str:
    """Return the canonical spelling without the spaces that mean nothing: equal strings are equal answers."""
    return _SPACE.sub("", canonical)

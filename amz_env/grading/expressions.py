r"""Reads one expression: numbers, polynomials, radicals, functions, matrices; LaTeX and plain spelling alike.

A recursive-descent reader. Sums and products are flat, signs and suffixes are loops, and nesting is counted, so that no
text can exhaust the stack.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace

from amz_env.grading.letters import is_prose, split_words
from amz_env.grading.lexer import Token
from amz_env.grading.literals import is_proper, mixed, product, read_number
from amz_env.grading.names import CONSTANTS, FUNCTIONS, GREEK, TRIGONOMETRIC, words_of
from amz_env.grading.tree import CannotRead, NeedsSymbolic, Node, integer, size, substitute, symbols, whole

MAX_NESTING = 60
MAX_TERMS = 100  # of a sum or product that is written out
MAX_SERIES = 4000  # nodes of one
_ACCENTS = {"bar": "bar", "overline": "bar", "hat": "hat", "widehat": "hat", "vec": "vec", "overrightarrow": "vec",
            "dot": "dot", "ddot": "ddot", "tilde": "tilde", "widetilde": "tilde"}  # fmt: skip
_CONSTRUCTS = words_of("int iint oint lim limsup liminf partial nabla infty_ bigcup bigcap")
_CLOSERS = {"(": ")", "[": "]", "lfloor": "rfloor", "lceil": "rceil"}
_NOT_ATOMS = words_of(
    "cdot times div bmod pm mp over choose rfloor rceil circ prime % $ } ] ) \\ cup cap setminus in le ge ne to approx "
    "equiv sim ldots dots mid euro pounds yen rupee cent text implies iff quad pmod"
)
_TIMES = (("op", "*"), ("cmd", "cdot"), ("cmd", "times"))
_OVER = (("op", "/"), ("cmd", "div"))
_ENVIRONMENTS = words_of("matrix pmatrix bmatrix vmatrix Bmatrix Vmatrix smallmatrix array")


def read_expression(tokens: Sequence[Token]) -> Node:
    """Return the tree of tokens that are one expression.

    Raises:
        CannotRead: they are not, or they need a construct that only the symbolic layer knows.
    """
    if any(token.kind == "word" and is_prose(token.text) for token in tokens):
        raise CannotRead("words")
    reader = _Reader(tokens)
    node = reader.content()
    if reader.at < len(reader.tokens):
        raise CannotRead(f"unexpected {reader.tokens[reader.at].text!r}")
    return node


class _Reader:
    def __init__(self, tokens: Sequence[Token]) -> None:
        self.tokens = split_words(tokens)
        self.at = 0
        self.nesting = 0
        self.bars = 0

    # Looking and stepping

    def peek(self, ahead: int = 0) -> Token:
        index = self.at + ahead
        return self.tokens[index] if index < len(self.tokens) else Token("end", "")

    def sees(self, *wanted: tuple[str, str]) -> bool:
        token = self.peek()
        return (token.kind, token.text) in wanted

    def take(self, *wanted: tuple[str, str]) -> bool:
        found = self.sees(*wanted)
        self.at += found
        return found

    def expect(self, kind: str, text: str) -> None:
        if not self.take((kind, text)):
            raise CannotRead(f"{text!r} is missing")

    # The grammar, from the loosest binding to the tightest

    def sum(self) -> Node:
        self.nesting += 1
        if self.nesting > MAX_NESTING:
            raise CannotRead("nesting")
        terms = [self.signed(self.product)]
        while self.sees(("op", "+"), ("op", "-"), ("cmd", "pm"), ("cmd", "mp")):
            terms.append(self.signed(self.product))
        self.nesting -= 1
        return terms[0] if len(terms) == 1 else Node("add", tuple(terms))

    def signed(self, read: Callable[[], Node]) -> Node:
        """Read a run of signs and what they apply to."""
        negative, both = False, 0
        while True:
            if self.take(("op", "-")):
                negative = not negative
            elif self.take(("cmd", "pm")):
                both = 1
            elif self.take(("cmd", "mp")):
                both = -1
            elif not self.take(("op", "+")):
                break
        node = read()
        if negative:
            node = Node("neg", (node,))
        return Node("pm", (node,), both) if both else node

    def product(self) -> Node:
        factors = [self.power()]
        while True:
            if self.take(*_TIMES):
                factors.append(self.signed(self.power))
            elif self.take(*_OVER):
                factors.append(Node("inv", (self.signed(self.power),)))
            elif self.take(("cmd", "bmod"), ("cmd", "mod")):
                factors = [Node("fn", (product(factors), self.signed(self.power)), "mod")]
            elif self.starts_atom():
                factors = self.adjoin(factors)
            else:
                return product(factors)

    def adjoin(self, factors: list[Node]) -> list[Node]:
        """Read a factor written without a sign of multiplication: a product, or the fraction of a mixed number."""
        whole, token = factors[-1], self.peek()
        is_integer = whole.head == "num" and whole.value.digits == 0 and whole.value.exact.denominator == 1
        if token.kind == "num" and whole.head == "num":
            if not (is_integer and token.spaced and self.peek(1).text == "/" and self.peek(2).kind == "num"):
                raise CannotRead("two numbers side by side")
            top, bottom = self.power(), (self.take(("op", "/")), self.power())[1]
            return [*factors[:-1], mixed(whole, top, bottom)]
        factor = self.power()
        if is_integer and (token.kind, token.text) == ("cmd", "frac") and is_proper(factor):
            return [*factors[:-1], Node("add", (whole, factor))]
        return [*factors, factor]

    def starts_atom(self) -> bool:
        token = self.peek()
        if token.kind in ("num", "word"):
            return True
        if token.kind == "text":
            return len(token.text) == 1
        if token.kind == "op":
            return token.text in "([{" or (token.text == "|" and not self.bars)
        return token.kind == "cmd" and token.text not in _NOT_ATOMS and not token.text.startswith("end:")

    def power(self) -> Node:
        base = self.suffixes(self.atom())
        while self.take(("op", "^"), ("op", "**")):
            base = self.suffixes(self.raised(base))
        return base

    def raised(self, base: Node) -> Node:
        """Read what follows ``^``: an exponent, a degree sign, or primes."""
        start = self.at
        braced = self.take(("op", "{"))
        if self.take(("cmd", "circ")):
            if braced:
                self.expect("op", "}")
            return Node("deg", (base,))
        primes = 0
        while self.take(("cmd", "prime"), ("op", "'")):
            primes += 1
        if primes and (not braced or self.take(("op", "}"))) and base.head == "sym":
            return Node("sym", value=base.value + "'" * primes)
        self.at = start
        exponent = self.signed(self.atom)
        if self.take(("op", "^"), ("op", "**")):  # towers group to the right
            self.nesting += 1
            if self.nesting > MAX_NESTING:
                raise CannotRead("nesting")
            exponent = self.raised(exponent)
            self.nesting -= 1
        return Node("pow", (base, exponent))

    def suffixes(self, node: Node) -> Node:
        while True:
            if self.take(("op", "!")):
                if self.sees(("op", "!")):
                    raise CannotRead("double factorial")
                node = Node("fact", (node,))
            elif node.head == "sym" and self.take(("op", "'")):
                node = Node("sym", value=node.value + "'")
            else:
                return node

    # Atoms

    def atom(self) -> Node:
        token = self.peek()
        self.at += 1
        if token.kind == "num":
            return self.number(token)
        if token.kind == "word" or (token.kind == "text" and len(token.text) == 1):
            return self.symbol(token.text)
        if token.kind == "op" and token.text == "{":
            return self.group("}")
        if token.kind == "op" and token.text in "([":
            return self.group(_CLOSERS[token.text])
        if token.kind == "op" and token.text == "|":
            return self.bars_group()
        if token.kind == "cmd":
            return self.command(token.text)
        raise CannotRead(f"unexpected {token.text!r}" if token.kind != "text" else "words")

    def number(self, token: Token) -> Node:
        if self.take(("op", "_")):
            base = self.argument()
            if base.head != "num" or not token.text.isdigit():
                raise CannotRead("subscript of a number")
            return Node("base", value=(token.text.lstrip("0") or "0", int(base.value.exact)))
        return Node("num", value=read_number(token))

    def symbol(self, name: str) -> Node:
        if self.take(("op", "_")):
            return Node("sym", value=f"{name}_{self.subscript()}")
        if [(self.peek(i).kind, self.peek(i).text) for i in range(3)] == [("op", "("), ("num", "0"), ("op", ")")]:
            self.at += 3
            return Node("sym", value=f"{name}(0)")  # f(0) is a value of f; as a product it would be 0
        return Node("const", value=name) if name in ("e", "i") else Node("sym", value=name)

    def subscript(self) -> str:
        token = self.peek()
        self.at += 1
        if token.text != "{":
            return token.text
        parts, depth = [], 1
        while depth and self.peek().kind != "end":
            token = self.peek()
            self.at += 1
            depth += (token.text == "{") - (token.text == "}")
            parts.append(token.text)
        return "".join(parts[:-1])

    def group(self, closer: str) -> Node:
        """Read one expression up to a closing bracket."""
        outer, self.bars = self.bars, 0
        node = self.content()
        self.expect("op", closer)
        self.bars = outer
        return node

    def content(self) -> Node:
        r"""Read all of a group, which ``\over`` and ``\choose`` cut in two."""
        node = self.sum()
        if self.take(("cmd", "over")):
            return product([node, Node("inv", (self.sum(),))])
        if self.take(("cmd", "choose")):
            return Node("fn", (node, self.sum()), "binom")
        return node

    def bars_group(self) -> Node:
        self.bars += 1
        node = self.sum()
        self.expect("op", "|")
        self.bars -= 1
        return Node("fn", (node,), "abs")

    def argument(self) -> Node:
        """Read the argument of a LaTeX command: a group, or one digit, letter or command."""
        token = self.peek()
        if token.kind == "num" and len(token.text) > 1 and token.text.isdigit():
            self.tokens[self.at] = replace(token, text=token.text[1:])
            return integer(int(token.text[0]))
        return self.atom()

    def command(self, name: str) -> Node:
        if name == "frac":
            return self.fraction()
        if name in ("sum", "prod"):
            return self.series("add" if name == "sum" else "mul")
        if name == "binom":
            return Node("fn", (self.argument(), self.argument()), "binom")
        if name in ("sqrt", "cbrt"):
            return self.root(3 if name == "cbrt" else 2)
        if name in ("lfloor", "lceil"):
            node = self.sum()
            self.expect("cmd", _CLOSERS[name])
            return Node("fn", (node,), "floor" if name == "lfloor" else "ceil")
        if name in FUNCTIONS:
            return self.function(FUNCTIONS[name])
        if name in CONSTANTS:
            return Node("const", value=CONSTANTS[name])
        if name in _ACCENTS:
            return self.accented(_ACCENTS[name])
        if name in GREEK:
            return self.symbol(name)
        if name.startswith("begin:"):
            return self.matrix(name.removeprefix("begin:"))
        raise NeedsSymbolic(name) if name in _CONSTRUCTS else CannotRead(f"command {name}")

    def fraction(self) -> Node:
        top, bottom = self.argument(), self.argument()
        if top.head == "sym" and top.value == "d" and bottom.head == "mul" and bottom.args[0] == top:
            raise NeedsSymbolic("construct")  # a derivative
        return product([top, Node("inv", (bottom,))])

    def series(self, head: str) -> Node:
        """Read a sum or product whose bounds are whole numbers, and write it out."""
        self.expect("op", "_")
        self.expect("op", "{")
        variable = self.atom()
        self.expect("op", "=")
        first = self.sum()
        self.expect("op", "}")
        self.expect("op", "^")
        last = self.atom()
        term = self.signed(self.product)
        low, high = whole(first), whole(last)
        if variable.head != "sym" or low is None or high is None or not 0 <= high - low < MAX_TERMS:
            raise NeedsSymbolic("construct")
        if size(term) * (high - low + 1) > MAX_SERIES:
            raise NeedsSymbolic("construct")
        return Node(head, tuple(substitute(term, variable, integer(index)) for index in range(low, high + 1)))

    def accented(self, accent: str) -> Node:
        """Read letters under an accent: a name; under a bar, a complex number too: its conjugate."""
        node = self.argument()
        letters = node.args if node.head == "mul" else (node,)
        if all(letter.head in ("sym", "const") for letter in letters):
            return Node("sym", value=f"{accent}({''.join(letter.value for letter in letters)})")
        if accent == "bar" and node.head != "num" and not symbols(node):
            return Node("fn", (node,), "conj")
        raise CannotRead("accent")

    def root(self, index: int) -> Node:
        degree = integer(index)
        if self.take(("op", "[")):
            degree = self.group("]")
        return Node("fn", (self.atom(), degree), "root")

    def function(self, name: str) -> Node:
        base: tuple[Node, ...] = ()
        exponent: Node | None = None
        while self.sees(("op", "_"), ("op", "^"), ("op", "**")):
            if self.take(("op", "_")):
                base = (self.log_base(),)
            else:
                self.at += 1
                exponent = self.signed(self.atom)
        arguments = self.arguments()
        if name == "log" and not base and len(arguments) == 2:
            arguments, base = arguments[:1], arguments[1:]  # log(8, 2), as programs write it
        if name == "exp":
            node = Node("pow", (Node("const", value="e"), arguments[0]))
        else:
            node = Node("fn", (*arguments, *base), name)
        if exponent is None:
            return node
        if exponent == Node("neg", (integer(1),)) and name in TRIGONOMETRIC:
            return Node("fn", arguments, f"a{name}")
        return Node("pow", (node, exponent))

    def log_base(self) -> Node:
        r"""Read a subscript; of ``\log_28`` only the first digit, for the rest must be the argument."""
        token, after = self.peek(), self.peek(1)
        if token.kind == "num" and after.kind in ("end", "op") and after.text not in ("(", "{", "[", "|"):
            return self.argument()
        return self.atom()

    def arguments(self) -> tuple[Node, ...]:
        for opener, closer in (("(", ")"), ("{", "}"), ("[", "]")):
            if self.take(("op", opener)):
                return self.bracketed(("op", closer))
        if self.take(("cmd", "{")):
            return self.bracketed(("cmd", "}"))
        factors = [self.signed(self.power)]
        while self.starts_atom() and self.peek().text not in FUNCTIONS and not self.sees(("op", "("), ("op", "[")):
            factors = self.adjoin(factors)
        return (product(factors),)

    def bracketed(self, closer: tuple[str, str]) -> tuple[Node, ...]:
        outer, self.bars = self.bars, 0
        nodes = [self.sum()]
        while self.take(("op", ",")):
            nodes.append(self.sum())
        self.expect(*closer)
        self.bars = outer
        return tuple(nodes)

    def matrix(self, environment: str) -> Node:
        if environment not in _ENVIRONMENTS:
            raise CannotRead(f"environment {environment}")
        if environment == "array" and self.sees(("op", "{")):
            while not self.take(("op", "}")):
                self.at += 1
        rows: list[list[Node]] = [[]]
        end = ("cmd", f"end:{environment}")
        while not self.take(end):
            if self.take(("cmd", "\\")):
                if not self.sees(end):
                    rows.append([])
            elif not self.take(("op", "&")):
                rows[-1].append(self.sum())
                if not self.sees(end, ("cmd", "\\"), ("op", "&")):
                    raise CannotRead("matrix")
        if not rows[0] or len({len(row) for row in rows}) != 1:
            raise CannotRead("matrix")
        matrix = Node("matrix", tuple(Node("row", tuple(row)) for row in rows))
        return Node("fn", (matrix,), "det") if environment == "vmatrix" else matrix

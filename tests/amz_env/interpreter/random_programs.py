"""Random programs of the kind that steps hold: mostly plain, often on the border of what the fast lane may run."""

from __future__ import annotations

import random

_NUMBERS = [
    "0",
    "1",
    "2",
    "3",
    "7",
    "10",
    "12",
    "100",
    "255",
    "1000",
    "12345",
    "2**31",
    "10**9",
    "2**53 + 1",
    "10**18",
    "3**60",
]
_FLOATS = ["0.5", "1.5", "2.675", "0.1", "1e-5", "3.14159", "1e16", "123456.789", "2.5", "1e22", "0.3", "99.995"]
_WORDS = ["'a'", "'abc'", "'hello world'", "'x,y,z'", "''", "'12'", "' pad '", '"its"', "'Mixed'", "'√2 ≈ 1.41'"]
_SPECS = [
    "",
    ":.2f",
    ":.3f",
    ":,",
    ":5d",
    ":>8",
    ":05d",
    ":.0f",
    ":,.2f",
    ":<6",
    ":^7",
    ":.1%",
    ":.2e",
    "!r",
    "=",
    ":+d",
]


class Writer:
    """Writes one path of steps. Knows the names it has bound, by type."""

    def __init__(self, seed: int) -> None:
        self.rng = random.Random(seed)
        self.names: dict[str, list[str]] = {kind: [] for kind in ("int", "float", "str", "list", "dict", "function")}
        self.count = 0

    def pick(self, options):
        return self.rng.choice(options)

    def steps(self) -> list[str]:
        return ["\n".join(self.lines()) for _ in range(self.rng.randint(1, 3))]

    def lines(self) -> list[str]:
        out: list[str] = []
        for _ in range(self.rng.randint(1, 6)):
            out += self.statement()
        if self.rng.random() < 0.6:
            out.append(self.value())
        return out

    def new(self, kind: str) -> str:
        self.count += 1
        if self.rng.random() < 0.05:
            return self.pick(["sum", "max", "list", "x", "round"])
        name = f"{kind[0]}{self.count}"
        self.names[kind].append(name)
        return name

    def old(self, kind: str, other: str) -> str:
        return self.pick(self.names[kind]) if self.names[kind] and self.rng.random() < 0.7 else other

    # Expressions.

    def value(self) -> str:
        return self.pick([self.int, self.float, self.str, self.list, self.dict, self.bool, self.tuple])()

    def int(self, depth: int = 0) -> str:
        r = self.rng.random()
        if depth > 2 or r < 0.3:
            return self.old("int", self.pick(_NUMBERS))
        a, b = (lambda: self.int(depth + 1)), (lambda: self.int(depth + 1))
        return self.pick(
            [
                lambda: f"{a()} {self.pick(['+', '-', '*', '//', '%', '&', '|', '^'])} {b()}",
                lambda: f"({a()} - {b()})",
                lambda: f"-{a()} // {self.pick(['3', '7', '-2'])}",
                lambda: f"-{a()} % {self.pick(['3', '7', '-5'])}",
                lambda: f"{a()} ** {self.pick(['2', '3', '0', '5'])}",
                lambda: f"len({self.pick([self.list, self.str, self.dict])()})",
                lambda: f"sum({self.list()})",
                lambda: f"sum({self.generator()})",
                lambda: f"max({a()}, {b()})",
                lambda: f"min({self.list()})",
                lambda: f"abs({a()})",
                lambda: f"int({self.float(depth + 1)})",
                lambda: f"round({self.float(depth + 1)})",
                lambda: f"{self.list()}[{self.pick(['0', '-1', '1'])}]",
                lambda: f"({a()} if {self.bool()} else {b()})",
                lambda: f"{self.old('function', 'abs')}({a()})",
                lambda: f"pow({a()}, {self.pick(['2', '3'])})",
                lambda: f"divmod({a()}, {self.pick(['3', '-7'])})[{self.pick('01')}]",
                lambda: f"len(set({self.list()}))",
                lambda: f"{self.old('dict', '{}')}.get({self.pick(_WORDS)}, {a()})",
            ]
        )()

    def float(self, depth: int = 0) -> str:
        r = self.rng.random()
        if depth > 2 or r < 0.3:
            return self.old("float", self.pick(_FLOATS))
        a = lambda: self.pick([self.int, self.float])(depth + 1)  # noqa: E731
        return self.pick(
            [
                lambda: f"{a()} / {a()}",
                lambda: f"{self.float(depth + 1)} {self.pick(['+', '-', '*', '//', '%'])} {a()}",
                lambda: f"abs({self.float(depth + 1)}) ** {self.pick(['0.5', '2', '1.5', '-1', '(1/3)'])}",
                lambda: f"round({self.float(depth + 1)}, {self.pick(['2', '3', '1', '0', '-1', '6'])})",
                lambda: f"float({self.int(depth + 1)})",
                lambda: f"sum([{self.float(depth + 1)}, {self.float(depth + 1)}, 0.1, 0.2])",
                lambda: f"max({self.float(depth + 1)}, {a()})",
                lambda: f"-{self.float(depth + 1)}",
            ]
        )()

    def str(self) -> str:
        if self.rng.random() < 0.3:
            return self.old("str", self.pick(_WORDS))
        return self.pick(
            [
                lambda: self.fstring(),
                lambda: f"{self.pick(_WORDS)} + str({self.pick([self.int, self.float, self.list])()})",
                lambda: (
                    f"{self.pick(_WORDS)}.{self.pick(['upper()', 'strip()', 'lower()', 'replace(chr(97), chr(98))'])}"
                ),
                lambda: f"', '.join(str(v) for v in {self.list()})",
                lambda: f"' '.join(map(str, {self.list()}))",
                lambda: f"{self.pick(_WORDS)} * {self.pick(['2', '0', '3'])}",
                lambda: f"{self.pick(_WORDS)}[::-1]",
                lambda: f"str({self.value()})",
                lambda: f"{self.pick(['bin', 'hex', 'oct'])}({self.int()})",
                lambda: f"'%d of %s' % ({self.int()}, {self.value()})",
                lambda: f"'%.{self.pick('0123')}f' % {self.float()}",
            ]
        )()

    def fstring(self) -> str:
        parts = []
        for _ in range(self.rng.randint(1, 3)):
            value = self.pick([lambda: self.int(2), lambda: self.float(2)])()
            parts.append(self.pick(["", "v=", " "]) + "{" + value.replace('"', "'") + self.pick(_SPECS) + "}")
        return 'f"' + "".join(parts) + '"'

    def list(self) -> str:
        if self.rng.random() < 0.3:
            return self.old("list", "[3, 1, 2]")
        return self.pick(
            [
                lambda: f"[{', '.join(self.int(2) for _ in range(self.rng.randint(1, 4)))}]",
                lambda: f"[{self.float(2)}, {self.int(2)}]",
                lambda: f"[{self.pick(['i * i', 'i % 3', 'i / 2'])} for i in range({self.pick('356')})]",
                lambda: f"[i for i in {self.list()} if i {self.pick(['> 1', '% 2 == 0', '!= 3'])}]",
                lambda: f"sorted({self.list()}{self.pick(['', ', reverse=True', ', key=lambda v: -v'])})",
                lambda: f"list({self.lazy()})",
                lambda: f"sorted({{{self.int(2)}, {self.int(2)}, 5}})",
                lambda: f"{self.list()} + {self.list()}",
                lambda: f"{self.list()}[{self.pick(['1:', ':2', '::-1', '-2:'])}]",
                lambda: "[0] * 3",
                lambda: f"list(range({self.pick(['5', '1, 10, 3', '10, 0, -4'])}))",
                lambda: f"[[{self.int(2)}] * 2 for _ in range(2)]",
                lambda: f"list({self.pick(_WORDS)})",
            ]
        )()

    def generator(self) -> str:
        function = self.old("function", "abs")
        return self.pick(
            [
                f"i * i for i in range({self.pick('469')})",
                f"{function}(i) for i in {self.list()}",
                f"1 for i in range(20) if {function}(i)",
            ]
        )

    def lazy(self) -> str:
        function = self.old("function", "abs")
        return self.pick(
            [
                lambda: f"enumerate({self.list()})",
                lambda: f"zip({self.list()}, {self.list()})",
                lambda: f"map({function}, {self.list()})",
                lambda: f"reversed({self.list()})",
                lambda: f"filter({function}, {self.list()})",
                lambda: f"({self.generator()})",
                lambda: f"map(lambda v: v * 2, {self.list()})",
                lambda: f"{self.old('dict', '{1: 2}')}.{self.pick(['items', 'keys', 'values'])}()",
            ]
        )()

    def dict(self) -> str:
        if self.rng.random() < 0.3:
            return self.old("dict", "{'a': 1}")
        return self.pick(
            [
                lambda: f"{{'a': {self.int(2)}, 'b': {self.float(2)}}}",
                lambda: f"{{i: i ** 2 for i in range({self.pick('34')})}}",
                lambda: f"dict(zip('abc', {self.list()}))",
            ]
        )()

    def tuple(self) -> str:
        return f"({self.value()}, {self.int(2)})"

    def bool(self) -> str:
        return self.pick(
            [
                lambda: (
                    f"{self.int(2)} {self.pick(['<', '<=', '==', '!=', '>'])} {self.pick([self.int, self.float])(2)}"
                ),
                lambda: f"{self.int(2)} in {self.list()}",
                lambda: f"{self.int(2)} in {{1, 2, 3}}",
                lambda: f"not {self.int(2)}",
                lambda: f"{self.int(2)} > 1 and {self.int(2)} < 50",
                lambda: f"{self.pick(['any', 'all'])}({self.generator()})",
                lambda: f"isinstance({self.value()}, ({self.pick(['int', 'float', 'str'])}, list))",
                lambda: f"{self.value()} is None",
            ]
        )()

    # Statements.

    def statement(self, indent: str = "", depth: int = 0) -> list[str]:
        simple = [
            *(lambda kind=kind: self.assign(kind) for kind in ("int", "float", "str", "list", "dict")),
            lambda: [f"print({self.value()}, {self.value()}{self.pick(['', ', sep=chr(45)', ', end=chr(33)'])})"],
            lambda: [f"print({self.fstring()})"],
            lambda: [f"print(*{self.list()})"],
            self.augment,
            self.mutate,
            self.alias,
            lambda: ["a, b = 1, 2", "a, b = b, a + b", "print(a, b)"], lambda: [f"assert {self.bool()}"],
        ]  # fmt: skip
        nested = [self.conditional, self.loop, self.loop_lazy, self.loop_while, self.define, self.define_counter]
        lines = self.pick(simple + (nested * 2 if depth < 2 else []))()
        return [indent + line for line in lines]

    def block(self) -> list[str]:
        return ["    " + line for _ in range(self.rng.randint(1, 2)) for line in self.statement(depth=2)]

    def assign(self, kind: str) -> list[str]:
        value = getattr(self, kind)()
        return [f"{self.new(kind)} = {value}"]

    def augment(self) -> list[str]:
        name = self.old("int", "")
        return [f"{name} {self.pick(['+=', '-=', '*=', '//=', '%='])} {self.int(2)}"] if name else ["pass"]

    def mutate(self) -> list[str]:
        name = self.old("list", "")
        if not name:
            return ["n9 = [1]", "n9.append(2)"]
        return [
            self.pick(
                [
                    f"{name}.append({self.int(2)})",
                    f"{name}.sort()",
                    f"{name}[0] = {self.int(2)}",
                    f"{name}.reverse()",
                    f"{name} += [4]",
                    f"{name}.insert(0, 9)",
                    f"print({name}.pop())",
                ]
            )
        ]

    def alias(self) -> list[str]:
        name = self.old("list", "")
        return [f"{self.new('list')} = {name}"] if name else ["pass"]

    def conditional(self) -> list[str]:
        return [f"if {self.bool()}:", *self.block(), "else:", *self.block()]

    def loop(self) -> list[str]:
        lines = [f"for i in {self.pick(['range(4)', 'range(1, 6)', self.list()])}:", *self.block()]
        return lines + self.pick(
            [["    if i > 2:", "        break"], ["    continue"], [], ["else:", "    print('done')"]]
        )

    def loop_lazy(self) -> list[str]:
        source = self.list()
        head = self.pick(
            [
                f"for i, v in enumerate({source}):",
                f"for i, v in zip({source}, {self.list()}):",
                f"for i, v in {self.old('dict', '{1: 2}')}.items():",
                f"for v in reversed({source}):",
            ]
        )
        name = self.old("list", "[]")
        body = self.pick(
            [
                ["    print(v)"],
                ["    t9 = v", "    print(t9, v)"],
                ["    s9 += v"],
                [f"    {name}.append(1)", f"    if len({name}) > 9: break"],
                ["    o9.append(v)"],
                self.block(),
                [f"    if v in {self.list()}:", "        print('in', v)"],
                [f"    {name}[0] = v"],
            ]
        )
        return ["s9 = 0", "o9 = []", head, *body, "print(s9, o9)"]

    def loop_while(self) -> list[str]:
        self.count += 1
        name = f"w{self.count}"
        return [
            f"{name} = 0",
            f"while {name} < {self.pick('359')}:",
            f"    {name} += 1",
            *self.block(),
            f"print({name})",
        ]

    def define(self) -> list[str]:
        body = self.pick(
            [
                ["    return n * 2 + 1"], ["    return n % 2 == 0"], ["    print('called', n)", "    return n"],
                ["    if n < 2:", "        return 1", "    return n"],
                ["    total = 0", "    for k in range(3):", "        total += k * n", "    return total"],
            ]
        )  # fmt: skip
        return [f"def {self.new('function')}(n{self.pick(['', '=3'])}):", *body]

    def define_counter(self) -> list[str]:
        target = self.old("list", "seen")
        return ["seen = []", f"def {self.new('function')}(n):", f"    {target}.append(n)", f"    return len({target})"]

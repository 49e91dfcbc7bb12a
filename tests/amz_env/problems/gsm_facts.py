"""Facts about quantities and times, read from a question's text alone and worked by trying all numbers."""

import re
from collections.abc import Iterator

from amz_env.problems.gsm import phrases

PARTS = {"half": 2, "a third": 3, "a quarter": 4, "a fifth": 5}


def pattern(template: str, **fixed: str) -> re.Pattern[str]:
    """Turn a sentence pattern into an expression that reads it: each field is a group."""
    fields = {"n": r"\d+", "times": r"twice|\d+ times", "part": "|".join(PARTS), "these": ".+?"}
    fields |= {"has": "has|picked|baked|sold", "have": "have|pick|bake|sell", "does": "does|did", "do": "do|did"}
    source, seen = "", set()
    for piece in re.split(r"(\{\w+\})", template):
        name = piece[1:-1] if piece.startswith("{") else ""
        if not name:
            source += re.escape(piece)
        elif name in seen:
            source += f"(?P={name})"
        else:
            seen.add(name)
            source += f"(?P<{name}>{fixed.get(name) or fields.get(name, '[A-Za-z]+')})"
    return re.compile(source)


Fact = tuple[str, dict[str, str]]


def read(question: str, theme: phrases.Patterns) -> tuple[list[Fact], Fact]:
    """Read a question's sentences: (the facts, what is asked), each as (kind, fields)."""
    facts: list[Fact] = []
    asked: Fact | None = None
    for sentence in re.findall(r"[^.?]+[.?]", question):
        if "cousins" in sentence:
            continue
        for kind, templates in theme.items():
            for match in filter(None, (pattern(template).fullmatch(sentence.strip()) for template in templates)):
                if kind.startswith("ask_"):
                    asked = kind, match.groupdict()
                else:
                    facts.append((kind, match.groupdict()))
    assert asked is not None, question
    return facts, asked


def factor(fields: dict[str, str]) -> int:
    words = fields["times"]
    return 2 if words == "twice" else int(words.split()[0])


def holds(kind: str, fields: dict[str, str], value: dict[str, int]) -> bool:
    """Return whether values fit a fact."""
    a, b = value[fields["a"]], value.get(fields.get("b", ""), 0)
    n = int(fields.get("n") or 0)
    match kind:
        case "base":
            return a == n
        case "more":
            return a == b + n
        case "fewer":
            return a == b - n
        case "times":
            return a == factor(fields) * b
        case "part":
            return a * PARTS[fields["part"]] == b
        case "more_times":
            return a == factor(fields) * b + n
        case "fewer_times":
            return a == factor(fields) * b - n
        case _:
            return a == b + value[fields["c"]]


def solve(facts: list[Fact]) -> dict[str, int]:
    """Find the values by trying all numbers for the one that is unknown in a fact, again and again."""
    value: dict[str, int] = {}
    for _ in range(len(facts)):
        for kind, fields in facts:
            unknown = {fields[key] for key in "abc" if key in fields} - value.keys()
            if len(unknown) == 1:
                name = unknown.pop()
                fitting = [k for k in range(1, 3000) if holds(kind, fields, value | {name: k})]
                if fitting:
                    assert len(fitting) == 1
                    value[name] = fitting[0]
    return value


def answer_of(asked: Fact, value: dict[str, int]) -> int:
    kind, fields = asked
    match kind:
        case "ask_one":
            return value[fields["a"]]
        case "ask_all":
            return sum(value.values())
        case "ask_total":
            return sum(value[name.removeprefix("the ")] for name in re.split(r", | and ", fields["these"]))
        case "ask_difference":
            return value[fields["a"]] - value[fields["b"]]
        case _:
            quotient, rest = divmod(value[fields["a"]], value[fields["b"]])
            assert rest == 0
            return quotient


def themes() -> Iterator[phrases.Patterns]:
    yield from (phrases.MONEY, phrases.COUNT, phrases.AGE, phrases.LENGTH, phrases.DAY)


def theme_of(question: str) -> phrases.Patterns:
    """Return the theme whose patterns read the question."""
    for theme in themes():
        if any(pattern(t).search(question) for key in theme if key.startswith("ask_") for t in theme[key]):
            return theme
    raise AssertionError(question)


def comparison(question: str) -> int:
    """Return the answer of a question about quantities that are described by way of each other."""
    last = re.split(r"(?<=[.?]) ", question)[-1]
    facts, asked = read(question, theme_of(last))
    return answer_of(asked, solve(facts))


def duration(question: str) -> int:
    """Return the answer of a question about activities: on some days, with pauses, or what is left of hours."""
    if not re.search("hours|days|pauses", question):
        facts, asked = read(question, phrases.TIME)
        return answer_of(asked, solve(facts))
    facts, _ = read(f"{question} How many minutes do they all take together?", phrases.TIME)
    value = solve(facts)
    one = re.search(r"after the (\w+)\?|The (\w+) takes place on", question)
    time = value[one[1] or one[2]] if one else sum(value.values())
    if match := re.search(r"(\d+) hours", question):
        return int(match[1]) * 60 - time
    if match := re.search(r"on (\d+) days", question):
        return int(match[1]) * time
    match = re.search(r"(\d+) pauses of (\d+)", question)
    assert match
    return time + int(match[1]) * int(match[2])

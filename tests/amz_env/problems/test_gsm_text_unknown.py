"""mini-gsm: what is unknown at the start is found again from the text by trying all numbers; only one may fit."""

import re

from amz_env.problems.base import Draft, rng_of
from amz_env.problems.gsm import FAMILIES
from amz_env.problems.students import perfect
from tests.amz_env.problems.gsm_reading import change, numbers, sentences

PER_LEVEL = 40
EACH = {
    **{"goats": 4, "cows": 4, "dogs": 4, "tables": 4, "cars": 4, "stools": 3, "hens": 2, "ducks": 2, "birds": 2},
    **{"bikes": 2, "spiders": 8, "beetles": 6, "ants": 6, "trucks": 6},
}
"""legs or wheels"""


def draw(level: int, index: int) -> Draft:
    return FAMILIES["unknown-start"][0](rng_of("text", "unknown-start", level, index), level, perfect())


def unknown(question: str) -> int:
    if "square meters" in question:
        return field(question)
    if "over" in question and "fewer than" in question:
        return remainders(question)
    if "together" in question.lower() and "legs" not in question and "wheels" not in question:
        return together(question)
    if re.search(r"at first\?|start with\?", question):
        fitting = [start for start in range(1, 300) if goes_on(question, start)]
        assert len(fitting) == 1
        return fitting[0]
    return two_kinds(question)


def field(question: str) -> int:
    longer = re.search(r"(\d+) meters longer", question)
    area = re.search(r"area (?:of|is) (\d+)", question)
    assert longer and area
    (wide,) = (w for w in range(1, 1000) if w * (w + int(longer[1])) == int(area[1]))
    long = wide + int(longer[1])
    asked = sentences(question)[-1]
    if re.search("fence|around", asked):
        return 2 * wide + 2 * long
    return long if "long" in asked else wide


def remainders(question: str) -> int:
    (m, r), (n, q) = (map(int, found) for found in re.findall(r"of (\d+), (\d+) ", question))
    (top,) = numbers(next(sentence for sentence in sentences(question) if "fewer than" in sentence))
    (found,) = (k for k in range(top) if k % m == r and k % n == q)
    return found + later(question, r"does (\w+) have")


def later(question: str, who: str) -> int:
    """Return the sum of the changes that are told of the one who is asked about."""
    name = re.search(who, question)
    assert name
    told = [
        sentence
        for sentence in sentences(question)[:-1]
        if not re.search("ogether|than|as many|Compared|over", sentence)
    ]
    return sum(change(sentence, name[1]) or 0 for sentence in told)


def together(question: str) -> int:
    facts = [s for s in sentences(question)[:-1] if re.search(r"ogether|than|as many|Compared", s)]
    (total,) = numbers(next(s for s in facts if "ogether" in s))
    names = sorted(set(re.findall(r"\b[A-Z][a-z]+\b", " ".join(facts))) - {"Together", "Compared", "The"})
    rules = []
    for fact in (s for s in facts if "ogether" not in s):
        if match := re.fullmatch(r"Compared with (\w+), (\w+) has (\d+) more .+", fact):
            rules.append((match[2], match[1], 1, int(match[3])))
        elif match := re.fullmatch(r"(\w+) has (twice|(\d+) times) as many \w+ as (\w+)\.", fact):
            rules.append((match[1], match[4], int(match[3] or 2), 0))
        elif match := re.fullmatch(r"(\w+) has (\d+) (more|fewer) \w+ than (\w+)\.", fact):
            rules.append((match[1], match[4], 1, int(match[2]) * (1 if match[3] == "more" else -1)))
    assert len(rules) == len(names) - 1
    asked = re.search(r"does (\w+) have|that (\w+) has\.", sentences(question)[-1])
    assert asked
    fitting = []
    for first in range(total + 1):
        value = {rules[0][1]: first}
        for _ in rules:
            value |= {a: k * value[b] + n for a, b, k, n in rules if b in value}
        if sum(value.values()) == total and min(value.values()) >= 0:
            fitting.append(value[asked[1] or asked[2]])
    assert len(fitting) == 1
    return fitting[0] + later(question, rf"({asked[1] or asked[2]})")


def two_kinds(question: str) -> int:
    told = sentences(question)
    if match := re.search(r"There are (\d+) (\w+) and (\w+)", question):
        s, many, few = int(match[1]), match[2], match[3]
        p, q, t = EACH[many], EACH[few], numbers(told[1])[0]
    elif "tickets" in question:
        many, few = "men", "children"
        (p, q), s, t = numbers(told[0]), numbers(told[1])[0], numbers(told[2])[0]
    else:
        many, few = "big boxes", "small boxes"
        (p, q), s, t = numbers(told[0]), numbers(told[1])[0], numbers(told[2])[0]
    (x,) = (n for n in range(s + 1) if n * p + (s - n) * q == t)
    value = {many: x, few: s - x}
    asked = " ".join(told[2 if match else 3 :])
    worth = [int(n) for n in re.findall(r"\$(\d+)", asked)]
    if len(worth) == 2:
        return sum(int(n) * value[kind] for kind, n in re.findall(r"of the ([\w ]+) is worth \$(\d+)", asked))
    if "How many more" in asked:
        return (value[many] - value[few]) * (worth[0] if worth else 1)
    (kind,) = (kind for kind in value if kind in asked)
    return value[kind] * (worth[0] if worth else 1)


def goes_on(question: str, start: int) -> bool:
    """Return whether a story of an unknown start ends as told if it starts with `start`."""
    have = start
    told = sentences(question)
    for sentence in told[1:-2]:
        n = (numbers(sentence) or [2])[0]
        if "half" in sentence:
            if have % 2:
                return False
            have //= 2
        elif "times" in sentence or "twice" in sentence:
            have *= n
        else:
            have += n if re.search(r"finds|buys|gets", sentence) else -n
        if have < 0:
            return False
    return [have] == numbers(told[-2])


def test_answers_read_from_their_text() -> None:
    for level in range(1, 6):
        for index in range(PER_LEVEL):
            draft = draw(level, index)
            assert unknown(draft.question) == int(draft.answer), draft.question

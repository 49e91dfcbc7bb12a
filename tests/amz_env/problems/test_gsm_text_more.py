"""mini-gsm: boxes, prices, rates and percentages, read again from their text and worked by other means."""

import re
from collections.abc import Callable

import pytest

from amz_env.problems.base import Draft, rng_of
from amz_env.problems.gsm import FAMILIES
from amz_env.problems.students import perfect
from tests.amz_env.problems.gsm_reading import SINGULAR, Stock, linked, numbers, sentences

PER_LEVEL = 40


def draw(subject: str, level: int, index: int) -> Draft:
    return FAMILIES[subject][0](rng_of("text", subject, level, index), level, perfect())


def totals(question: str) -> int:
    stock = Stock(question)
    asked = stock.rest[-1]
    if match := re.search(r"are in the (.+) than in the (.+)\?", asked):
        named = (re.findall(r"\w+", side.replace(" and ", " ")) for side in match.groups())
        big, small = (sum(stock.lots[boxes] for boxes in side) for side in named)
        return big - small
    goal = [n for sentence in stock.rest for n in numbers(sentence)]
    assert len(goal) <= 1 and len(stock.rest) <= 2
    return goal[0] - stock.total if goal else stock.total


def sharing(question: str) -> int:
    stock = Stock(question)
    text = " ".join(stock.rest)
    if match := re.search(r"(?:among|(?:and|with)) (\d+) friends|(\d+) (?:children|families)", text):
        shares = int(match[1] or match[2]) + bool(re.search(r"(and|with) \d+ friends", text))
        each, over = divmod(stock.total, shares)
        assert over == 0
        later = re.search(r"(had|uses) (\d+)", text)
        return each + (int(later[2]) if later[1] == "had" else -int(later[2])) if later else each
    match = re.search(r"packs of (\d+)|hold (\d+) each|(\d+) in every", text)
    assert match
    size = next(int(n) for n in match.groups() if n)
    packs, left = 0, stock.total
    while left >= size:
        packs, left = packs + 1, left - size
    if "left over" in text:
        return left
    price = re.search(r"\$(\d+)", text)
    needed = packs + (left > 0 and not re.search(r"full", text))
    return needed * (int(price[1]) if price else 1)


PRICE = re.compile(r"(?:A (\w+) costs|The price of a (\w+) is|The shop sells each (\w+) for) \$(\d+)\.")
LINKED_PRICE = re.compile(r"(?:A (\w+) (?:costs|is)|The price of a (\w+) is) .+ a (\w+)\.")


def shopping(question: str) -> int:
    prices: dict[str, int] = {}
    basket: list[tuple[str, str]] = []
    told, linked_told, added = sentences(question), [], 0
    for sentence in told[:-1]:
        if match := PRICE.fullmatch(sentence):
            prices[next(filter(None, match.groups()[:3]))] = int(match[4])
        elif match := LINKED_PRICE.fullmatch(sentence):
            linked_told.append((match[1] or match[2], match[3], sentence))
        elif match := re.search(r"(?:buys|chooses|puts) (.+?)(?: into the basket)?\.", sentence):
            basket = re.findall(r"(\d+|one) (\w+)", match[1])
        elif match := re.search(r"\$(\d+) off", sentence):
            added -= int(match[1])
        elif match := re.search(r"everything home for \$(\d+)|costs \$(\d+) more\.", sentence):
            added += int(match[1] or match[2])
    for one, other, sentence in linked_told:
        prices[one] = linked(prices[other], sentence)
    assert basket
    cost = added + sum((1 if n == "one" else int(n)) * prices[SINGULAR.get(things, things)] for n, things in basket)
    if match := re.search(r"(\w+ and )?(\d+) friends share", question):
        each, over = divmod(cost, int(match[2]) + bool(match[1]))
        assert over == 0
        return each
    money = [int(n) for n in re.findall(r"(?:pays with|had|gives the seller|has only|has saved) \$(\d+)", question)]
    return abs(cost - money[0]) if money else cost


TRADE = "makes|prints|moves|bakes|drives|earns|reads|runs|packs"
RATE = re.compile(rf"(?:In one (\w+), )?((?:[Tt]he )?[\w ]+?) (?:{TRADE}) (.+?)(?: (?:per|each) (\w+)(.*))?\.")
LESS = re.compile(r"lost|thrown away|spent|given away|leak out|flow back")


def rates(question: str) -> int:
    if ("leak" in question and "tap" in question) or "flow into" in question:
        return tank(question)
    rate: dict[str, int] = {}
    made: dict[str, int] = {}
    per, extra, goal = "", 0, 0
    who = ""
    for sentence in sentences(question):
        n = numbers(sentence)
        if match := RATE.fullmatch(sentence):
            who, per = match[2].lower(), match[1] or match[4]
            other = re.search(r" (?:than|as) ([\w ]+)$", match[5] or "")
            rate[who] = linked(rate[other[1].lower()], sentence) if other else n[0]
        elif re.search(r"(goes on|does this|keeps this up|works) ", sentence):
            days = "a day" in sentence
            unit = 60 if per == "minute" and "hours" in sentence else 7 if "weeks" in sentence else 1
            made[who] = rate[who] * unit * n[0] * (n[1] if days else 1)
        elif sentence.startswith(("Before that", "Someone else")):
            extra += n[0]
        elif LESS.search(sentence):
            extra -= n[0]
        elif re.search("The goal is|In all", sentence):
            goal = n[0]
        elif match := re.search(r"rest (?:is done )?at (\d+)", sentence):
            time, over = divmod(goal - sum(made.values()), int(match[1]))
            assert over == 0
            return time
        elif match := re.search(r"does ([\w ]+) \w+ than ([\w ]+)\?", sentence):
            return made[match[1].lower()] - made[match[2].lower()]
    return goal - sum(made.values()) if goal else sum(made.values()) + extra


def tank(question: str) -> int:
    """Fill it minute by minute."""
    size = re.search(r"(?:holds|of) (\d+) liters", question)
    come = re.search(r"lets in (\d+) liters|(\d+) liters per minute flow", question)
    go = re.search(r"leaks (\d+) liters|(\d+) liters per minute leak", question)
    assert size and come and go
    already = re.search(r"already (\d+)", question)
    content, minutes = int(already[1]) if already else 0, 0
    while content < int(size[1]):
        content += int(come[1] or come[2]) - int(go[1] or go[2])
        minutes += 1
    assert content == int(size[1])
    several = re.search(r"fill (\d+) such", question)
    return minutes * (int(several[1]) if several else 1)


def whole(value: float) -> int:
    assert abs(value - round(value)) < 1e-6
    return round(value)


def percent(question: str) -> int:
    text = " ".join(sentences(question))
    if "before" in text or "fell by" in text:
        return price_before(question)
    if "year" in text:
        return growth(question)
    return price(question) if "costs $" in text or "price" in text else colors(question)


def price_before(question: str) -> int:
    off, now = (int(re.search(p, question)[1]) for p in (r"(\d+)%", r"\$(\d+)"))  # type: ignore[index]
    fitting = [p for p in range(1, 2000) if p * (100 - off) == 100 * now]
    assert len(fitting) == 1
    many = re.search(r"(\d+) of them", question)
    sending = re.search(r"Sending costs \$(\d+)", question)
    return fitting[0] * (int(many[1]) if many else 1) + (int(sending[1]) if sending else 0)


def growth(question: str) -> int:
    number = 0.0
    for sentence in sentences(question):
        n = numbers(sentence)
        if not n:
            continue
        by = number * n[0] / 100 if "%" in sentence else n[0]
        down = re.search("falls|leave", sentence)
        number += -by if down else by
        assert number == whole(number) > 0
    return whole(number)


def price(question: str) -> int:
    cost = 0.0
    for sentence in sentences(question):
        if match := re.search(r"(\d+)%", sentence):
            cost -= cost * int(match[1]) / 100
        elif match := re.search(r"buys (\d+) of them", sentence):
            cost *= int(match[1])
        elif match := re.search(r"also buys (\d+) .+\$(\d+)", sentence):
            cost += int(match[1]) * int(match[2])
        elif match := re.search(r"\$(\d+) off", sentence):
            cost -= int(match[1])
        elif match := re.search(r"(?:pays with|had) \$(\d+)", sentence):
            cost = int(match[1]) - cost
        elif match := re.search(r"\$(\d+)", sentence):
            cost += int(match[1])
    return whole(cost)


def colors(question: str) -> int:
    left = 0.0
    count: dict[str, float] = {}
    change = 0
    for sentence in sentences(question):
        n = numbers(sentence)
        if match := re.search(r"(\d+)% .*are (\w+)\.", sentence):
            count[match[2]] = left * int(match[1]) / 100
            left -= count[match[2]]
        elif re.search(r"boxes with|rows of|piles with", sentence):
            left = n[0] * n[1]
        elif n and not left:
            left = n[0]
        elif n:
            change = n[0] if "gets" in sentence else -n[0]
    asked = sentences(question)[-1]
    if re.search(r"\bnot\b|neither", asked):
        assert all(color in asked for color in count)
        return whole(left)
    (color,) = (color for color in count if re.search(rf"\b{color}\b", asked))
    return whole(count[color]) + change


READERS: dict[str, Callable[[str], int]] = {
    "totals": totals,
    "sharing": sharing,
    "shopping": shopping,
    "rates": rates,
    "percent": percent,
}


@pytest.mark.parametrize("subject", READERS)
def test_answers_read_from_their_text(subject: str) -> None:
    for level in range(1, 6):
        for index in range(PER_LEVEL):
            draft = draw(subject, level, index)
            assert READERS[subject](draft.question) == int(draft.answer), draft.question

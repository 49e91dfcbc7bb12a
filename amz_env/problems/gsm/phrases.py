"""Sentence patterns for comparisons, by what is compared.

The fields: `a` is described by way of `b` (and `c`), with a number `n` or a factor (`times`, `part`). Further fields
are the theme's own words (`things`, `has`).
"""

import random
from collections.abc import Mapping
from dataclasses import dataclass

from amz_env.problems.gsm import things

Patterns = Mapping[str, tuple[str, ...]]

COUNT: Patterns = {
    "base": ("{a} {has} {n} {things}.", "{a} {has} exactly {n} {things}."),
    "more": (
        "{a} {has} {n} more {things} than {b}.",
        "Compared with {b}, {a} {has} {n} more {things}.",
        "{a} {has} as many {things} as {b} and {n} more.",
    ),
    "fewer": (
        "{a} {has} {n} fewer {things} than {b}.",
        "Compared with {b}, {a} {has} {n} fewer {things}.",
    ),
    "times": (
        "{a} {has} {times} as many {things} as {b}.",
        "The number of {things} that {a} {has} is {times} the number that {b} {has}.",
    ),
    "part": (
        "{a} {has} {part} as many {things} as {b}.",
        "The number of {things} that {a} {has} is {part} of the number that {b} {has}.",
    ),
    "more_times": ("{a} {has} {n} more than {times} as many {things} as {b}.",),
    "fewer_times": ("{a} {has} {n} fewer than {times} as many {things} as {b}.",),
    "both": ("{a} {has} as many {things} as {b} and {c} together.",),
    "ask_one": ("How many {things} {does} {a} {have}?", "Find the number of {things} that {a} {has}."),
    "ask_total": (
        "How many {things} {do} {these} {have} altogether?",
        "How many {things} {do} {these} {have} in total?",
    ),
    "ask_all": ("How many {things} {do} they all {have} together?",),
    "ask_difference": ("How many more {things} {does} {a} {have} than {b}?",),
    "ask_ratio": ("How many times as many {things} {does} {a} {have} as {b}?",),
}

MONEY: Patterns = {
    "base": ("{a} {has} ${n}.", "{a} has a purse with ${n} in it."),
    "more": ("{a} {has} ${n} more than {b}.", "{a} {has} as much money as {b} and ${n} more."),
    "fewer": ("{a} {has} ${n} less than {b}.", "Compared with {b}, {a} {has} ${n} less."),
    "times": ("{a} {has} {times} as much money as {b}.",),
    "part": ("{a} {has} {part} as much money as {b}.", "{a} {has} {part} of the money that {b} {has}."),
    "more_times": ("{a} {has} ${n} more than {times} the money that {b} {has}.",),
    "fewer_times": ("{a} {has} ${n} less than {times} the money that {b} {has}.",),
    "both": ("{a} {has} as much money as {b} and {c} together.",),
    "ask_one": ("How many dollars {does} {a} {have}?",),
    "ask_total": ("How many dollars {do} {these} {have} altogether?",),
    "ask_all": ("How many dollars {do} they all {have} together?",),
    "ask_difference": ("How many more dollars {does} {a} {have} than {b}?",),
    "ask_ratio": ("How many times as much money {does} {a} {have} as {b}?",),
}

AGE: Patterns = {
    "base": ("{a} is {n} years old.", "The age of {a} is {n} years."),
    "more": ("{a} is {n} years older than {b}.", "{a} was born {n} years before {b}."),
    "fewer": ("{a} is {n} years younger than {b}.", "{a} was born {n} years after {b}."),
    "times": ("{a} is {times} as old as {b}.", "The age of {a} is {times} the age of {b}."),
    "part": ("{a} is {part} as old as {b}.", "The age of {a} is {part} of the age of {b}."),
    "more_times": ("{a} is {n} years older than {times} the age of {b}.",),
    "fewer_times": ("{a} is {n} years younger than {times} the age of {b}.",),
    "both": ("{a} is as old as {b} and {c} together.",),
    "ask_one": ("How old is {a}?", "How many years old is {a}?"),
    "ask_total": ("What is the sum of the ages of {these}?",),
    "ask_all": ("What is the sum of all their ages?",),
    "ask_difference": ("How many years older is {a} than {b}?",),
    "ask_ratio": ("How many times as old as {b} is {a}?",),
}

LENGTH: Patterns = {
    "base": ("The {thing} of {a} is {n} meters long.", "{a} has a {thing} of {n} meters."),
    "more": ("The {thing} of {a} is {n} meters longer than that of {b}.",),
    "fewer": ("The {thing} of {a} is {n} meters shorter than that of {b}.",),
    "times": ("The {thing} of {a} is {times} as long as that of {b}.",),
    "part": ("The {thing} of {a} is {part} as long as that of {b}.",),
    "more_times": ("The {thing} of {a} is {n} meters longer than {times} that of {b}.",),
    "fewer_times": ("The {thing} of {a} is {n} meters shorter than {times} that of {b}.",),
    "both": ("The {thing} of {a} is as long as those of {b} and {c} together.",),
    "ask_one": ("How many meters long is the {thing} of {a}?",),
    "ask_total": ("How many meters of {thing} do {these} have altogether?",),
    "ask_all": ("How many meters of {thing} do they all have together?",),
    "ask_difference": ("How many meters longer is the {thing} of {a} than that of {b}?",),
    "ask_ratio": ("How many times as long is the {thing} of {a} as that of {b}?",),
}

DAY: Patterns = {
    "base": ("On {a} the shop sold {n} {things}.", "The shop sold {n} {things} on {a}."),
    "more": ("On {a} the shop sold {n} more {things} than on {b}.",),
    "fewer": ("On {a} the shop sold {n} fewer {things} than on {b}.",),
    "times": ("On {a} the shop sold {times} as many {things} as on {b}.",),
    "part": ("On {a} the shop sold {part} as many {things} as on {b}.",),
    "more_times": ("On {a} the shop sold {n} more than {times} as many {things} as on {b}.",),
    "fewer_times": ("On {a} the shop sold {n} fewer than {times} as many {things} as on {b}.",),
    "both": ("On {a} the shop sold as many {things} as on {b} and {c} together.",),
    "ask_one": ("How many {things} did the shop sell on {a}?",),
    "ask_total": ("How many {things} did the shop sell on {these} together?",),
    "ask_all": ("How many {things} did the shop sell on all these days?",),
    "ask_difference": ("How many more {things} did the shop sell on {a} than on {b}?",),
    "ask_ratio": ("How many times as many {things} did the shop sell on {a} as on {b}?",),
}

TIME: Patterns = {
    "base": ("The {a} takes {n} minutes.", "The {a} lasts {n} minutes."),
    "more": ("The {a} takes {n} minutes longer than the {b}.", "The {a} takes {n} minutes more than the {b}."),
    "fewer": ("The {a} is {n} minutes shorter than the {b}.", "The {a} takes {n} minutes less than the {b}."),
    "times": ("The {a} takes {times} as long as the {b}.",),
    "part": ("The {a} takes {part} as long as the {b}.", "The {a} takes {part} of the time of the {b}."),
    "more_times": ("The {a} takes {n} minutes longer than {times} the time of the {b}.",),
    "fewer_times": ("The {a} takes {n} minutes less than {times} the time of the {b}.",),
    "both": ("The {a} takes as long as the {b} and the {c} together.",),
    "ask_one": ("How many minutes does the {a} take?",),
    "ask_total": ("How many minutes do {these} take altogether?",),
    "ask_all": ("How many minutes do they all take together?",),
    "ask_difference": ("How many minutes longer is the {a} than the {b}?",),
    "ask_ratio": ("How many times as long as the {b} is the {a}?",),
}


@dataclass(frozen=True, slots=True)
class Theme:
    """What is compared: its patterns and words, who or what has it, and the range of sensible values.

    `article` goes before an owner's name outside of the patterns.
    """

    patterns: Patterns
    words: Mapping[str, str]
    owners: tuple[str, ...]
    low: int
    high: int
    article: str = ""

    def say(self, rng: random.Random, pattern: str, **fields: object) -> str:
        """Return a sentence."""
        return rng.choice(self.patterns[pattern]).format(**self.words, **fields)


_HAS = {"has": "has", "have": "have", "does": "does", "do": "do"}
_VERBS = (("picked", "pick", things.PICKED), ("baked", "bake", things.BAKED), ("sold", "sell", things.SOLD))


def draw_theme(rng: random.Random) -> Theme:
    """Draw what a problem compares."""
    kind = rng.choices(("has", "did", "money", "age", "length", "day"), (5, 3, 2, 2, 2, 2))[0]
    names = tuple(rng.sample(things.NAMES, 9))
    if kind == "has":
        noun = rng.choice(things.OWNED)
        return Theme(COUNT, {**_HAS, "things": noun}, names, 2, 400)
    if kind == "did":
        past, verb, nouns = rng.choice(_VERBS)
        noun = rng.choice(nouns)
        words = {"has": past, "have": verb, "does": "did", "do": "did", "things": noun}
        return Theme(COUNT, words, names, 2, 400)
    if kind == "money":
        return Theme(MONEY, _HAS, names, 2, 500)
    if kind == "age":
        return Theme(AGE, {}, names, 2, 90)
    if kind == "length":
        return Theme(LENGTH, {"thing": rng.choice(("rope", "ribbon", "string", "hose", "cable"))}, names, 2, 300)
    noun = rng.choice(things.SOLD)
    return Theme(DAY, {"things": noun}, tuple(rng.sample(things.DAYS, 7)), 2, 400)


def time_theme(rng: random.Random) -> Theme:
    """Return the theme of activities that take time."""
    return Theme(TIME, {}, tuple(rng.sample(things.ACTIVITIES, 10)), 3, 240, "the ")

"""Sentence patterns for percentages."""

COLORS = ("red", "blue", "green", "yellow", "white", "brown")
PACKED_START = (
    "{a} has {m} boxes with {n} {things} each.",
    "There are {m} rows of {n} {things}.",
    "{a} counts {m} piles with {n} {things} in each.",
)
START = ("{a} has {n} {things}.", "There are {n} {things} in a box.", "A box holds {n} {things}.")
PART = ("{p}% of the {things} are {color}.", "Of the {things}, {p}% are {color}.")
REST_PART = ("{p}% of the rest are {color}.", "Of the others, {p}% are {color}.")
LAST_PART = ("{p}% of those that are still left are {color}.", "Of those that then remain, {p}% are {color}.")
ASK_PART = ("How many {things} are {color}?", "How many {color} {things} are there?")
ASK_NOT = ("How many {things} are not {color}?",)
ASK_NEITHER = ("How many {things} are {others}?",)
GIVES = ("{a} gives {n} of the {color} {things} away. How many {color} {things} are left?",)
ADDS = ("{a} gets {n} more {color} {things}. How many {color} {things} are there now?",)

PRICE = ("A {one} costs ${n}.", "The price of a {one} is ${n}.")
ALSO = ("{a} also buys {m} {things} for ${n} each.", "{a} also buys {m} {things}, and each {one} costs ${n}.")
FIRST_OFF = ("In a sale it is {p}% cheaper.", "The shop takes {p}% off the price.")
SECOND_OFF = ("The next week the new price falls by {p}%.", "Then another {p}% is taken off the new price.")
COUPON = ("{a} has a coupon for ${n} off the bill.",)
FEE = ("Sending it home costs ${n} more.", "The shop asks ${n} more for sending it home.")
ASK_PRICE = ("How many dollars does it cost now?", "What is the price in dollars now?")
ASK_PAY = ("How many dollars does {a} pay?", "How much is that in dollars?")
ASK_BACK = ("{a} pays with ${n}. How many dollars does {a} get back?", "{a} had ${n}. How many dollars are left?")
BEFORE = (
    "After {p}% off, a {one} costs ${n}. How many dollars did it cost before?",
    "A {one} is {p}% cheaper today and costs ${n}. What was its price in dollars before?",
    "The price of a {one} fell by {p}% and is now ${n}. What was it in dollars before?",
)
BEFORE_MANY = (
    "After {p}% off, a {one} costs ${n}. How many dollars did {m} of them cost before?",
    "A {one} is {p}% cheaper today and costs ${n}. How many dollars did {m} of them cost before?",
)
BEFORE_SENT = (
    "After {p}% off, a {one} costs ${n}. Sending costs ${c} in all. How many dollars would {m} of them with sending "
    "have cost before?",
)

CLUB = (("club", "members"), ("school", "children"), ("village", "people"), ("farm", "animals"))
GROWTH_START = ("A {place} has {n} {people}.", "At first a {place} has {n} {people}.")
UP = ("In the {time} year the number grows by {p}%.", "In the {time} year there are {p}% more.")
DOWN = ("In the {time} year the number falls by {p}%.", "In the {time} year {p}% of them leave.")
JOIN = ("Then {n} more come.", "After that, {n} new ones come.")
LEAVE = ("Then {n} of them leave.", "After that, {n} leave.")
ASK_GROWTH = ("How many {people} does the {place} have now?", "How many {people} does the {place} have in the end?")


def either(colors: list[str]) -> str:
    """Return 'neither red nor blue' or 'not red, blue or green'."""
    if len(colors) == 2:
        return f"neither {colors[0]} nor {colors[1]}"
    return f"not {', '.join(colors[:-1])} or {colors[-1]}"

"""Names and things: the vocabulary of the word problems."""

from collections.abc import Sequence

NAMES = (
    *("Adam", "Aisha", "Alice", "Ama", "Amir", "Anna", "Bella", "Ben", "Bruno", "Carl", "Clara", "Cora"),
    *("David", "Diego", "Dora", "Elsa", "Emma", "Eva", "Felix", "Finn", "Frank", "Gina", "Grace", "Hana"),
    *("Henry", "Hugo", "Igor", "Isla", "Ivy", "Jack", "Jenny", "Kate", "Kevin", "Kira", "Kofi", "Leo"),
    *("Ling", "Lucy", "Luka", "Martin", "Mia", "Milo", "Nina", "Noah", "Nora", "Olga", "Omar", "Oscar"),
    *("Paul", "Peter", "Priya", "Ravi", "Rosa", "Ruby", "Sam", "Sara", "Simon", "Tara", "Tina", "Tom"),
    *("Uma", "Vera", "Victor", "Walt", "Wendy", "Yara", "Yusuf", "Zoe"),
)
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
ACTIVITIES = ("swim", "walk", "lesson", "film", "game", "concert", "meal", "ride", "dance", "meeting")

OWNED = (
    *("marbles", "stickers", "stamps", "shells", "cards", "coins", "beads", "buttons", "badges", "postcards"),
    *("pencils", "crayons", "balloons", "books", "magnets", "ribbons"),
)
PICKED = ("apples", "pears", "plums", "cherries", "lemons", "tomatoes", "flowers", "tulips")
COLORED = (*(noun for noun in OWNED if noun != "coins"), "flowers", "tulips", "toys", "candles", "caps", "cups", "hats")
"""what comes in all colors"""
BAKED = ("cookies", "muffins", "pies", "buns", "cakes", "rolls")
SOLD = ("tickets", "cups", "lamps", "plants", "hats", "scarves", "toys", "kites")

PACKED = (*OWNED[:13], *PICKED, "cookies", "muffins", "buns", "rolls", "eggs", "candles", "toys")
"""what comes in boxes and bags"""
CONTAINERS = {
    **{"boxes": "box", "bags": "bag", "jars": "jar", "baskets": "basket", "packets": "packet", "crates": "crate"},
    **{"trays": "tray", "tins": "tin", "sacks": "sack", "buckets": "bucket"},
}
"""plural -> singular"""

GOODS = {
    **{"pens": ("pen", 2, 6), "rulers": ("ruler", 2, 5), "notebooks": ("notebook", 3, 8), "mugs": ("mug", 4, 9)},
    **{"caps": ("cap", 5, 12), "shirts": ("shirt", 8, 20), "spoons": ("spoon", 2, 6), "lamps": ("lamp", 12, 30)},
    **{"balls": ("ball", 5, 15), "brushes": ("brush", 2, 7), "plates": ("plate", 3, 9), "scarves": ("scarf", 6, 18)},
    **{"puzzles": ("puzzle", 7, 16), "books": ("book", 5, 15), "kites": ("kite", 8, 20), "candles": ("candle", 2, 8)},
    **{"cakes": ("cake", 6, 15), "tickets": ("ticket", 4, 14), "plants": ("plant", 4, 12), "toys": ("toy", 4, 14)},
}
"""plural -> (singular, least price, greatest price) in dollars"""

DEAR = (
    *("bike", "sofa", "phone", "camera", "coat", "bed", "guitar", "watch", "table", "tent"),
    *("chair", "radio", "drum", "desk", "stove", "carpet"),
)
"""what costs more than $20"""


def listed(items: Sequence[str]) -> str:
    """Return 'A, B and C'."""
    return items[0] if len(items) == 1 else f"{', '.join(items[:-1])} and {items[-1]}"


def times(k: int) -> str:
    """Return 'twice' or '3 times'."""
    return "twice" if k == 2 else f"{k} times"


PARTS = {2: "half", 3: "a third", 4: "a quarter", 5: "a fifth"}
GENERIC_CLOSINGS = ("This is what was asked for.", "So this is the answer.", "That answers the question.")

"""Reading word problems from their text alone: how many things, what happens to them, what is shared and packed.

The sentences are read by expressions of their own, not by the patterns that wrote them.
"""

import re

from amz_env.problems.gsm.things import CONTAINERS, GOODS

SINGULAR = CONTAINERS | {plural: one for plural, (one, _, _) in GOODS.items()}
PLURAL = {one: plural for plural, one in SINGULAR.items()}

UNRELATED = re.compile(
    r"cousins|years old|at home|weighs|centimeters|kilometers (away|from)|people (in|at)|closes in|minutes to the shop"
    r"|days ago|Each one costs|o'clock|was open for|rained"
)


def sentences(question: str) -> list[str]:
    """Return the sentences that matter."""
    found = [sentence.strip() for sentence in re.findall(r"[^.?]+[.?]", question)]
    return [sentence for sentence in found if not UNRELATED.search(sentence)]


def numbers(sentence: str) -> list[int]:
    """Return the numbers in a sentence, 'twice' among them."""
    return [2 if word == "twice" else int(word) for word in re.findall(r"\d+|twice", sentence)]


def linked(known: int, sentence: str) -> int:
    """Return what is `3 more`, `3 fewer` or `3 times` compared with what is known."""
    n = numbers(sentence)[-1]
    if re.search(r"times|twice", sentence):
        return known * n
    return known - n if re.search(r"fewer|less|cheaper", sentence) else known + n


def change(sentence: str, owner: str) -> int | None:
    """Return by how much the things of `owner` change in a sentence that tells of a gain or a loss, else None."""
    if not (found := numbers(sentence)) or "share" in sentence:
        return None
    n = found[0]
    if re.search(
        rf"{owner} (gives|loses|sells)|away from {owner}|{owner} keeps \d+ of|are sold|takes \d+ of", sentence
    ):
        return -n
    if re.search(rf"gives {owner}|{owner} finds|{owner} gets|{owner} is given", sentence):
        return n
    return None


class Stock:
    """What someone has, read sentence by sentence: lots in containers, loose ones, and changes.

    Attributes:
        lots: how many there are in each kind of container.
        total: how many there are by now.
        owner: the name that comes up first in a sentence about things.
    """

    def __init__(self, question: str) -> None:
        self.lots: dict[str, int] = {}
        self.total = 0
        self.rest: list[str] = []
        self._each: dict[str, int] = {}
        self._open: tuple[str, int] | None = None
        told = sentences(question)
        self.owner = told[0].split()[0]
        for sentence in told:
            if not self._read(sentence):
                self.rest.append(sentence)

    def _read(self, sentence: str) -> bool:
        if self._read_lot(sentence):
            return True
        if match := re.fullmatch(
            r"\w+ (?:also has|keeps) (\d+) (?:loose|more) .+|On the table, .+ has (\d+) .+", sentence
        ):
            self.total += int(match[1] or match[2])
        elif not self.total and (match := re.fullmatch(r"\w+ has (\d+) \w+\.", sentence)):
            self.total = int(match[1])
        elif (by := change(sentence, self.owner)) is not None and not sentence.endswith("?") and "full" not in sentence:
            self.total += by
        else:
            return False
        return True

    def _read_lot(self, sentence: str) -> bool:
        boxes = "|".join(CONTAINERS)
        if match := re.search(rf"(\d+) dozen \w+ in(?:to)? the ({boxes})", sentence):
            self._add(match[2], int(match[1]), 12)
        elif match := re.search(rf"(\d+) ({boxes})(?: with| of|, and each \w+ holds) (\d+) ", sentence):
            self._add(match[2], int(match[1]), int(match[3]))
        elif match := re.fullmatch(rf"\w+ (?:also )?has (\d+) ({boxes})\.", sentence):
            self._open = match[2], int(match[1])
        elif self._open and (match := re.fullmatch(r"There are (\d+) \w+ in each \w+\.", sentence)):
            self._add(*self._open, int(match[1]))
        elif self._open and (match := re.search(r"than each (\w+)\.|as each (\w+)\.", sentence)):
            self._add(*self._open, linked(self._each[PLURAL[match[1] or match[2]]], sentence))
        else:
            return False
        return True

    def _add(self, boxes: str, many: int, each: int) -> None:
        self.lots[boxes], self._each[boxes] = many * each, each
        self.total += many * each
        self._open = None

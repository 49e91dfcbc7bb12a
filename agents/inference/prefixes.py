"""What has been computed already: keys and values of every part of every path, shared by all paths that contain it.

A path of tokens is a chain of segments (question block, action, closing, action, ...). A segment keeps the keys and
values of its own tokens alone; the last token of an action has none until what follows it is computed, because a
sampled token is fed to the model only when another is wanted. Least recently used segments go first when the byte
budget is spent.
"""

from collections import OrderedDict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from torch import Tensor

from agents.inference.blocks import KeysValues


@dataclass(slots=True, eq=False)
class Segment:
    """One part of a path.

    Letters of shapes: T tokens, V vocabulary, H hidden size.

    Attributes:
        parent: the part before, None at the start of a path.
        tokens: the part's token ids. [T]
        keys_values: keys and values of the first tokens of the part, T or T - 1 of them.
        logits: next-token logits after the part, where known. [V]
        value: V after the part, where known.
        hidden: what V was read from, where known. [H]
        logprob: log pi of the part, an action, at temperature 1, where known.
        children: the parts that were seen to follow.
    """

    parent: "Segment | None"
    tokens: tuple[int, ...]
    keys_values: KeysValues | None = None
    logits: Tensor | None = None
    value: float | None = None
    hidden: Tensor | None = None
    logprob: float | None = None
    children: "dict[tuple[int, ...], Segment]" = field(default_factory=dict)

    @property
    def computed(self) -> int:
        """Number of the part's tokens whose keys and values are known."""
        return 0 if self.keys_values is None else len(self.keys_values)

    @property
    def bytes(self) -> int:
        """Memory held by the part."""
        held = self.keys_values.bytes if self.keys_values is not None else 0
        return held + sum(each.nbytes for each in (self.logits, self.hidden) if each is not None)


class PrefixCache:
    """A forest of segments under a byte budget.

    Args:
        budget: bytes of keys, values and logits kept; what is in use by a running batch may exceed it.
    """

    def __init__(self, budget: int) -> None:
        self.budget = budget
        self.bytes = 0
        self._root = Segment(None, ())
        self._recent: OrderedDict[int, Segment] = OrderedDict()

    def path(self, pieces: Iterable[tuple[int, ...]]) -> list[Segment]:
        """Return the segments of a path, made where they are new."""
        node, path = self._root, []
        for piece in pieces:
            node = self.next(node, piece)
            path.append(node)
        return path

    def next(self, segment: Segment, tokens: tuple[int, ...]) -> Segment:
        """Return the segment that follows another, made where it is new."""
        child = segment.children.get(tokens)
        if child is None:
            child = segment.children[tokens] = Segment(segment, tokens)
        return child

    def borrow(self, path: Sequence[Segment]) -> None:
        """Give the first part of a path that is new what it has in common with a part known in the same place.

        An action that the environment's rules have cut or completed begins with the tokens that were sampled.
        """
        fresh = next((segment for segment in path if segment.keys_values is None), None)
        if fresh is None or fresh.parent is None:
            return
        known = [segment for segment in fresh.parent.children.values() if segment.keys_values is not None]
        alike = [min(common(segment.tokens, fresh.tokens), segment.computed) for segment in known]
        if (most := max(alike, default=0)) > 0:
            lender = known[alike.index(most)].keys_values
            assert lender is not None
            self.keep(fresh, lender.part(0, most).copy())

    def store(self, path: Sequence[Segment], start: int, keys_values: KeysValues) -> None:
        """Keep the keys and values of a path's tokens from number `start` on.

        Args:
            path: all segments of the path.
            start: number of tokens of the path that were computed before.
            keys_values: of the tokens from there to the end of the path.
        """
        end = 0
        for segment in path:
            begin, end = end, end + len(segment.tokens)
            if end <= start:
                continue
            fresh = keys_values.part(max(begin - start, 0), end - start)
            if begin < start and segment.keys_values is not None:
                fresh = KeysValues.joined([segment.keys_values.part(0, start - begin), fresh])
            self.keep(segment, fresh.copy())

    def keep(
        self,
        segment: Segment,
        keys_values: KeysValues | None = None,
        *,
        logits: Tensor | None = None,
        hidden: Tensor | None = None,
    ) -> None:
        """Keep what is known of one segment."""
        self.bytes -= segment.bytes
        segment.keys_values = keys_values if keys_values is not None else segment.keys_values
        segment.logits = logits if logits is not None else segment.logits
        segment.hidden = hidden if hidden is not None else segment.hidden
        self.bytes += segment.bytes

    def touch(self, path: Sequence[Segment]) -> None:
        """Mark a path as just used, its end first: a segment is then always older than what it follows from."""
        for segment in reversed(path):
            self._recent[id(segment)] = segment
            self._recent.move_to_end(id(segment))

    def trim(self) -> None:
        """Drop least recently used segments until the budget holds."""
        while self.bytes > self.budget and self._recent:
            _, segment = self._recent.popitem(last=False)
            self.bytes -= segment.bytes
            segment.keys_values = segment.logits = segment.value = segment.hidden = None
            siblings = segment.parent.children if segment.parent is not None else {}
            if siblings.get(segment.tokens) is segment:
                del siblings[segment.tokens]


def computed_tokens(path: Sequence[Segment]) -> int:
    """Return how many tokens of a path, from its start, have keys and values."""
    total = 0
    for segment in path:
        total += segment.computed
        if segment.computed < len(segment.tokens):
            break
    return total


def first_tokens(path: Sequence[Segment], length: int) -> list[KeysValues]:
    """Return the keys and values of a path's first tokens, part by part."""
    parts = []
    for segment in path:
        if length > 0 and segment.keys_values is not None:
            parts.append(segment.keys_values if segment.computed <= length else segment.keys_values.part(0, length))
            length -= segment.computed
    return parts


def common(one: Sequence[int], other: Sequence[int]) -> int:
    """Return the length of the common beginning."""
    pairs = zip(one, other, strict=False)
    return next((index for index, (a, b) in enumerate(pairs) if a != b), min(len(one), len(other)))

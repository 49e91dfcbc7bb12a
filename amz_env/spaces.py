"""The space of all texts, which observations and actions of the environment live in.

`gymnasium.spaces.Text` is a fixed character set and a greatest length: a question in Greek, a root sign or a long
output would fall out of it, so observations would have to be mutilated to stay "inside". It is also the space that
`AsyncVectorEnv` reads wrongly through shared memory, without an error. `UnicodeText` is a space of its own, which
Gymnasium batches as a tuple of texts and whose use with shared memory is refused loudly: pass `gymnasium.make_vec`
``vector_kwargs={"shared_memory": False}``. ``"context": "spawn"`` beside it is quicker where the process has run code
before: forked copies of it do without the interpreter's fast lane.
"""

from typing import Any, Final

import numpy as np
from gymnasium.spaces import Space

from amz_env.steps import answer_action, code_action

# First and last code point of blocks that are printable throughout: what a random text is mixed from.
_BLOCKS: Final = (
    (0x20, 0x7E),  # ASCII
    (0xA1, 0xAC),  # Latin-1 signs
    (0x391, 0x3A1),  # Greek
    (0x410, 0x44F),  # Cyrillic
    (0x2200, 0x22FF),  # mathematical operators
    (0x4E00, 0x4FFF),  # Chinese
    (0x1D400, 0x1D454),  # mathematical letters, beyond the basic plane
    (0x1F600, 0x1F64F),  # faces
)
_LONGEST_SAMPLE: Final = 200


class UnicodeText(Space[str]):
    r"""All finite texts that can be written in UTF-8, the empty one included.

    Samples are steps of a solution rather than uniform noise: half are texts of mixed printable characters, the rest
    well-formed code and answer steps, so that random play gets past the parser.

    Args:
        seed: of `sample`; None draws one.

    Example:
        >>> space = UnicodeText(seed=0)
        >>> "½ of √2 is … 𝑥" in space, "" in space, 3 in space, "\ud800" in space
        (True, True, False, False)
        >>> space.sample() in space
        True
    """

    def __init__(self, seed: int | np.random.Generator | None = None) -> None:
        super().__init__(shape=None, dtype=str, seed=seed)

    @property
    def is_np_flattenable(self) -> bool:
        """False: a text of any length has no array form."""
        return False

    def contains(self, x: Any) -> bool:
        """Return whether `x` is a text without lone surrogates."""
        if not isinstance(x, str):
            return False
        try:
            x.encode("utf-8")
        except UnicodeEncodeError:
            return False
        return True

    def sample(self, mask: Any | None = None, probability: Any | None = None) -> str:
        """Return a random text.

        Raises:
            ValueError: `mask` or `probability` is given; there are no finitely many texts to mask.
        """
        if mask is not None or probability is not None:
            raise ValueError("UnicodeText has no masks and no probabilities: sample() takes neither")
        rng = self.np_random
        kind = int(rng.integers(4))
        if kind == 0:
            a, b = (int(number) for number in rng.integers(1, 100, size=2))
            return code_action(self._words(), f"x = {a} * {b}\nprint(x)")
        if kind == 1:
            return answer_action(self._words(), str(int(rng.integers(-100, 100))))
        return self._words()

    def _words(self) -> str:
        rng = self.np_random
        blocks = rng.integers(len(_BLOCKS), size=int(rng.integers(_LONGEST_SAMPLE)))
        return "".join(chr(int(rng.integers(_BLOCKS[block][0], _BLOCKS[block][1] + 1))) for block in blocks)

    def __repr__(self) -> str:
        return "UnicodeText()"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, UnicodeText)

    def __hash__(self) -> int:
        return hash(UnicodeText)

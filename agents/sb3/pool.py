"""Proposals that are drawn once for a state and then kept: practising on them again costs no language model.

A state's proposals depend on its text and the pool's seed alone. So an episode plays in a fixed tree of steps, and what
is seen in the thousandth episode on a problem is what would be seen at the first: a policy can practise for as long as
it gains from that, at the price of the distinct states that it comes to.
"""

from collections.abc import Sequence

from agents.inference.base import derive_seed
from agents.sb3.proposer import EngineProposer
from amz_env.choices import Proposals
from amz_env.dynamics import State


class Pool:
    """Draws what is proposed for a state at the first time that it is asked for; a `Propose` and a `ProposeTogether`.

    Args:
        proposer: draws.
        k: most candidates of a state.
        seed: of the drawing.
    """

    def __init__(self, proposer: EngineProposer, k: int, seed: int) -> None:
        self._proposer = proposer
        self._k = k
        self._seed = seed
        self._kept: dict[str, Proposals] = {}

    def __len__(self) -> int:
        """Return the number of states that proposals were drawn for."""
        return len(self._kept)

    def __call__(self, state: State, k: int, seed: int) -> Proposals:
        """Return the candidates of a state, whatever the seed; see `amz_env.choices.Propose`."""
        return self.together([(state, seed)])[0]

    def together(self, questions: Sequence[tuple[State, int]]) -> list[Proposals]:
        """Return the candidates of many states; those of new ones are drawn in one batch of the engine."""
        new = {state.text: state for state, _ in questions if state.text not in self._kept}
        asked = [(state, derive_seed(self._seed, text)) for text, state in new.items()]
        for text, drawn in zip(new, self._proposer.together(asked, self._k) if asked else (), strict=True):
            self._kept[text] = drawn.proposals
        return [self._kept[state.text] for state, _ in questions]

"""How much `amz` does unless told otherwise: every default size of the command line, in one place.

Tuned such that `amz compare` with the model that ships stays under five minutes on two cores.
"""

from typing import Final

from amz_env.problems.generated import TRAINING_SETS

PROBLEMS: Final = TRAINING_SETS
"""Problem sets of a comparison; their held-out (test) splits."""

LIMIT: Final = 30
"""Problems of each set."""

AGENTS: Final = ("greedy", "majority", "best-of-n", "sbs", "sbs:beams=3", "mcts")
"""Agents of a comparison, at the options of `agents.AGENTS` unless named here."""

QUICK_LIMIT: Final = 8
QUICK_AGENTS: Final = ("greedy", "majority:n=4", "sbs:width=3", "mcts:simulations=8")
"""The same with `--quick`: half a minute, to see that everything works."""

SOLVER: Final = "mcts"
"""Agent of `amz solve`."""

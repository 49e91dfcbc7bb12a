"""The searches, one algorithm a file; each is a coroutine on one problem."""

from typing import Any

from agents.search.ab_mcts import ab_mcts
from agents.search.beam import step_beam
from agents.search.dvts import dvts
from agents.search.greedy import greedy
from agents.search.mcts import mcts
from agents.search.sampling import best_of_n, majority_vote

ALGORITHMS: dict[str, Any] = {
    "greedy": greedy,
    "majority": majority_vote,
    "best-of-n": best_of_n,
    "sbs": step_beam,
    "dvts": dvts,
    "mcts": mcts,
    "ab-mcts": ab_mcts,
}

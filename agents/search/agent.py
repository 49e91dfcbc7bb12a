"""A search as an agent: many searches side by side, or one step at a time in the Gymnasium loop."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from time import perf_counter

from agents.base import OnSolution, Solution, questions_of, solve_side_by_side
from agents.inference.base import Engine, derive_seed
from agents.search.search import Algorithm, Judge, Search
from agents.search.tree import Node, Tree
from amz_env.background import run
from amz_env.dynamics import Rules, RunsCode, State
from amz_env.interpreter import shared_interpreter
from amz_env.problems.base import Problem
from amz_env.reading import read_state


@dataclass(eq=False)
class SearchAgent:
    """Any search algorithm behind the `Agent` protocol.

    Attributes:
        name: what tables and pictures call it.
        algorithm: the search, hyper-parameters bound.
        engine: the policy and value model.
        temperature: of sampling, 0 is greedy.
        rules: limits and format of the episodes.
        interpreter: runs the steps' code; one for the whole process unless given.
        concurrency: searches that run at the same time.
    """

    name: str
    algorithm: Algorithm
    engine: Engine
    temperature: float
    rules: Rules = field(default_factory=Rules)
    interpreter: RunsCode = field(default_factory=shared_interpreter)
    concurrency: int = 64
    _plan: dict[str, str] = field(default_factory=dict, repr=False)

    def solve(
        self, problems: Sequence[Problem | str], *, seed: int = 0, on_solution: OnSolution | None = None
    ) -> list[Solution]:
        """Solve many problems at once; see `Agent.solve`."""
        return run(self.solve_async(problems, seed=seed, on_solution=on_solution))

    async def solve_async(
        self,
        problems: Sequence[Problem | str],
        *,
        seed: int = 0,
        on_solution: OnSolution | None = None,
        judges: Sequence[Judge] | None = None,
    ) -> list[Solution]:
        """`solve` inside a running event loop.

        Args:
            problems: problems or question texts.
            seed: seed of the run.
            on_solution: called as each problem is finished.
            judges: one a problem, tells right answers from wrong ones: the trainer's privilege.
        """

        async def one(index: int, question: str, occurrence: int) -> Solution:
            judge = judges[index] if judges is not None else None
            return await self._search(State(question, self.rules), derive_seed(seed, question, occurrence), judge)

        return await solve_side_by_side(
            questions_of(problems), one, concurrency=self.concurrency, on_solution=on_solution
        )

    def act(self, observation: str) -> str:
        """Return the next step for a rendered state.

        The search runs from the state observed, and its plan is followed while the observations are the expected ones.

        Raises:
            ValueError: the observation is not a rendered state.
        """
        if observation not in self._plan:
            state = read_state(observation, self.rules)
            key = state.text if state.steps else state.question  # from the start: the search that `solve` would run
            solution = run(self._search(state, derive_seed(0, key, 0), None))
            self._plan = _plan_of(state, solution)
        return self._plan.get(observation, "")

    async def _search(self, state: State, seed: int, judge: Judge | None) -> Solution:
        start = perf_counter()
        search = Search(self.engine, self.interpreter, self.temperature, seed, judge)
        root = Node(state)
        try:
            chosen = await search.metered(self.algorithm(search, root))
        finally:
            search.close()
        search.cost.seconds = perf_counter() - start
        node = chosen or _furthest(root)
        tree = Tree(root)
        return Solution(
            question=state.question,
            answer=chosen.state.answer if chosen is not None else None,
            state=node.state,
            value=(node.q if node.visits else node.value or 0.0) if chosen is not None else -1.0,
            cost=search.cost,
            answers=tuple(leaf.state.answer or "" for leaf in tree.answers()),
            tree=tree,
        )


def _furthest(root: Node) -> Node:
    """Return the first of the deepest nodes taken in full: what there is to show where no answer was reached."""
    return max((node for node in root.walk() if not node.state.owes_code), key=lambda node: len(node.state.steps))


def _plan_of(start: State, solution: Solution) -> dict[str, str]:
    """Map each state's text along the chosen path to the action taken there."""
    plan = {}
    text = start.text
    node = next(node for node in solution.tree.nodes() if node.state is solution.state) if solution.tree else None
    for before, after in zip(node.path(), node.path()[1:], strict=False) if node else ():
        plan[before.state.text] = after.state.steps[-1].action
    plan.setdefault(text, "")
    return plan

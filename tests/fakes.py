"""A policy and value model that follows a script: a real `Engine`, small enough to reason about by hand.

`ScriptedEngine(policy, value)` asks `policy(state)` for the steps that are possible there and samples among them;
`solver_policy` and `solver_value` make the two from problems that carry solutions. `HOSTILE` holds what bad
models write.
"""

import asyncio
import math
import random
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from agents.base import Cost
from agents.inference.base import Expansion, Finish, Proposal, Valuation, derive_seed
from agents.search.search import Algorithm, Judge, Search
from agents.search.tree import Node, Tree
from amz_env.dynamics import Rules, State
from amz_env.interpreter import shared_interpreter
from amz_env.problems.base import Problem
from amz_env.steps import answer_action, code_action


@dataclass(frozen=True, slots=True)
class Option:
    """One step that the script allows, with log pi(a|s) of the whole step in nats (at most 0)."""

    action: str
    logprob: float = 0.0
    finish: Finish = "step"

    def __post_init__(self) -> None:
        if not self.logprob <= 0.0:
            raise ValueError(f"logprob must be at most 0, got {self.logprob!r}")


Policy = Callable[[State], Sequence[str | Option]]
"""The steps possible in a state. Bare strings share the probability evenly; no steps: the context is full."""

Value = Callable[[State], float]
"""V(state), in [-1, 1]."""


@dataclass(frozen=True, slots=True)
class Call:
    """One request, as it came."""

    kind: Literal["expand", "value"]
    state: State
    n: int = 0
    temperature: float = 0.0
    seed: int = 0


@dataclass(eq=False)
class ScriptedEngine:
    """An engine that follows a script.

    What `expand` returns depends on (state, n, temperature, seed) alone, whatever else is running. Token ids are the
    UTF-8 bytes of the step. Every request gives the event loop a turn, so searches interleave as they do on a model.

    Attributes:
        policy: the steps possible in a state, with their probabilities.
        value: V(state); 0 everywhere unless given.
        draw: ``sampled`` draws with replacement by probability; ``listed`` returns the options in order, over and over.
        fail: raises what `expand` should raise in a state, for tests of broken engines.
        calls: every request, in order.
        in_flight: requests being answered now.
        most_in_flight: the most there ever were at once.
    """

    policy: Policy
    value_of: Value = lambda state: 0.0
    draw: Literal["sampled", "listed"] = "sampled"
    fail: Callable[[State], None] | None = None
    calls: list[Call] = field(default_factory=list)
    in_flight: int = 0
    most_in_flight: int = 0

    async def expand(self, state: State, n: int, *, temperature: float, seed: int) -> Expansion:
        """Sample n steps from the script; see `Engine.expand`."""
        if state.end is not None:
            raise ValueError(f"expand was asked for a finished state ({state.end})")
        if n < 1:
            raise ValueError(f"n must be at least 1, got {n}")
        await self._answer(Call("expand", state, n, temperature, seed))
        if self.fail is not None:
            self.fail(state)
        options = _options(self.policy(state))
        chosen = self._choose(options, n, temperature, derive_seed(seed, state.text, n, temperature))
        proposals = tuple(
            Proposal(option.action, token_ids_of(option.action), option.logprob, option.finish) for option in chosen
        )
        generated = sum(len(proposal.token_ids) for proposal in proposals)
        return Expansion(self._value(state), proposals, self._cost(state, generated))

    async def value(self, state: State) -> Valuation:
        """Read V(state) from the script; see `Engine.value`."""
        await self._answer(Call("value", state))
        return Valuation(self._value(state), self._cost(state, 0))

    def forget(self) -> None:
        """Nothing is kept."""

    def _choose(self, options: list[Option], n: int, temperature: float, seed: int) -> list[Option]:
        if not options:
            return []
        if self.draw == "listed":
            return [options[i % len(options)] for i in range(n)]
        if temperature == 0:
            return [max(options, key=lambda option: option.logprob)] * n
        highest = max(option.logprob for option in options)
        weights = [math.exp((option.logprob - highest) / temperature) for option in options]
        return random.Random(seed).choices(options, weights, k=n)

    async def _answer(self, call: Call) -> None:
        self.calls.append(call)
        self.in_flight += 1
        self.most_in_flight = max(self.most_in_flight, self.in_flight)
        await asyncio.sleep(0)
        self.in_flight -= 1

    def _value(self, state: State) -> float:
        value = float(self.value_of(state))
        if not -1.0 <= value <= 1.0:
            raise ValueError(f"the script's value must be in [-1, 1], got {value}")
        return value

    def _cost(self, state: State, generated: int) -> Cost:
        return Cost(generated_tokens=generated, prefilled_tokens=len(token_ids_of(state.text)), model_calls=1)


def _options(listed: Sequence[str | Option]) -> list[Option]:
    even = -math.log(max(len(listed), 1))
    return [Option(option, even) if isinstance(option, str) else option for option in listed]


def token_ids_of(text: str) -> tuple[int, ...]:
    """Return the text's UTF-8 bytes."""
    return tuple(text.encode("utf-8", "surrogatepass"))


def by_depth(*levels: Sequence[str | Option]) -> Policy:
    """Return a policy that offers `levels[d]` after d steps, and nothing beyond."""
    return lambda state: levels[len(state.steps)] if len(state.steps) < len(levels) else ()


def solver_policy(problems: Iterable[Problem], *, right: float = 0.5) -> Policy:
    """Return a policy that knows the solutions and strays.

    With probability `right` it takes the reference solution's next step, otherwise it gives one of two wrong answers.
    Off the reference path it answers wrongly. A problem without a solution is answered in one step.
    """
    known = _solutions(problems)

    def policy(state: State) -> Sequence[Option]:
        wrong = [Option(answer_action("I guess.", f"-{999 + i}"), math.log((1 - right) / 2)) for i in range(2)]
        following = _next_step(state, known)
        return [Option(following, math.log(right)), *wrong] if following is not None else wrong

    return policy


def solver_value(problems: Iterable[Problem], *, sharpness: float = 0.8) -> Value:
    """Return a value that is `sharpness` on the reference path and `-sharpness` off it."""
    known = _solutions(problems)

    def value(state: State) -> float:
        return sharpness if _on_path(state, known) else -sharpness

    return value


def _solutions(problems: Iterable[Problem]) -> Mapping[str, Sequence[str]]:
    def one(problem: Problem) -> Sequence[str]:
        answer = problem.answer if isinstance(problem.answer, str) else problem.answer[0]
        return problem.solution or (answer_action("It is known.", answer),)

    return {problem.question: one(problem) for problem in problems}


def _on_path(state: State, known: Mapping[str, Sequence[str]]) -> bool:
    solution = known.get(state.question, ())
    return len(state.steps) <= len(solution) and all(
        taken.action.strip() == action.strip() for taken, action in zip(state.steps, solution, strict=False)
    )


def _next_step(state: State, known: Mapping[str, Sequence[str]]) -> str | None:
    solution = known.get(state.question, ())
    return solution[len(state.steps)] if len(state.steps) < len(solution) and _on_path(state, known) else None


HOSTILE: Mapping[str, str] = {
    "empty": "",
    "blank": " \n\t ",
    "no tags": "I do not know.",
    "endless": "<step>\n<p>\n" + "and so on " * 20_000,
    "two answers": "<step>\n<p>\nFinal Answer: 1\n</p>\n<p>\nFinal Answer: 2\n</p>\n</step>",
    "code and answer": code_action("Both.\nFinal Answer: 3", "print(3)"),
    "open fence": "<step>\n<p>\nx\n</p>\n<code>\n```python\nprint(1)\n</code>",
    "writes output": "<step>\n<p>\nx\n</p>\n<output>\n42\n</output>\n</step>",
    "two steps": answer_action("a", "1") + "\n" + answer_action("b", "2"),
    "raises": code_action("Divide.", "print(1 / 0)"),
    "loops": code_action("Loop.", "while True:\n    pass"),
    "floods": code_action("Flood.", "print('x' * 10_000_000)"),
    "exits": code_action("Exit.", "import os\nos._exit(1)"),
    "control characters": "<step>\n\x00\x1b[31m\ud800\u202e</step>",
}
"""Steps as bad models write them: name -> action. ``loops`` takes as long as the interpreter's time limit."""


def step(name: str) -> str:
    """Return a code step that is told from others by its words, "Way NAME."."""
    return code_action(f"Way {name}.", f"print({len(name)})  # {name}")


def valued(values: Mapping[str, float]) -> Callable[[State], float]:
    """Return a V that goes by the words of the last step; 0 of others."""
    return lambda state: values.get(state.steps[-1].step.text, 0.0) if state.steps else 0.0


def judging(right: Callable[[str], bool | None]) -> Judge:
    """Return a judge that knows at once."""

    async def judge(answer: str) -> bool | None:
        return right(answer)

    return judge


def searched(engine: ScriptedEngine, algorithm: Algorithm, rules: Rules | None = None) -> tuple[Node | None, Node]:
    """Let an algorithm search from a question, check its tree, and return the chosen leaf and the root."""
    root = Node(State("q", rules or Rules()))
    search = Search(engine, shared_interpreter(), temperature=1.0, seed=3)
    chosen = asyncio.run(algorithm(search, root))
    Tree(root).check()
    return chosen, root


def statistics(root: Node) -> list[tuple[str, int, float, float | None, bool]]:
    """Return what a search has counted, node by node: tag, N, W, V, exhausted."""
    return [(node.tag, node.visits, node.value_sum, node.value, node.exhausted) for node in Tree(root).nodes()]


def by_text(state: State) -> float:
    """Return a V that is a function of the state's text, the same everywhere, in [-0.5, 0.5)."""
    return derive_seed(state.text) % 1000 / 1000 - 0.5

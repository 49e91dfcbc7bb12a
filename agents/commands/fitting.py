"""Agents at equal budgets of generated tokens: each with the largest setting whose measured mean cost fits.

An agent has one dial, the option by which it spends more. For every budget the dial is turned up as far as the mean
cost allows, measured on a few of the comparison's problems: costs alone are looked at, no answers. So nothing in a
search changes, every agent is one that can be asked for by name, and what it spent on all problems is reported beside
the budget. The other way, to stop each search when its tokens are spent, has no meaning for greedy decoding or a beam.
"""

from collections.abc import Callable, Sequence
from functools import cache
from typing import Final

from agents.commands.specs import AgentSpec, named
from agents.commands.workers import Team
from agents.reporting.outcome import Outcome

DIALS: Final = {
    "majority": "n",
    "best-of-n": "n",
    "sbs": "width",
    "dvts": "subtrees",
    "mcts": "simulations",
    "ab-mcts": "simulations",
}
"""Agent -> the option by which it spends more; greedy decoding has none."""

LARGEST: Final = 4096
"""No dial is turned further."""

_CLOSE: Final = 0.95
_FLAT: Final = 0.02  # growth for a whole setting more, as a share of the cost, that is no more than noise

PROBES: Final = 8
"""Problems on which costs are measured, spread over the sets."""

Fitted = dict[str, dict[int, AgentSpec | None]]
"""Agent as asked for, without its dial -> budget -> the agent that fits it, None where none does."""


def fit_all(specs: Sequence[AgentSpec], budgets: Sequence[int], cost_of: Callable[[AgentSpec], float]) -> Fitted:
    """Fit agents to budgets.

    Args:
        specs: the agents; the setting of their dials does not matter.
        budgets: generated tokens per problem.
        cost_of: measures an agent's mean generated tokens per problem.
    """
    fitted: Fitted = {}
    for spec in specs:
        dial = DIALS.get(spec.name)
        base = AgentSpec(
            spec.name, {name: value for name, value in spec.options.items() if name not in (dial, "label")}
        )
        cost_at = cache(_cost_by_setting(base, cost_of))
        by_budget = fitted[str(spec.options.get("label", base))] = {}
        for budget in sorted(budgets):
            setting = fit(cost_at, budget) if dial else int(cost_at(1) <= budget)
            by_budget[budget] = turned(base, setting) if setting else None
    return fitted


def _cost_by_setting(base: AgentSpec, cost_of: Callable[[AgentSpec], float]) -> Callable[[int], float]:
    return lambda setting: cost_of(turned(base, setting))


def turned(spec: AgentSpec, setting: int) -> AgentSpec:
    """Return an agent with its dial at `setting`; the agent itself where it has none."""
    dial = DIALS.get(spec.name)
    return AgentSpec(spec.name, {**spec.options, dial: setting}) if dial else spec


def fit(cost_at: Callable[[int], float], budget: float) -> int:
    """Return the largest setting whose cost is within the budget, or one that uses 95 % of it; 0 where 1 is too costly.

    Costs grow nearly in a line, so a few measurements on secants do. Where they have stopped growing, the setting
    at hand will do.
    """
    costs, setting, within = {0: 0.0}, 1, 0
    while setting not in costs:
        costs[setting] = cost_at(setting)
        before, within = within, max(known for known, cost in costs.items() if cost <= budget)
        beyond = min((known for known in costs if known > within), default=LARGEST + 1)
        anchor = beyond if beyond in costs else before
        slope = (costs[within] - costs[anchor]) / (within - anchor) if within != anchor else 0.0
        if costs[within] >= _CLOSE * budget or slope * within < _FLAT * costs[within]:
            break
        guess = int(within + (budget - costs[within]) / slope) if slope else within
        setting = min(max(guess, 2 if len(costs) == 2 else 0), beyond - 1)
    return within


def measured_cost(team: Team, spec: AgentSpec, seed: int, problems: int) -> float:
    """Return an agent's mean generated tokens on some of the team's problems."""
    outcomes: list[Outcome] = []
    (labelled,) = named([spec]).values()
    team.evaluate(labelled, seed, outcomes.append, places=range(0, problems, max(problems // PROBES, 1)))
    return sum(outcome.generated_tokens for outcome in outcomes) / max(len(outcomes), 1)

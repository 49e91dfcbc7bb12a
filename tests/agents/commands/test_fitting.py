"""Equal budgets: the largest setting that fits, measured rather than assumed."""

import json

import pytest

import agents
from agents.commands import compare
from agents.commands.compare import CompareConfig
from agents.commands.errors import BadInput
from agents.commands.fitting import DIALS, LARGEST, fit, fit_all, turned
from agents.commands.specs import parse_specs
from amz_env import load_problems
from tests.fakes import ScriptedEngine, solver_policy, solver_value


def measured(cost):
    """Return a cost function that counts what it is asked."""
    asked = []
    return asked, lambda setting: (asked.append(setting), cost(setting))[1]


@pytest.mark.parametrize(
    ("cost", "budget", "setting"),
    [
        (lambda n: 150 * n, 500, 3),
        (lambda n: 150 * n, 450, 3),
        (lambda n: 150 * n, 150, 1),
        (lambda n: 150 * n, 149, 0),
        (lambda n: 300 + 40 * n, 500, 5),
        (lambda n: 300 + 40 * n, 330, 0),
    ],
)
def test_the_largest_setting_within_the_budget(cost, budget, setting):
    assert fit(cost, budget) == setting


@pytest.mark.parametrize("cost", [lambda n: 120 * n**0.9, lambda n: 10 * n**1.3, lambda n: 157.3 * n])
@pytest.mark.parametrize("budget", [300, 1000, 4000, 20000])
def test_a_few_measurements_do(cost, budget):
    asked, cost_at = measured(cost)
    found = fit(cost_at, budget)
    assert 0.95 * budget <= cost(found) <= budget or cost(found) <= budget < cost(found + 1)
    assert len(asked) <= 7


def test_a_search_that_runs_out_of_tree_is_not_turned_up_for_ever():
    asked, cost_at = measured(lambda n: min(100 * n, 750))
    assert 8 <= fit(cost_at, 4000) <= LARGEST and len(asked) <= 8
    assert fit(lambda n: 0.0, 4000) <= LARGEST


def test_every_agent_has_a_dial_but_greedy():
    assert set(DIALS) == set(agents.AGENTS) - {"greedy"}
    assert all(isinstance(agents.AGENTS[name][dial], int) for name, dial in DIALS.items())


def test_agents_are_fitted_by_their_costs_alone():
    specs = parse_specs(["greedy", "majority:n=3", "sbs:beams=3,label=wide"])
    cost = {"greedy": 150, "majority": 150, "sbs": 600}
    asked = []

    def cost_of(spec):
        asked.append(str(spec))
        return cost[spec.name] * spec.options.get(DIALS.get(spec.name), 1)

    fitted = fit_all(specs, [1000, 100, 500], cost_of)
    written = {agent: {budget: str(spec) for budget, spec in each.items()} for agent, each in fitted.items()}
    assert written == {
        "greedy": {100: "None", 500: "greedy", 1000: "greedy"},
        "majority": {100: "None", 500: "majority:n=3", 1000: "majority:n=6"},
        "wide": {100: "None", 500: "None", 1000: "sbs:beams=3,width=1"},
    }
    assert len(asked) == len(set(asked))  # nothing is measured twice
    assert turned(specs[0], 5) == specs[0]


def test_a_comparison_at_budgets_reports_what_was_spent(tmp_path, capsys):
    known = load_problems("mini-gsm", split="test", size=6)[:]
    engine = ScriptedEngine(solver_policy(known, right=0.6), solver_value(known))
    out = tmp_path / "run"
    options = {"agents": ("greedy", "majority:n=50", "mcts"), "problems": ("mini-gsm",), "limit": 6, "out": out}
    assert compare.run(CompareConfig(**options, budget_tokens=("600,2000",)), engine) == 0
    results = json.loads((out / "results.json").read_text())
    spent = {(point["agent"], point["budget"]): point for point in results["budgets"]}
    assert list(spent) == [(agent, budget) for agent in ("greedy", "majority", "mcts") for budget in (600, 2000)]
    rows = {row["agent"]: row for row in results["rows"]}
    assert spent["mcts", 600]["setting"] is None  # its first expansion costs more
    for (agent, budget), point in spent.items():
        if point["setting"] is None:
            continue
        row = rows[point["setting"]]
        assert point["generated_tokens"] == row["generated_tokens"] <= budget  # costs were measured on all problems
        assert point["accuracy"] == row["accuracy"]
        dial = DIALS.get(agent)
        if dial == "n":  # one sample more would not fit
            n = int(point["setting"].removeprefix("maj@"))
            assert row["generated_tokens"] * (n + 1) / n > budget * 0.9
    assert len(rows) == 4  # greedy fits both budgets and was run once
    printed = capsys.readouterr().out
    assert "600 tokens" in printed and "2,000 tokens" in printed and f"maj@{n}: " in printed
    assert (out / "accuracy_at_budgets.png").read_bytes().startswith(b"\x89PNG")
    assert (out / "tensorboard" / "budgets-majority").is_dir()


def test_a_budget_of_nothing_is_bad_input(tmp_path):
    with pytest.raises(BadInput, match="at least 1, got 0"):
        compare.prepare(CompareConfig(budget_tokens=("0",), out=tmp_path / "a"))

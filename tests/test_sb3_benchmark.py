"""The report on MaskablePPO: what is measured, and that nothing is measured twice."""

from argparse import Namespace
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from amz_env.problems.base import Problem
from benchmarks.sb3 import OUTCOMES, _settle, difference, measure, report
from tests.fakes import ScriptedEngine, solver_policy, solver_value

PROBLEMS = [Problem(str(a), f"What is {a} plus {a}?", str(2 * a), "test") for a in range(6)]


def options(out: Path, **more: Any) -> Namespace:
    sizes = {"practice": 4, "steps": 8, "envs": 2, "k": 3, "temperature": 1.0, "projection": 2, "seeds": [0, 1]}
    return Namespace(**{"problems": ["mini-gsm"], "model": "scripted", "out": out} | sizes | more)


def test_each_agent_and_seed_is_measured_once_and_again_where_it_was_cut_short(tmp_path: Path) -> None:
    engine = ScriptedEngine(solver_policy(PROBLEMS), solver_value(PROBLEMS))
    first = measure(engine, options(tmp_path), PROBLEMS)
    seeds = {name: sorted({each.seed for each in found}) for name, found in first.items()}
    assert seeds == {"greedy": [0], "maj@16": [0], "SBS(1,3)": [0, 1], "maskable-ppo": [0, 1]}
    assert all(len(found) == 6 * len(seeds[name]) for name, found in first.items())
    asked = len(engine.calls)
    assert measure(engine, options(tmp_path), PROBLEMS) == first
    assert len(engine.calls) == asked
    file = tmp_path / OUTCOMES
    file.write_text("".join(file.read_text().splitlines(keepends=True)[:-1]))
    again = measure(engine, options(tmp_path), PROBLEMS)
    assert len(engine.calls) > asked  # the last agent with the last seed, whose policy was there
    assert [each.correct for each in again["maskable-ppo"]] == [each.correct for each in first["maskable-ppo"]]


def test_the_report_says_by_how_much_greedy_is_beaten(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    engine = ScriptedEngine(solver_policy(PROBLEMS, right=0.3), solver_value(PROBLEMS))
    outcomes = measure(engine, options(tmp_path, seeds=[0]), PROBLEMS)
    found = report(outcomes, len(PROBLEMS), options(tmp_path))
    assert [row["agent"] for row in found["rows"]] == ["greedy", "maj@16", "SBS(1,3)", "maskable-ppo"]
    gained = difference(outcomes["SBS(1,3)"], outcomes["greedy"])
    assert found["minus_greedy"]["SBS(1,3)"] == gained.to_json() and gained.seeds == 1
    share = [sum(each.correct for each in outcomes[name]) / 6 for name in ("SBS(1,3)", "greedy")]
    assert gained.mean == pytest.approx(100 * (share[0] - share[1]))
    assert f"SBS(1,3) - greedy: {gained.mean:+.1f} [" in capsys.readouterr().out


def test_policies_that_differ_widen_the_interval(tmp_path: Path) -> None:
    engine = ScriptedEngine(solver_policy(PROBLEMS, right=0.3), solver_value(PROBLEMS))
    found = measure(engine, options(tmp_path, seeds=[0]), PROBLEMS)["greedy"]
    baseline, right, wrong = (
        [replace(each, correct=c, seed=s) for each in found] for c, s in ((False, 0), (True, 0), (False, 1))
    )
    gained = difference([*right, *wrong], baseline)
    assert gained.mean == 50.0 and gained.seeds == 2
    assert gained.high == pytest.approx(50 + 12.706 * 50)  # Student's t of two seeds: 0 and 100


def test_a_report_of_other_options_is_refused_and_more_seeds_are_not(tmp_path: Path) -> None:
    _settle(options(tmp_path))
    assert _settle(options(tmp_path, seeds=[0, 1, 2]))["seeds"] == [0, 1, 2]
    with pytest.raises(SystemExit, match="give another --out"):
        _settle(options(tmp_path, k=4))

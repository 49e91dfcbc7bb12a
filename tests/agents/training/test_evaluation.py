from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import torch

import agents
from agents.reporting.files import read_lines
from agents.training.evaluation import evaluate_agents, quality_of, read_paths, solve_tasks, value_quality
from agents.training.progress import stage
from agents.training.records import Record, records_of
from amz_env.problems.base import Problem
from tests.agents.training.toys import solved, tiny_model
from tests.fakes import ScriptedEngine, solver_policy, solver_value

PROBLEMS = [Problem(str(a), f"What is {a} plus {a}?", str(2 * a), "test") for a in range(6)]
SHOW = partial(stage, "evaluate")
MODEL = tiny_model()
torch.nn.init.normal_(MODEL.value_head.weight, generator=torch.Generator().manual_seed(0))


def records() -> list[Record]:
    found = []
    for a in range(3):
        trees = [
            solved(f"What is {a} plus 1?", [(f"print({a} + 1)", f"{a + 1}")], f"{a + 1}", 1.0, model=MODEL),
            solved(f"What is {a} plus 1?", [(f"print({a} - 1)", f"{a - 1}")], f"{a - 1}", -1.0, model=MODEL),
        ]
        found += records_of(str(a), trees, MODEL.pieces)
    return found


def test_values_are_what_the_search_would_read() -> None:
    """V at a label equals V of the state that ends there."""
    tree = solved("What is 1 plus 1?", [("print(1 + 1)", "2")], "2", 1.0, model=MODEL)
    [record] = records_of("p", [tree], MODEL.pieces)
    others = records()
    [found] = read_paths(MODEL, [*others[:1], record, *others[1:]])[0][1:2]
    for value, node in zip(found, tree.answers()[0].path()[1:], strict=True):
        ids = torch.tensor([MODEL.encode(node.state)])
        with torch.no_grad():
            _, values, _ = MODEL(
                ids,
                attention_mask=torch.ones_like(ids),
                position_ids=torch.arange(ids.shape[1])[None],
                logits_to_keep=1,
            )
        assert value == pytest.approx(float(values[0, -1]), abs=1e-5)


def test_likelihoods_are_those_of_the_sampled_tokens_alone() -> None:
    rows = records()
    rows[1] = replace(rows[1], token_ids=rows[1].token_ids[: rows[1].ends[0] + 1], sampled=rows[1].sampled[:1],
                      ends=rows[1].ends[:1], targets=rows[1].targets[-1:])  # fmt: skip
    for record, found in zip(rows, read_paths(MODEL, rows)[1], strict=True):
        ids = torch.tensor([record.token_ids])
        with torch.no_grad():
            logits, _, _ = MODEL(ids)
        logprobs = logits[0].log_softmax(-1)
        places = [place for start, end in record.sampled for place in range(start, end)]
        assert found == pytest.approx(sum(float(logprobs[at - 1, ids[0, at]]) for at in places), abs=1e-3)


def test_quality_equals_what_is_counted_by_hand() -> None:
    rows = records()
    values = [
        [0.5, 0.9],
        [0.5, 0.2],
        [0.1, 0.3],
        [0.2, 0.3],
        [0.0, -0.5],
        [0.0, 0.4],
    ]  # right, wrong, right, wrong, ...
    quality = quality_of(values, rows)
    assert quality["pairs"] == 3
    assert quality["pair_accuracy"] == pytest.approx((1 + 0.5 + 0) / 3)
    assert quality["pair_error"] == pytest.approx(0.5 / 3**0.5)  # of a mean of three
    # right 0.9, 0.3, -0.5 against wrong 0.2, 0.3, 0.4: 3 + 1.5 + 0 of 9
    assert quality["auc"] == pytest.approx(4.5 / 9)
    # right 0.5, 0.1, 0 against wrong 0.5, 0.2, 0: 2.5 + 1 + 0.5 of 9
    assert quality["auc_before_end"] == pytest.approx(4 / 9)
    errors = [
        (v - t) ** 2 for row, record in zip(values, rows, strict=True) for v, t in zip(row, record.targets, strict=True)
    ]
    assert quality["mse"] == pytest.approx(sum(errors) / 12)


def test_pairs_of_one_problem_are_not_independent() -> None:
    [right, wrong, *_], values = records(), [[0.0, 0.5], [0.0, 0.2]]
    other = replace(right, problem="other"), replace(wrong, problem="other")
    once = quality_of([*values, *values[::-1]], [right, wrong, *other])
    often = quality_of([*values * 9, *values[::-1] * 9], [right, wrong] * 9 + [*other] * 9)
    assert once["pair_accuracy"] == often["pair_accuracy"] == 0.5 and often["pairs"] == 162
    assert once["pair_error"] == often["pair_error"] == pytest.approx(0.5)
    assert quality_of(values, [right, wrong])["pair_error"] is None  # one problem tells nothing of others


def test_siblings_are_continuations_of_one_state_and_count_once() -> None:
    rows = records()  # of each of three problems a right and a wrong path, which part at the first step
    values = [[0.5, 0.9], [0.4, 0.95], [0.1, 0.3], [0.1, 0.3], [0.0, 0.9], [0.3, 0.4]]
    quality = quality_of([*values, values[0]], [*rows, rows[0]])
    assert quality["sibling_pairs"] == 3
    assert quality["sibling_accuracy"] == pytest.approx((1 + 0.5 + 0) / 3)


def test_without_a_pair_there_is_no_share() -> None:
    [right, *_] = records()
    quality = value_quality(MODEL, [right])
    assert quality["pairs"] == 0 and quality["pair_accuracy"] is None and quality["auc"] is None
    assert quality["likelihood_pair_accuracy"] is None and quality["mse"] is not None


def test_the_policy_ranks_the_same_pairs_by_its_likelihood() -> None:
    rows = records()
    right, wrong = read_paths(MODEL, rows)[1][::2], read_paths(MODEL, rows)[1][1::2]
    won = sum(one > other for one, other in zip(right, wrong, strict=True))
    assert value_quality(MODEL, rows)["likelihood_pair_accuracy"] == pytest.approx(won / 3)


def test_pairs_are_told_by_set_where_there_are_several() -> None:
    rows = records()
    whole = value_quality(MODEL, rows, ["one"] * 6)
    assert not [name for name in whole if "/" in name] and whole["pairs"] == 3
    apart = value_quality(MODEL, rows, ["one"] * 2 + ["two"] * 4)
    assert {name: apart[name] for name in whole} == whole
    for name, part in (("one", rows[:2]), ("two", rows[2:])):
        alone = value_quality(MODEL, part)
        for figure in ("pair_accuracy", "pairs", "likelihood_pair_accuracy"):
            assert apart[f"{figure}/{name}"] == pytest.approx(alone[figure])


def evaluate(everyone: Any, problems: Any, path: Path, show: Any = SHOW) -> dict[str, Any]:
    """Let agents solve problems in this process, two at a time."""
    solve = partial(solve_tasks, everyone, 0, 2)
    return evaluate_agents([agent.name for agent in everyone], problems, path, solve=solve, show=show)


def test_agents_are_graded_and_nothing_is_solved_twice(tmp_path: Path) -> None:
    engine = ScriptedEngine(solver_policy(PROBLEMS, right=0.9), solver_value(PROBLEMS))
    everyone = [agents.make(name, model=engine) for name in ("greedy", "majority")]
    advanced: list[int] = []
    begun: list[tuple[int, int]] = []

    @contextmanager
    def show(total: int, done: int) -> Iterator[Callable[[int], None]]:
        begun.append((total, done))
        yield advanced.append

    rows = evaluate(everyone, PROBLEMS, tmp_path / "outcomes.jsonl", show)
    assert rows["greedy"]["accuracy"]["solved"] == 6  # type: ignore[index]
    assert sum(advanced) == 12 and begun == [(12, 0)]
    calls = len(engine.calls)
    path = tmp_path / "outcomes.jsonl"
    path.write_bytes(path.read_bytes()[:-5])  # the last line is torn
    again = evaluate(everyone, PROBLEMS, path, show)
    assert len(path.read_text().splitlines()) == 12
    assert sum(advanced) == 12 + 1 and begun[1:] == [(12, 11)]
    assert 0 < len(engine.calls) - calls <= 8 + 1
    assert all(line["grading_seconds"] > 0 for line in read_lines(path))
    turns = [line["agent"] for line in read_lines(path)]
    assert len(set(turns[:6])) == len(set(turns[6:])) == 2  # neither agent comes first
    assert [row["accuracy"] for row in again.values()] == [row["accuracy"] for row in rows.values()]


def test_the_file_holds_every_outcome_that_counts_where_a_kill_took_a_line_end(tmp_path: Path) -> None:
    engine = ScriptedEngine(solver_policy(PROBLEMS, right=0.9))
    greedy, path = agents.make("greedy", model=engine), tmp_path / "o.jsonl"
    for _ in range(2):
        evaluate([greedy], PROBLEMS, path)
        assert {line["place"] for line in read_lines(path)} == set(range(6))
        path.write_bytes(path.read_bytes().removesuffix(b"\n"))


def test_outcomes_of_other_problems_are_refused(tmp_path: Path) -> None:
    greedy = agents.make("greedy", model=ScriptedEngine(solver_policy(PROBLEMS, right=0.9)))
    path = tmp_path / "o.jsonl"
    evaluate([greedy], PROBLEMS[:4], path)
    assert evaluate([greedy], PROBLEMS, path)["greedy"]["accuracy"]["total"] == 6  # more of them at the end are welcome
    for others in (PROBLEMS[:4], [PROBLEMS[5], *PROBLEMS[:5]]):
        with pytest.raises(ValueError, match="holds outcomes of other problems"):
            evaluate([greedy], others, path)


def test_a_wrong_key_is_a_wrong_answer(tmp_path: Path) -> None:
    engine = ScriptedEngine(solver_policy(PROBLEMS, right=0.9))
    keys = [replace(problem, answer="17") for problem in PROBLEMS]
    greedy = agents.make("greedy", model=engine)
    rows = evaluate([greedy], keys, tmp_path / "o.jsonl")
    assert rows["greedy"]["accuracy"]["solved"] == 0

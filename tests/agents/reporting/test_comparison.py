import json
import math

import pytest

from agents.reporting.comparison import accuracy_of, effective_size, row_of, wilson
from agents.reporting.outcome import Outcome, broken_outcome
from amz_env.problems.base import Problem


def outcome(correct=True, *, id="p", seed=0, level=1, source="s", status=None, **numbers):
    status = status or ("correct" if correct else "wrong")
    return Outcome("a", seed, id, source, "", level, "q?", "1", "1", status, correct, **numbers)


@pytest.mark.parametrize(
    ("solved", "total", "low", "high"),
    # Newcombe 1998, table I: the score method without continuity correction.
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)],
)
def test_wilson_agrees_with_published_intervals(solved, total, low, high):
    assert wilson(solved / total, total) == pytest.approx((low, high), abs=6e-5)


def test_wilson_at_the_ends_stays_inside_and_is_not_empty():
    assert wilson(0.0, 10)[0] == 0.0 < wilson(0.0, 10)[1] < 0.4
    assert wilson(1.0, 10)[1] == 1.0 > wilson(1.0, 10)[0] > 0.6
    assert wilson(0.0, 0) == (0.0, 1.0)


def test_seeds_that_always_agree_count_as_one():
    clusters = [[True] * 3, [True] * 3, [False] * 3, [False] * 3]
    assert effective_size(clusters) == pytest.approx(4)


def test_seeds_that_vary_as_much_as_problems_count_in_full():
    # Every problem is solved by one of two seeds: knowing the problem tells nothing, so n_eff is capped at the total.
    assert effective_size([[True, False]] * 6) == 12


def test_effective_size_between_the_two_ends():
    # m = 1/2; deviations of the four problems: 1, -1, 0, 0; var = 2 / 64; n_eff = (1/4) / (1/32) = 8 of 8.
    assert effective_size([[True, True], [False, False], [True, False], [False, True]]) == pytest.approx(8)
    # m = 1/2; four of six are all or nothing: var = (1 + 1 + 1 + 1) / 144; n_eff = (1/4) / (1/36) = 9 of 12.
    clusters = [[True, True], [False, False], [True, True], [False, False], [True, False], [True, False]]
    assert effective_size(clusters) == pytest.approx(9)


def test_more_seeds_narrow_the_interval_only_as_far_as_they_differ():
    one = accuracy_of([outcome(i % 2 == 0, id=str(i)) for i in range(20)])
    same = accuracy_of([outcome(i % 2 == 0, id=str(i), seed=seed) for i in range(20) for seed in range(3)])
    mixed = accuracy_of([outcome((i + seed) % 2 == 0, id=str(i), seed=seed) for i in range(20) for seed in range(2)])
    assert (same.low, same.high) == pytest.approx((one.low, one.high))
    assert mixed.high - mixed.low < one.high - one.low
    assert (same.solved, same.total) == (30, 60)


def test_problems_of_the_same_id_in_two_sources_are_two():
    assert effective_size([[True], [True]]) == 2
    both = accuracy_of([outcome(id="0", source="x"), outcome(False, id="0", source="y")])
    assert (both.low, both.high) == pytest.approx(wilson(0.5, 2))


def test_row_means_counts_and_groups():
    outcomes = [
        outcome(True, id="1", level=1, generated_tokens=10, prefilled_tokens=4, model_calls=2),
        outcome(False, id="2", level=2, generated_tokens=30, prefilled_tokens=6, model_calls=4),
        outcome(False, id="3", level=0, status="unknown"),
        outcome(False, id="4", level=2, source="t", status="no answer"),
    ]
    row = row_of("a", outcomes, wall_seconds=8.0, expected=5)
    assert (row.accuracy.solved, row.accuracy.total, row.accuracy.mean) == (1, 4, 0.25)
    names = ("generated_tokens", "prefilled_tokens", "model_calls", "seconds")
    assert [row.per_problem[name] for name in names] == [10, 2.5, 1.5, 2.0]
    assert {level: (each.solved, each.total) for level, each in row.by_level.items()} == {1: (1, 1), 2: (0, 2)}
    assert {source: each.total for source, each in row.by_source.items()} == {"s": 3, "t": 1}
    assert (row.unknown, row.unanswered, row.errors, row.partial) == (1, 1, 0, True)


def test_any_of_n_counts_problems_with_a_right_answer_among_all():
    outcomes = [
        outcome(True, id="1", answers=4, right_answers=1),
        outcome(False, id="2", source="t", answers=2, right_answers=1),
        outcome(False, id="3", source="t", answers=3, right_answers=0, level=2),
        outcome(False, id="4", status="error"),
    ]
    row = row_of("a", outcomes, wall_seconds=1.0, expected=4)
    assert (row.accuracy.solved, row.any_of.solved, row.any_of.total, row.answers) == (1, 2, 4, 9 / 4)
    assert {source: each.solved for source, each in row.any_by_source.items()} == {"s": 1, "t": 1}
    assert {level: each.solved for level, each in row.any_by_level.items()} == {1: 2, 2: 0}
    saved = json.loads(json.dumps(row.to_json()))
    assert saved["any_of"]["solved"] == 2 and saved["any_by_source"]["t"]["total"] == 2 and saved["answers"] == 9 / 4


def test_any_of_n_is_unknown_where_only_the_chosen_answers_were_graded():
    row = row_of("a", [outcome(True, answers=5)], wall_seconds=1.0, expected=1)
    assert row.any_of is None and row.any_by_source == {} and row.to_json()["any_of"] is None


def test_row_of_nothing_is_finite():
    row = row_of("a", [], wall_seconds=0.0, expected=3)
    assert row.accuracy.total == 0 and row.partial
    assert all(math.isfinite(value) for value in (row.accuracy.mean, *row.per_problem.values()))


def test_outcome_round_trips_and_a_broken_search_is_not_solved():
    problem = Problem("7", "How many?", ("1", "one"), "file", "algebra", 3)
    broken = broken_outcome("a", 2, problem, RuntimeError("out of\nmemory"))
    assert (broken.status, broken.correct, broken.note) == ("error", False, "RuntimeError: out of memory")
    assert Outcome.from_json(json.loads(json.dumps(broken.to_json()))) == broken

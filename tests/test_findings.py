"""The report on the findings, from files made by hand: figures as counted, verdicts, signs of failure."""

import json
import shutil
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from agents.model import resolve_model
from agents.reporting.comparison import wilson
from agents.reporting.files import write_json
from agents.reporting.outcome import Outcome
from agents.training.records import Record, write_records
from amz_env.problems import load_problems
from benchmarks._findings_kept import keep_seed
from benchmarks._findings_report import Finding, report_of
from benchmarks._findings_text import text_of, write_report
from benchmarks._findings_value import measure_value
from benchmarks._runs import DONE, TEST, TRANSFER, outcomes_path, read_seed
from benchmarks._seeds import Estimate, Measured, accuracy, estimate, gain
from benchmarks.findings import FindingsConfig, keep_seeds, small_run, unseen_sets

PROBLEMS = 20
SOLVED = {
    (TEST, 0): {"greedy": 6},
    (TEST, 1): {"greedy": 12},
    (TEST, 2): {"greedy": 13, "SBS(1,5)": 15, "SBS(3,5)": 16, "MCTS(40)": 14, "maj@5": 14, "best-of-5": 14},
    (TRANSFER, 0): {"greedy": 2},
    (TRANSFER, 1): {"greedy": 4},
    (TRANSFER, 2): {"greedy": 4, "SBS(1,5)": 3, "SBS(3,5)": 6, "MCTS(40)": 5, "maj@5": 4, "best-of-5": 4},
}
"""(set, round) -> agent -> problems solved, the first ones"""


def outcome(agent: str, place: int, correct: bool) -> Outcome:
    return Outcome(
        agent=agent,
        seed=0,
        id=str(place),
        source="early" if place < PROBLEMS // 2 else "late",
        subject="",
        level=place % 5 + 1,
        question="?",
        answer="1",
        reference="1",
        status="correct" if correct else "wrong",
        correct=correct,
        generated_tokens=100,
    )


def write_seed(folder: Path, solved: Mapping[tuple[str, int], Mapping[str, int]], more: int = 0) -> None:
    """Write what a run leaves; in round 2 the greedy agent solves `more` test problems in addition."""
    for (problems, number), agents in solved.items():
        path = outcomes_path(folder, problems, number)
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("w") as file:
            for agent, count in agents.items():
                extra = more if (problems, number, agent) == (TEST, 2, "greedy") else 0
                for place in range(PROBLEMS):
                    line = outcome(agent, place, place < count + extra).to_json() | {"place": place}
                    file.write(json.dumps(line) + "\n")
    for number in (1, 2):
        metrics = {
            "data": {"solved_share": 0.5 + 0.1 * number, "problems": 100},
            "value": {"pair_accuracy": 0.6 + 0.1 * number, "pairs": 100, "pair_error": 0.02},
        }
        write_json(folder / f"round-{number}" / "metrics.json", metrics)
        record = Record("p", True, "1", 1, (1, 2, 3, 4), ((1, 2), (3, 4)), (2, 3), (0.5, 1.0))
        write_records(folder / f"round-{number}" / "records.jsonl", [record])
    write_json(folder / DONE, {"rounds": 2, "value": {"pair_accuracy": 0.9, "pairs": 100, "pair_error": 0.04}})


def by_name(run_dir: Path) -> dict[str, dict[str, Any]]:
    report = json.loads((run_dir / "report.json").read_text())
    return {f"{each['finding']} {each['what']}": each for each in report["findings"]}


def test_findings_are_what_is_counted_by_hand(tmp_path: Path) -> None:
    write_seed(tmp_path / "seed-0", SOLVED)
    write_seed(tmp_path / "seed-1", SOLVED, more=1)
    (tmp_path / "seed-2").mkdir()  # not done: it does not count
    text = write_report(tmp_path)
    found = by_name(tmp_path)

    greedy = found["1 greedy, round 2 over round 0"]
    assert greedy["mean"] == pytest.approx((35 + 40) / 2) and greedy["seeds"] == 2
    assert greedy["high"] - greedy["mean"] == pytest.approx(12.706 * 2.5)  # t * sd / sqrt 2
    assert greedy["verdict"] == "met in the mean, not beyond doubt"
    first = found["1 gain of round 1 over the largest later one"]
    assert first["mean"] == pytest.approx((25 + 20) / 2) and first["verdict"].startswith("met")
    assert found["2 SBS(1,5) over greedy"]["mean"] == pytest.approx((10 + 5) / 2)
    assert found["2 SBS(1,5) over greedy"]["verdict"] == "not met"
    assert found["2 maj@5 over greedy"]["verdict"] == "reported"
    assert found["3 mini-gaokao: SBS(1,5) over greedy"]["verdict"] == "not met"
    assert found["3 mini-gaokao: SBS(3,5) over SBS(1,5)"]["verdict"] == "met"
    solved = found["4 training problems solved in any tree, round 2 over round 1, %"]
    assert solved["mean"] == pytest.approx(10.0) and solved["verdict"] == "met"
    assert found["5 V ranks right over wrong final steps of the same test problem, share"]["mean"] == pytest.approx(0.9)
    assert "SBS(1,5) falls below greedy on mini-gaokao: -5.0" in text and "the value model" in text
    assert "harder levels" not in text
    assert greedy["values"] == pytest.approx([35, 40])
    assert "| 1 | greedy, round 2 over round 0 | 37.5 [5.7, 69.3] | 35.0, 40.0 | 20 | met in the mean" in text
    assert "seed-0, seed-1." in text and "seed-2" not in text
    assert all((tmp_path / name).stat().st_size > 10_000 for name in ("findings.png", "q.png"))


def test_one_seed_alone_has_the_interval_of_its_problems(tmp_path: Path) -> None:
    write_seed(tmp_path / "seed-0", {**SOLVED, (TEST, 2): {"greedy": 9}})
    text = write_report(tmp_path)
    found = by_name(tmp_path)
    greedy = found["1 greedy, round 2 over round 0"]
    assert greedy["mean"] == pytest.approx(15.0) and greedy["verdict"] == "not met"
    error = 100 * (0.15 * 0.85 / 19) ** 0.5  # of 20 paired differences, 3 of them 1
    assert greedy["high"] - greedy["mean"] == pytest.approx(1.959964 * error)
    assert found["2 MCTS(40) over greedy"]["verdict"] == "not measured"
    assert "by seed" not in text
    pairs = found["5 V ranks right over wrong final steps of the same test problem, share"]
    assert (pairs["low"], pairs["high"]) == pytest.approx((0.9 - 1.959964 * 0.04, 0.9 + 1.959964 * 0.04))
    assert "| value/pair_accuracy | 0.700 [0.661, 0.739] | 0.800 [0.761, 0.839] |" in text
    assert "| pair_accuracy | 0.900 [0.822, 0.978] |" in text
    assert "harder levels (4, 5) fall in round 2" in text and "too little exploration" in text


def test_accuracy_is_told_by_set_as_well(tmp_path: Path) -> None:
    write_seed(tmp_path / "seed-0", SOLVED)
    text = write_report(tmp_path)
    report = json.loads((tmp_path / "report.json").read_text())
    late = [each["mean"] for each in report["greedy_by_round"]["test, late"]]
    assert late == [0.0, 20.0, 30.0]  # of the ten last problems, 6, 12 and 13 of all being solved, the first ones
    assert report["agents"]["SBS(3,5)"]["early"]["mean"] == 100.0
    assert report["agents"]["SBS(3,5)"]["late"]["mean"] == 60.0
    head = (
        "| agent | test % | mini-gaokao % | early % | late % | any of its answers % | generated tokens a problem "
        "| model seconds a problem |"
    )
    assert head in text.splitlines()


def test_gains_over_greedy_and_what_was_found_are_told(tmp_path: Path) -> None:
    write_seed(tmp_path / "seed-0", SOLVED)
    path = outcomes_path(tmp_path / "seed-0", TEST, 2)
    lines = [json.loads(line) for line in path.read_text().splitlines()]
    found = [line | {"right_answers": int(line["place"] < 18)} for line in lines]  # maj@5 solved the first 14
    path.write_text("".join(json.dumps(line) + "\n" for line in found))
    text = write_report(tmp_path)
    report = json.loads((tmp_path / "report.json").read_text())
    assert report["agents"]["maj@5"]["test"]["mean"] == pytest.approx(70.0)
    assert report["agents"]["maj@5"]["any of its answers"]["mean"] == pytest.approx(90.0)
    gains = {name: each["mean"] for name, each in report["gains_over_greedy"]["SBS(3,5)"].items()}
    assert gains == pytest.approx({"test": 15.0, "mini-gaokao": 10.0, "early": 0.0, "late": 30.0})
    assert "greedy" not in report["gains_over_greedy"]
    assert "| agent | test | mini-gaokao | early | late |" in text


def test_the_report_on_what_is_kept_is_that_on_the_runs(tmp_path: Path) -> None:
    for number in (0, 1):
        write_seed(tmp_path / "runs" / f"seed-{number}", SOLVED, more=number)
        keep_seed(tmp_path / "runs" / f"seed-{number}", tmp_path / "kept" / f"seed-{number}")
    assert write_report(tmp_path / "kept") == write_report(tmp_path / "runs")
    bytes_of = [sum(each.stat().st_size for each in (tmp_path / name).rglob("*.jsonl")) for name in ("kept", "runs")]
    assert bytes_of[0] < bytes_of[1]


def test_the_report_in_the_documents_is_that_on_what_is_kept_there() -> None:
    kept = Path(__file__).parent.parent / "docs" / "findings"
    seeds = [read_seed(done.parent) for done in sorted(kept.glob(f"seed-*/{DONE}"))]
    assert (kept / "report.md").read_text() == text_of(report_of(seeds))


def test_no_interval_is_narrower_than_that_of_the_problems_nor_reaches_beyond_what_can_be(tmp_path: Path) -> None:
    for seed in ("seed-0", "seed-1"):
        write_seed(tmp_path / seed, {**SOLVED, (TEST, 1): {"greedy": 20 * (seed == "seed-1")}})
    write_report(tmp_path)
    report = json.loads((tmp_path / "report.json").read_text())
    low, high = wilson(0.6, 100)
    for name, width in (("data/solved_share", high - low), ("value/pair_accuracy", 2 * 1.959964 * 0.02)):
        shown = report["loop_by_round"][name][0]  # each of two seeds that agree is so wide
        assert shown["high"] - shown["low"] == pytest.approx(width / 2**0.5)
    first = report["greedy_by_round"][TEST][1]
    assert (first["low"], first["mean"], first["high"]) == (0.0, 50.0, 100.0)
    tokens = report["agents"]["greedy"]["generated_tokens"]
    assert tokens["low"] == tokens["high"] == 100.0  # every problem took as many


@pytest.mark.parametrize(
    ("low", "target", "verdict"),
    [(0.0, 0.0, "met in the mean, not beyond doubt"), (0.1, 0.0, "met"), (9.0, 9.0, "met")],
)
def test_above_0_is_more_than_0(low: float, target: float, verdict: str) -> None:
    assert Finding(3, "a gain", Estimate(10.0, low, 20.0, (10.0,)), target).verdict == verdict


def test_what_cannot_be_evaluated_is_said_before_the_rounds() -> None:
    run = replace(small_run(), size=1)
    sets = unseen_sets(run, 2, 3)
    assert [each.source for each in sets[TEST]] == [name for name in run.problems for _ in range(2)]
    assert {each.source for each in sets[TRANSFER]} == {"mini-gaokao"} and len(sets[TRANSFER]) == 3
    with pytest.raises(ValueError, match="at least 1"):
        unseen_sets(run, 0, 3)
    whole = replace(run, problems=("mine.jsonl",), eval_problems=("mini-gsm",))
    with pytest.raises(ValueError, match=r"mine\.jsonl: with --train\.eval-problems a run trains on the whole file"):
        unseen_sets(whole, 2, 3)


def test_all_seeds_that_are_done_are_kept(tmp_path: Path) -> None:
    for seed in ("seed-0", "seed-3"):
        write_seed(tmp_path / "runs" / seed, SOLVED)
    (tmp_path / "runs" / "seed-4").mkdir()
    keep_seeds(FindingsConfig(run_dir=tmp_path / "runs", keep=tmp_path / "kept"))
    assert sorted(path.name for path in (tmp_path / "kept").iterdir()) == ["seed-0", "seed-3"]
    keep_seeds(FindingsConfig(run_dir=tmp_path / "runs"))


def test_nothing_done_is_said_so(tmp_path: Path) -> None:
    (tmp_path / "seed-0-old").mkdir()  # of no number: not one of the seeds
    with pytest.raises(ValueError, match="no seed is done"):
        write_report(tmp_path)


def test_runs_of_different_lengths_make_no_report(tmp_path: Path) -> None:
    for seed in ("seed-0", "seed-1"):
        write_seed(tmp_path / seed, SOLVED)
    write_json(tmp_path / "seed-1" / DONE, {"rounds": 1})
    with pytest.raises(ValueError, match="seed-0: 2, seed-1: 1"):
        write_report(tmp_path)


def test_a_figure_that_not_all_seeds_have_says_so(tmp_path: Path) -> None:
    write_seed(tmp_path / "seed-0", SOLVED)
    write_seed(tmp_path / "seed-1", {**SOLVED, (TEST, 2): {"greedy": 9}})  # no searches
    text = write_report(tmp_path)
    row = next(line for line in text.splitlines() if line.startswith("| 2 | SBS(1,5) over greedy"))
    assert "(1 of 2 seeds)" in row


def test_estimates_and_paired_gains() -> None:
    one = estimate([Measured(0.5)])
    assert one is not None and one.low is None and one.text(2) == "0.50"
    assert estimate([None, None]) is None
    three = estimate([Measured(1.0), None, Measured(2.0), Measured(3.0)])
    assert three is not None and three.seeds == 3 and three.high == pytest.approx(2.0 + 4.303 / 3**0.5)
    before = {place: outcome("a", place, place < 2) for place in range(10)}
    after = {place: outcome("a", place, place < 7) for place in range(5)}
    shared = gain(after, before)  # on the five problems that both have
    assert shared is not None and shared.value == 60.0
    assert shared.high == pytest.approx(60 + 1.959964 * 100 * (0.24 / 4) ** 0.5)
    agreeing = estimate([Measured(0.5, 0.3, 0.7), Measured(0.5, 0.4, 0.6)])  # by chance: their problems still vary
    assert agreeing is not None and agreeing.high == pytest.approx(0.5 + (0.2**2 + 0.1**2) ** 0.5 / 2)
    only = accuracy(before, (1,))  # places 0 and 5
    assert only is not None and only.value == 50.0 and only.low == pytest.approx(100 * wilson(0.5, 2)[0])
    assert gain({}, before) is None


def test_v_ranks_paths_of_the_test_problems_and_goes_on(tmp_path: Path) -> None:
    run = replace(small_run(), run_dir=tmp_path, rounds=1, simulations=6, workers=1, seed=5)
    shutil.copytree(resolve_model("builtin"), tmp_path / "round-1" / "checkpoint")
    problems = load_problems("mini-guess", split="test", size=6, seed=5)[:]
    found = measure_value(run, problems)
    assert found["pairs"] and 0 < (found["pair_accuracy"] or 0) <= 1 and found["likelihood_pair_accuracy"] is not None
    grown = tmp_path / "value" / "test-round-1.jsonl"
    trees = grown.read_text().splitlines(keepends=True)
    assert len(trees) == len(problems)
    grown.write_text("".join(trees[:4]) + trees[4][:50])  # killed while it wrote
    assert measure_value(run, problems) == found
    assert grown.read_text().startswith("".join(trees[:4]))
    for others in (problems[:4], [problems[5], *problems[:5]]):
        with pytest.raises(ValueError, match="holds trees of other problems"):
            measure_value(run, others)

    shutil.copytree(tmp_path / "round-1", tmp_path / "round-2")
    measure_value(replace(run, rounds=2), problems)  # a round more: with trees of its own
    later = grown.with_name("test-round-2.jsonl").read_text().splitlines()
    assert len(later) == len(problems) and {*later}.isdisjoint(grown.read_text().splitlines())

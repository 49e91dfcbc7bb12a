"""Accuracy and speed of the grader on labelled pairs, beside plain math-verify, and its safety on hostile strings.

    python -m benchmarks.grading PAIRS.jsonl [--hostile HOSTILE.jsonl] [--data DIRECTORY]

A pair is ``{"gold", "pred", "equal", "kind"}``; entries with ``"disputed": true`` are timed but not counted. A hostile
entry is ``{"gold", "pred", "expect", "why"}`` with ``expect`` one of ``not_equal`` and ``any``. ``--data`` grades every
recorded answer of the data sets in a directory against itself and against another one.
"""

import argparse
import json
import time
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from amz_env.grading import Grade, grade, warm_up
from benchmarks._stopping import stoppable

CAP_SECONDS = 10  # for one pair of plain math-verify
Row = dict[str, Any]
Judge = Callable[[str, str], bool]


@dataclass
class Score:
    """Counts of one grader on one kind of pairs; times in seconds."""

    counted: int = 0
    right: int = 0
    false_positives: int = 0
    times: list[float] = field(default_factory=list)

    def add(self, equal: bool, accepted: bool) -> None:
        """Count one verdict."""
        self.counted += 1
        self.right += accepted == equal
        self.false_positives += accepted and not equal

    def __str__(self) -> str:
        share = 100 * self.right / self.counted if self.counted else 0.0
        return f"{share:6.1f} {self.false_positives:4d}"


def read_lines(path: Path) -> list[Row]:
    """Read a JSONL file."""
    return [json.loads(line) for line in path.read_text("utf-8-sig").split("\n") if line.strip()]


def plain_math_verify() -> Judge:
    """Return math-verify as it is meant to be used: answers in ``$``, its defaults, the reference first."""
    import logging

    from math_verify import parse, verify

    logging.disable(logging.ERROR)

    def judge(prediction: str, reference: str) -> bool:
        gold, pred = (
            parse(f"${text.strip().strip('$')}$", parsing_timeout=CAP_SECONDS) for text in (reference, prediction)
        )
        return bool(verify(gold, pred, timeout_seconds=CAP_SECONDS))

    return judge


def score(rows: list[Row], judge: Judge) -> dict[str, Score]:
    """Return the scores of a grader by kind, with the total under ``all``."""
    scores: dict[str, Score] = defaultdict(Score)
    for row in rows:
        start = time.perf_counter()
        try:
            accepted = judge(row["pred"], row["gold"])
        except Exception:  # an exception is a verdict too: the answer was not accepted
            accepted = False
        scores["all"].times.append(time.perf_counter() - start)
        if not row.get("disputed"):
            for kind in (row.get("kind", "-"), "all"):
                scores[kind].add(bool(row["equal"]), accepted)
    return scores


def percentile(times: list[float], share: float) -> float:
    """Return a percentile of times, in milliseconds."""
    return 1000 * sorted(times)[min(len(times) - 1, int(share * len(times)))]


def report_pairs(rows: list[Row]) -> None:
    """Print the table by kind, and what was graded unlike its label."""
    warm_up(60)
    grades: list[Grade] = []

    def ours(prediction: str, reference: str) -> bool:
        grades.append(grade(prediction, reference))
        return grades[-1].correct

    results = {"this grader": score(rows, ours), "math-verify": score(rows, plain_math_verify())}
    mine = results["this grader"]
    print(f"{'kind':14s} {'n':>5s}" + "".join(f"   {name:>12s} FP" for name in results))
    for kind in sorted(mine, key=lambda kind: (kind == "all", -mine[kind].counted, kind)):
        columns = "".join(f"   {scores[kind]!s:>15s}" for scores in results.values())
        print(f"{kind:14s} {mine[kind].counted:5d}{columns}")
    for name, scores in results.items():
        times = scores["all"].times
        middle, high = percentile(times, 0.5), percentile(times, 0.99)
        print(f"{name}: median {middle:.2f} ms, p99 {high:.1f} ms, longest {max(times):.2f} s")
    print(f"unknown: {sum(one.status == 'unknown' for one in grades)}")
    for row, one in zip(rows, grades, strict=True):
        if not row.get("disputed") and one.correct != row["equal"]:
            print(f"  {one.status} ({one.reason}), kind {row.get('kind')}: {row['gold']!r}, predicted {row['pred']!r}")


def report_hostile(rows: list[Row], deadline: float) -> None:
    """Print what was accepted and how long the calls took."""
    warm_up(60)
    times, accepted, late = [], [], 0
    for row in rows:
        start = time.perf_counter()
        result = grade(row["pred"], row["gold"], deadline=deadline)
        times.append(time.perf_counter() - start)
        late += times[-1] > deadline + 0.5
        if result.correct and row["expect"] == "not_equal":
            accepted.append(row["why"])
    print(f"hostile: {len(rows)} strings, {len(accepted)} wrongly accepted {accepted or ''}")
    print(f"  {late} over the deadline + 0.5 s, median {percentile(times, 0.5):.2f} ms, longest {max(times):.2f} s")


def report_speed(seconds: float = 1.0) -> None:
    """Print how many plain numbers are graded in a second, repeated and fresh."""
    count, end = 0, time.perf_counter() + seconds
    while time.perf_counter() < end:
        for number in range(100):
            grade(str(number), "42")
        count += 100
    print(f"plain numbers: {count / seconds:,.0f} repeated a second", end=", ")
    count, end = 0, time.perf_counter() + seconds
    while time.perf_counter() < end:
        grade(str(count), str(count + 1))
        count += 1
    print(f"{count / seconds:,.0f} fresh a second")


def report_data(directory: Path, step: int = 7) -> None:
    """Print, for every data set, the answers that are not graded as equal to themselves, and pairs of two that are."""
    for path in sorted(directory.glob("*.jsonl")):
        answers = [str(row["answer"]) for row in read_lines(path)]
        missed = [one for one in answers if not (grade(one, one).correct and grade(f" ${one}$.", one).correct)]
        others = [
            pair for pair in zip(answers, answers[step:], strict=False) if pair[0] != pair[1] and grade(*pair).correct
        ]
        print(f"{path.name:24s} {len(answers):6d} answers, {len(missed)} not equal to themselves {missed[:5] or ''}, "
              f"{len(others)} equal to another {others[:5] or ''}")  # fmt: skip


@stoppable("what is printed above holds")
def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("pairs", type=Path, help="labelled pairs, JSONL")
    parser.add_argument("--hostile", type=Path, help="hostile strings, JSONL")
    parser.add_argument("--data", type=Path, help="a directory of data sets with an answer in every line, JSONL")
    parser.add_argument("--deadline", type=float, default=2.0, help="seconds for one hostile string")
    options = parser.parse_args()
    report_pairs(read_lines(options.pairs))
    report_speed()
    if options.hostile:
        report_hostile(read_lines(options.hostile), options.deadline)
    if options.data:
        report_data(options.data)


if __name__ == "__main__":
    main()

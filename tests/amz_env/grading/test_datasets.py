"""The recorded answers of the shared data sets, and the shared labelled pairs, where they lie beside the repository."""

import json
import re
from pathlib import Path

import pytest

from amz_env.grading import grade

SHARED = Path(__file__).resolve().parents[3].parent / "shared"
FILES = [
    "gsm8k_test",
    "math_test",
    "math_train",
    "math500",
    "svamp",
    "asdiv",
    "aqua_test",
    "gaokao2023en",
    "ocwcourses",
]
SAMPLE = 800  # answers of each file; `python -m benchmarks.grading --data DIR` takes all of them
STEP = 7  # another answer of the same file, to be told apart


def _lines(path: Path) -> list[dict[str, str]]:
    if not path.exists():
        pytest.skip(f"{path.parent.name}/{path.name} is not beside the repository")
    return [json.loads(line) for line in path.read_text("utf-8").strip().split("\n")]


@pytest.mark.parametrize("name", FILES)
def test_recorded_answers_grade_correct_against_themselves(name: str) -> None:
    answers = [str(row["answer"]) for row in _lines(SHARED / "data" / f"{name}.jsonl")][:SAMPLE]
    assert not [answer for answer in answers if not grade(answer, answer).correct]
    assert not [answer for answer in answers if not grade(f" ${answer}$. ", answer, deadline=20).correct]


@pytest.mark.parametrize("name", FILES)
def test_recorded_answers_grade_wrong_against_others(name: str) -> None:
    answers = [str(row["answer"]) for row in _lines(SHARED / "data" / f"{name}.jsonl")][:SAMPLE]
    pairs = [(one, other) for one, other in zip(answers, answers[STEP:], strict=False) if _plain(one) != _plain(other)]
    assert not [pair for pair in pairs if grade(*pair, deadline=20).correct]


def _plain(answer: str) -> str:
    """Return an answer without what the conventions ignore; a percentage also equals its hundredth."""
    answer = re.sub(r"\\text\{[^{}]*\}", "", answer).replace("dfrac", "frac").replace("tfrac", "frac")
    return re.sub(r"^100\\%$", "1", answer.replace(" ", "").casefold())


def test_shared_pairs_are_graded_as_labelled() -> None:
    pairs = [pair for pair in _lines(SHARED / "cases" / "pairs_dev.jsonl") if not pair.get("disputed")]
    wrong = [pair for pair in pairs if grade(pair["pred"], pair["gold"], deadline=20).correct != pair["equal"]]
    assert len(wrong) <= len(pairs) * 0.02, wrong
    assert sum(not pair["equal"] for pair in wrong) <= 1, wrong

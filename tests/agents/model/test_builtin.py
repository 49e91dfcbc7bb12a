"""The small model that ships."""

import json
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

import agents
from agents.model import load_model, resolve_model
from agents.model.checkpoint import BUILTIN
from amz_env import load_problems
from amz_env.grading import grade_many

ROOT = Path(__file__).parents[3]
STAGES = sorted(path.parent.name for path in BUILTIN.glob("*/config.json"))


def test_the_base_model_ships() -> None:
    assert "base" in STAGES
    assert resolve_model("builtin-base") == BUILTIN / "base"
    assert resolve_model("builtin").parent == BUILTIN


@pytest.mark.parametrize("stage", STAGES)
def test_it_is_small_and_says_how_it_was_made(stage: str) -> None:
    model = load_model(f"builtin-{stage}")
    assert sum(weight.numel() for weight in model.parameters()) <= 5_000_000
    assert sum(file.stat().st_size for file in (BUILTIN / stage).iterdir()) <= 10 * 2**20
    facts = json.loads((BUILTIN / stage / "training.json").read_text())
    assert facts["made_by"].startswith("amz ")


def test_tags_and_line_ends_are_single_tokens() -> None:
    encoder = load_model("builtin").encoder
    for text in ("<step>", "</step>", "<p>", "</p>", "<code>", "</code>", "<output>", "</output>", "\n", "```python"):
        assert len(encoder.text(text, trusted=True)) == 1, text


def test_it_solves_problems_it_has_never_seen() -> None:
    sets = (load_problems(name, split="test", size=12, level=1) for name in ("mini-gsm", "mini-math"))
    problems = [problem for problems in sets for problem in problems[:12]]
    solutions = agents.make("majority", n=8, temperature=1.0).solve(problems)
    solved = 0
    for problem, solution in zip(problems, solutions, strict=True):
        answers = [leaf.state.answer or "" for leaf in solution.tree.answers()] if solution.tree else []
        solved += any(grade.correct for grade in grade_many([(answer, problem.answer) for answer in answers]))
    assert solved >= len(problems) / 3


def test_a_wheel_contains_it(tmp_path: Path) -> None:
    options = ["--quiet", "--no-deps", "--no-build-isolation", "--wheel-dir", str(tmp_path)]
    command = [sys.executable, "-m", "pip", "wheel", *options, "."]
    built = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=300)
    if "setuptools" in built.stderr and built.returncode:
        pytest.skip("building a wheel without fetching anything needs setuptools and wheel installed")
    assert built.returncode == 0, built.stderr
    (wheel,) = tmp_path.glob("*.whl")
    names = set(zipfile.ZipFile(wheel).namelist())
    for stage in STAGES:
        assert {f"agents/model/builtin/{stage}/{name}" for name in ("model.safetensors", "tokenizer.json")} <= names
    assert {"amz_env/py.typed", "agents/py.typed", "agents/cli.py"} <= names

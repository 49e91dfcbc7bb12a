"""The small model that ships."""

import importlib.util
import json
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

import agents
from agents.inference import LocalEngine
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


def test_it_solves_problems_it_has_never_seen_and_values_what_is_right() -> None:
    sets = (load_problems(name, split="test", size=12, level=1) for name in ("mini-gsm", "mini-math"))
    problems = [problem for problems in sets for problem in problems[:12]]
    model = load_model("builtin")
    assert model.value_head.weight.abs().max() > 0
    solutions = agents.make("best-of-n", model=LocalEngine(model), n=8, temperature=1.0).solve(problems)
    solved, won, pairs = 0, 0.0, 0
    for problem, solution in zip(problems, solutions, strict=True):
        assert solution.tree is not None
        leaves = solution.tree.answers()
        grades = grade_many([(leaf.state.answer or "", problem.answer) for leaf in leaves])
        judged = [(one.correct, leaf.value or 0.0) for leaf, one in zip(leaves, grades, strict=True)]
        right, wrong = ([value for correct, value in judged if correct == wanted] for wanted in (True, False))
        solved += bool(right)
        won += sum((one > other) + (one == other) / 2 for one in right for other in wrong)
        pairs += len(right) * len(wrong)
    assert solved >= len(problems) / 3
    assert pairs >= 20 and won >= 0.65 * pairs


def test_a_wheel_contains_it(tmp_path: Path) -> None:
    if importlib.util.find_spec("setuptools") is None:
        pytest.skip("building a wheel without fetching anything needs setuptools installed")
    source = tmp_path / "source"  # what an earlier build has left in the tree must not get into this one
    for name in ("agents", "amz_env", "benchmarks"):
        shutil.copytree(ROOT / name, source / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, source)
    options = ["--quiet", "--no-deps", "--no-build-isolation", "--wheel-dir", str(tmp_path)]
    command = [sys.executable, "-m", "pip", "wheel", *options, "."]
    built = subprocess.run(command, cwd=source, capture_output=True, text=True, timeout=300)
    assert built.returncode == 0, built.stderr
    (wheel,) = tmp_path.glob("*.whl")
    names = set(zipfile.ZipFile(wheel).namelist())
    for stage in STAGES:
        needed = ("model.safetensors", "tokenizer.json", "value_head.safetensors", "config.json")
        assert {f"agents/model/builtin/{stage}/{name}" for name in needed} <= names
    assert {"amz_env/py.typed", "agents/py.typed", "agents/cli.py"} <= names

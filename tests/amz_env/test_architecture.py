import ast
import doctest
import importlib
import inspect
import subprocess
import sys
from pathlib import Path

import pytest

import amz_env

ROOT = Path(amz_env.__file__).resolve().parents[1]
HEAVY = {"torch", "transformers", "stable_baselines3", "sb3_contrib", "tensorboard", "matplotlib"}
FORBIDDEN = {"amz_env": {"agents", "benchmarks", *HEAVY}, "agents": {"benchmarks"}, "benchmarks": set()}


def imports_of(path):
    """Return the top-level names of all modules that a file imports, wherever in it."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found.add(node.module.partition(".")[0])
    return found


@pytest.mark.parametrize("package", sorted(FORBIDDEN))
def test_imports_point_one_way(package):
    files = list((ROOT / package).rglob("*.py"))
    if not files:
        pytest.skip(f"no {package} beside the installed amz_env")
    wrong = {str(path.relative_to(ROOT)): imports_of(path) & FORBIDDEN[package] for path in files}
    assert not {path: names for path, names in wrong.items() if names}


def test_the_import_check_sees_imports_inside_functions(tmp_path):
    path = tmp_path / "module.py"
    path.write_text("def f():\n    from torch.nn import Linear\n    import agents.cli as cli\n")
    assert imports_of(path) == {"torch", "agents"}


def test_importing_the_package_is_quick_and_loads_nothing_heavy():
    code = (
        "import sys, time; import gymnasium; start = time.process_time(); import amz_env; "
        "print(time.process_time() - start, *sys.modules)"
    )
    runs = [
        subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True) for _ in "ab"
    ]
    seconds = min(float(run.stdout.split()[0]) for run in runs)
    loaded = set(runs[0].stdout.split())
    assert not loaded & (HEAVY | {"sympy", "math_verify", "pandas", "rich"})
    assert seconds < 0.3  # beside gymnasium's own 0.25 s; CPU seconds, for the machine may be busy


def test_the_id_can_name_the_module_to_import():
    code = "import gymnasium as gym; print(gym.make('amz_env:MathReasoning-v0').reset(seed=0)[1]['source'])"
    run = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "mini-gsm"


def test_the_public_names_are_sorted_and_there():
    assert amz_env.__all__ == sorted(amz_env.__all__)
    assert all(hasattr(amz_env, name) for name in amz_env.__all__)


@pytest.mark.parametrize("module", ["env", "spaces", "vector", "wrappers"])
def test_the_examples_in_the_docstrings_run(module):
    result = doctest.testmod(importlib.import_module(f"amz_env.{module}"))
    assert result.attempted > 2 and result.failed == 0


HEADINGS = [
    "Description", "Action Space", "Observation Space", "Starting State", "Reward", "Episode End", "Information",
    "Arguments", "References", "Version History",
]  # fmt: skip


def test_the_docstring_page_has_gymnasiums_headings_in_order():
    page = inspect.getdoc(amz_env.MathReasoningEnv)
    places = [page.find(f"\n## {heading}\n") for heading in HEADINGS]
    assert -1 not in places and places == sorted(places)

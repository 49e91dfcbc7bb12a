"""The shared acceptance cases, where they are at hand."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

import amz_env

ENVIRONMENT = {**os.environ, "PYTHONPATH": str(Path(amz_env.__file__).parents[1])}
CASES = Path(__file__).resolve().parents[3].parent / "shared" / "cases"
pytestmark = pytest.mark.skipif(not CASES.is_dir(), reason=f"the acceptance cases are not at {CASES}")


def run_cases(kind: str) -> str:
    command = [sys.executable, str(CASES / "run_cases.py"), kind, str(CASES / f"{kind}_dev.jsonl")]
    return subprocess.run(command, capture_output=True, text=True, timeout=1800, env=ENVIRONMENT).stdout


def test_benign_cases_are_all_right():
    output = run_cases("benign")
    good, total = output.split("right: ")[1].split(";")[0].split("/")
    assert good == total, output


@pytest.mark.slow
def test_attacks_are_all_contained():
    output = run_cases("attacks")
    good, total = output.split("without advisory ones: ")[1].split("/")
    assert int(good) == int(total), output

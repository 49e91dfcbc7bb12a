"""Some of the attacks once more, as a user without any privilege (`make test-nobody` runs all of them)."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).parent
ROOT = HERE.parents[2]
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(ROOT)}


@pytest.mark.skipif(os.geteuid() != 0, reason="all the tests are run by an unprivileged user already")
@pytest.mark.parametrize("refused", [[], ["namespaces"]], ids=["namespaces granted", "namespaces refused"])
def test_the_attacks_are_held_for_nobody_too(refused):
    nobody = [sys.executable, str(HERE / "as_nobody.py"), "--"]
    who = [*nobody, sys.executable, "-c", "import os; print(os.getuid())"]
    tried = subprocess.run(who, capture_output=True, text=True, env=ENVIRONMENT)
    if tried.returncode != 0:
        pytest.skip(f"root cannot become nobody on this host: {tried.stderr.strip()[-200:]}")
    assert tried.stdout == "65534\n"
    host = [sys.executable, str(HERE / "refuse_layers.py"), *refused, "--"]
    tests = [str(HERE / name) for name in ("test_confinement.py", "test_attacks.py")]
    pytest_run = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-p",
        "no:cacheprovider",
        "-k",
        "is_held or stays_there",
        *tests,
    ]
    done = subprocess.run(
        [*nobody, *host, *pytest_run], capture_output=True, text=True, timeout=600, env=ENVIRONMENT, cwd=ROOT
    )
    assert done.returncode == 0, done.stdout[-4000:]
    assert int(done.stdout.split(" passed")[0].split()[-1]) > 15, done.stdout[-300:]

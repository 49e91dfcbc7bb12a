"""The host's environment variables."""

import os
import subprocess
import sys

CODE = """
from amz_env.interpreter import Interpreter
with Interpreter() as interpreter:
    result = interpreter.run(interpreter.root(), "import os; print(sorted(os.environ))")
    print(result.isolation, result.observation)
"""


def test_variables_that_the_server_sets_itself_may_be_set_on_the_host_too() -> None:
    # OMP_NUM_THREADS=1 is how torch is usually run; the self-test once took the server's own for a leak.
    environment = {**os.environ, "OMP_NUM_THREADS": "1", "HOST_SECRET": "x"}
    done = subprocess.run([sys.executable, "-c", CODE], env=environment, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith(("strict", "weak")) and "HOST_SECRET" not in done.stdout

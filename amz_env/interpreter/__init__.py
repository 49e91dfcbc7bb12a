"""Model-written code runs in forked, branching, kernel-confined snapshots."""

from amz_env.interpreter.interpreter import Execution, Interpreter, Status, shared_interpreter
from amz_env.interpreter.selftest import SandboxUnavailable
from amz_env.interpreter.snapshot import Snapshot

__all__ = ["Execution", "Interpreter", "SandboxUnavailable", "Snapshot", "Status", "shared_interpreter"]

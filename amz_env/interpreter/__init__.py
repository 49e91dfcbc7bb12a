"""Model-written code runs in forked, branching, kernel-confined snapshots."""

from amz_env.interpreter.forkserver import SandboxUnavailable
from amz_env.interpreter.interpreter import Execution, Interpreter, Snapshot, Status, shared_interpreter

__all__ = ["Execution", "Interpreter", "SandboxUnavailable", "Snapshot", "Status", "shared_interpreter"]

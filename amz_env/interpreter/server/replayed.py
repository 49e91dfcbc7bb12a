"""One step in a process of its own, after the steps that lead to it: for systems without a fork server."""

import json
import os
import resource
import signal
import sys
from typing import NoReturn

from amz_env.interpreter.server import runner, wire, zygote


def main(descriptor: int) -> NoReturn:
    """Entry point: the exit status tells how the last step ended (0 ok, 1 error, 2 flood)."""
    job = json.load(sys.stdin)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (wire.SLATE_LIMIT, wire.SLATE_LIMIT))
    zygote.load(job["paths"], job["packages"])
    slate = wire.Slate(descriptor)
    zygote.seed(slate.seed)
    world = runner.World()
    for code in slate.earlier():
        signal.setitimer(signal.ITIMER_REAL, job["seconds"])
        runner.run(runner.Unseen(code, slate.style), _flood, world)
    signal.setitimer(signal.ITIMER_REAL, job["seconds"])
    status = runner.run(slate, _flood, world)
    os._exit(0 if status == wire.OK else 1)


def _flood() -> NoReturn:
    os._exit(2)

"""One step in a process of its own, after the steps that lead to it: for systems without a fork server."""

import json
import os
import resource
import signal
import sys
from typing import NoReturn

from amz_env.interpreter.server import runner, wire, zygote


class _Unseen:
    """The slate of an earlier step: its output has been shown already."""

    at_line_start = True

    def __init__(self, code: str, style: int) -> None:
        self.code = code.encode("utf-8", "surrogatepass")
        self.style = style

    def write(self, data: bytes) -> bool:
        """Drop `data`."""
        return True


def main(descriptor: int) -> NoReturn:
    """Entry point: the exit status tells how the last step ended (0 ok, 1 error, 2 flood)."""
    job = json.load(sys.stdin)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (wire.SLATE_LIMIT, wire.SLATE_LIMIT))
    zygote.load(job["paths"], job["packages"])
    slate = wire.Slate(descriptor)
    zygote.seed(slate.seed)
    namespace = zygote.fresh_main()
    for code in job["earlier"]:
        signal.setitimer(signal.ITIMER_REAL, job["seconds"])
        runner.run(_Unseen(code, slate.style), _flood, namespace)
    signal.setitimer(signal.ITIMER_REAL, job["seconds"])
    status = runner.run(slate, _flood, namespace)
    os._exit(0 if status == wire.OK else 1)


def _flood() -> NoReturn:
    os._exit(2)

"""The process that every step descends from: imports once, warms up, then forks on request.

A step process that has finished serves fork requests in the same way: that is what makes it a snapshot.
"""

import gc
import json
import os
import signal
import socket
import sys
import types
from typing import Any, NoReturn

from amz_env.interpreter.server import confine, kernel, runner, wire

_WARM_UP = """
from sympy import *
x, y = symbols('x y')
solve(x**2 - 5*x + 6, x), solve([x + y - 3, x - y - 1], [x, y]), solve(x**3 - 1, x)
simplify(sin(x)**2 + cos(x)**2), factor(x**4 - 1), expand((x + 1)**3), integrate(x**2, x), diff(sin(x), x)
limit(sin(x)/x, x, 0), Rational(1, 3) + Rational(1, 6), sqrt(50), N(pi), nsimplify(0.5), binomial(10, 3)
str(Matrix([[1, 2], [3, 4]]).inv()), factorint(60), Poly(x**2 - 1, x).all_coeffs(), latex(x**2/3)
"""

# What steps import most, and what loads a system library, which is out of reach later on.
_LIBRARY = (
    *("math", "cmath", "fractions", "decimal", "statistics", "itertools", "functools", "collections", "operator"),
    *("string", "re", "datetime", "time", "typing", "dataclasses", "heapq", "bisect", "copy", "json", "traceback"),
    *("ctypes", "hashlib", "bz2", "lzma", "zlib", "calendar", "textwrap", "pprint", "numbers", "array", "contextlib"),
)


def load(paths: list[str], packages: list[str]) -> None:
    """Import `packages` from `paths`, and what steps import most."""
    # `random` reseeds itself in every forked child. A path's draws are part of its state, so it must not.
    register = os.register_at_fork
    os.register_at_fork = lambda **_: None
    __import__("random")
    os.register_at_fork = register
    sys.path.extend(paths)
    for package in packages:
        __import__(package)
    for module in _LIBRARY:
        __import__(module)


def warm_up(packages: list[str]) -> None:
    """Exercise what has been imported once, and arrange memory for forking, so that no step pays for it."""
    if "sympy" in packages:
        runner.evaluate(_WARM_UP, {"__name__": "__main__"})
    seed(0)
    gc.collect()
    kernel.use_huge_pages()
    gc.freeze()  # the collector of a step must not touch, and so copy, what all steps share


def serve(control: socket.socket) -> None:
    """Answer fork requests for ever. Each child runs its slate's code and then serves in its turn."""
    namespace = fresh_main()
    fork, leave, close = os.fork, os._exit, os.close  # a step may rebind the names in `os`

    def flood() -> NoReturn:
        control.send(wire.FLOOD)
        leave(0)

    while True:
        message, descriptors = wire.receive_with_descriptors(control, 16, 2)
        if message != wire.FORK or len(descriptors) != 2:
            leave(0)  # the warden has gone
        if fork() != 0:
            for descriptor in descriptors:
                close(descriptor)
            continue
        control.close()
        control = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET, 0, descriptors[0])
        control.send(wire.HELLO)
        slate = wire.Slate(descriptors[1])
        if slate.seed >= 0:
            seed(slate.seed)
        status = runner.run(slate, flood, namespace)
        slate.close()
        control.send(status)


def seed(number: int) -> None:
    """Seed the random generators of the modules that are there."""
    sys.modules["random"].seed(number)
    if "numpy" in sys.modules:
        sys.modules["numpy"].random.seed(number % 2**32)


def fresh_main() -> dict[str, Any]:
    """Return the namespace of a new module ``__main__`` (classes defined by a step look for their module there)."""
    module = types.ModuleType("__main__")
    sys.modules["__main__"] = module
    return module.__dict__


def main(control: socket.socket, options: dict[str, Any]) -> None:
    """Entry point of the fork server; does not return."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # finished children leave no zombies
    layers: dict[str, str] = {}
    confine.enter_namespaces(layers)
    load(options["paths"], options["packages"])
    warm_up(options["packages"])
    forget()
    listener = confine.close_in(layers, options["readable"], options["memory"])
    control.send(wire.HELLO)
    report = json.dumps(layers).encode()
    if listener:
        wire.send_with_descriptors(control, report, listener)
        os.close(listener)
    else:
        control.send(report)
    serve(control)


def forget() -> None:
    """Remove what leads back to the project: a step must not import it, nor anything but the named packages."""
    sys.path[:] = [path for path in sys.path if path.startswith(sys.base_prefix) and "-packages" not in path]
    sys.argv[:] = [""]
    sys.orig_argv[:] = [""]
    for name in ("amz_env", "amz_env.interpreter", "amz_env.interpreter.server"):
        sys.modules[name].__path__ = []

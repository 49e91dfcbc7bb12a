"""The process that every step descends from: imports once, warms up, then forks on request.

A step process that has finished serves fork requests in the same way: that is what makes it a snapshot.
"""

import gc
import json
import os
import signal
import socket
import sys
from typing import Any, NoReturn

from amz_env.interpreter.server import confine, memory, runner, seccomp, wire

_WARM_UP = """
from sympy import *
x, y = symbols('x y')
solve(x**2 - 5*x + {n}, x), solve([x + y - {n}, x - y - 1], [x, y]), solve(x**3 - {n}, x)
simplify(sin(x)**2 + cos(x)**2 + {n}), simplify((x**2 - {n}**2)/(x - {n})), factor(x**4 - {n}), expand((x + {n})**3)
integrate(x**2 + {n}*x, x), diff(sin({n}*x), x), limit(sin({n}*x)/x, x, 0), Rational(1, {n}) + Rational(1, 6)
sqrt(50 * {n}), N(pi), nsimplify(0.5), binomial(10, 3), str(Matrix([[1, 2], [3, {n}**2]]).inv()), factorint(60 * {n})
Poly(x**2 - {n}, x).all_coeffs(), latex(x**2/{n})
"""
_REPEATS = 3  # of the warm-up: more of them gain nothing

# A small step, played through to the same end.
_REHEARSAL = "import math\nvalues = [math.sqrt(i) for i in range({n})]\nprint(f'{{len(values)}}')\nvalues"

# What steps import most, and what loads a system library, which is out of reach later on.
_LIBRARY = (
    *("math", "cmath", "fractions", "decimal", "statistics", "itertools", "functools", "collections", "operator"),
    *("string", "re", "datetime", "time", "typing", "dataclasses", "heapq", "bisect", "copy", "json", "traceback"),
    *("ctypes", "hashlib", "bz2", "lzma", "zlib", "calendar", "textwrap", "pprint", "numbers", "array", "contextlib"),
)


_kept: list[runner.World] = []  # a path that does not need it must not take it down


def load(paths: list[str], packages: list[str]) -> None:
    """Import `packages` from `paths`, and what steps import most."""
    # What these want done in every forked child is for programs with threads, costs half a millisecond, and would
    # reseed `random`: a path's draws are part of its state.
    register = os.register_at_fork
    os.register_at_fork = lambda **_: None
    sys.path.extend(paths)
    __import__("random").seed(0)  # sympy numbers its dummies from a random number on
    for module in (*packages, *_LIBRARY):
        __import__(module)
    os.register_at_fork = register


def warm_up(packages: list[str]) -> None:
    """Exercise what has been imported, and the steps' own machinery, so that no step pays for their first use."""
    seed(0)
    for number in range(6, 6 + _REPEATS):
        if "sympy" in packages:
            runner.World().evaluate(_WARM_UP.format(n=number))
        _rehearse(_REHEARSAL.format(n=number))
    seed(0)
    gc.collect()


def _rehearse(code: str) -> None:
    """Go through the motions of a step."""
    output = sys.stdout
    mine, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    with mine, theirs:
        slate = wire.new_slate(code, wire.PLAIN, 0)
        wire.send_with_descriptors(mine, wire.FORK, slate)
        os.close(slate)
        _, descriptors = wire.receive_with_descriptors(theirs, 16, 2)
        theirs.send(_step(descriptors[0], theirs, runner.World()))
    sys.stdout = output


def serve(control: socket.socket, world: runner.World, seal: bool) -> None:
    """Answer fork requests for ever. Each child runs its slate's code and then serves in its turn.

    Where there is no gate, children are sealed instead: they run the code of their whole path, and cannot fork.
    """
    fork, leave, close, replace = os.fork, os._exit, os.close, os.dup2  # a step may rebind the names in `os`
    own = control.fileno()
    while True:
        message, descriptors = wire.receive_with_descriptors(control, 16, 2)
        if message == wire.GO_ON and len(descriptors) == 1:
            control.send(_step(descriptors[0], control, world))
            continue
        if message != wire.FORK or len(descriptors) != 2:
            leave(0)  # the warden has gone
        if fork() != 0:
            for descriptor in descriptors:
                close(descriptor)
            continue
        replace(descriptors[0], own, False)
        close(descriptors[0])
        if seal:
            seccomp.seal()
        control.send(wire.HELLO)
        control.send(_step(descriptors[1], control, world))


def _step(descriptor: int, control: socket.socket, world: runner.World) -> bytes:
    """Run the code on a slate, and the earlier code before it; return what came of it."""
    leave = os._exit

    def flood() -> NoReturn:
        control.send(wire.FLOOD)
        leave(0)

    slate = wire.Slate(descriptor)
    if slate.seed > 0:  # with 0 the generators have been seeded already
        seed(slate.seed)
    if slate.pieces:
        for code in slate.earlier():
            runner.run(runner.Unseen(code, slate.style), flood, world)
        control.send(wire.BEGUN)
    status = runner.run(slate, flood, world)
    slate.close()
    return status


def fresh_world(packages: list[str]) -> runner.World:
    """Return a world that nothing has been run in."""
    prepared = None
    if "sympy" in packages:
        prepared = runner.World()
        prepared.evaluate(runner.PROLOGUE)
        _kept.append(prepared)
    return runner.World(prepared)


def seed(number: int) -> None:
    """Seed the random generators of the modules that are there."""
    for module in ("random", "sympy.core.random"):
        if module in sys.modules:
            sys.modules[module].seed(number)
    if "numpy" in sys.modules:
        sys.modules["numpy"].random.seed(number % 2**32)


def main(control: socket.socket, options: dict[str, Any]) -> None:
    """Entry point of the fork server; does not return."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # finished children leave no zombies
    layers: dict[str, str] = {}
    confine.enter_namespaces(layers)
    with memory.in_one_piece():
        load(options["paths"], options["packages"])
        warm_up(options["packages"])
        world = fresh_world(options["packages"])
        forget()
        memory.use_huge_pages()
        memory.fill_holes()
    gc.freeze()  # the collector of a step must not touch, and so copy, what all steps share
    listener = confine.close_in(layers, options["readable"], options["memory"], gate=options["snapshots"] > 0)
    control.send(wire.HELLO)
    report = json.dumps(layers).encode()
    if listener:
        wire.send_with_descriptors(control, report, listener)
        os.close(listener)
    else:
        control.send(report)
    serve(control, world, seal=not listener and not layers["seccomp"])


def forget() -> None:
    """Remove what leads back to the project: a step must not import it, nor anything but the named packages."""
    sys.path[:] = [path for path in sys.path if path.startswith(sys.base_prefix) and "-packages" not in path]
    sys.argv[:] = [""]
    sys.orig_argv[:] = [""]
    for name in ("amz_env", "amz_env.interpreter", "amz_env.interpreter.server"):
        sys.modules[name].__path__ = []

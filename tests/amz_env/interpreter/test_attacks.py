"""Attacks by someone who has read the interpreter's source: on its messages, its memory, its cache and its host."""

import os
import resource
import threading
import time

import pytest

from amz_env.interpreter import Interpreter, plain, subset
from amz_env.interpreter.cache import changes
from amz_env.interpreter.observation import render

# What each does to its own path does not matter; afterwards other paths must be as they were, and the host unharmed.
HARMLESS = {
    "claims every outcome": "import os\nfor fd in range(3, 9):\n"
    "    for frame in (b'f', b't', b'c', b'g', b'b', b'R' * 999):\n"
    "        try: os.write(fd, frame)\n        except OSError: pass",
    "hands descriptors to the warden": "import array, socket\nfor fd in range(3, 9):\n    try:\n"
    "        s = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET, 0, fd)\n"
    "        s.sendmsg([b'H'], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array('i', [fd] * 20))])\n"
    "    except OSError: pass",
    "claims to be another process": "import os, socket, struct\nfor fd in range(3, 9):\n    try:\n"
    "        s = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET, 0, fd)\n"
    "        s.sendmsg([b'o'], [(socket.SOL_SOCKET, 2, struct.pack('3i', os.getppid(), 0, 0))])\n"
    "    except OSError: pass",
    "overwrites its slate": "import os\nfor fd in range(3, 9):\n    try: os.pwrite(fd, bytes([255]) * 1_000_000, 0)\n"
    "    except OSError: pass",
    "closes every descriptor": "import os\nos.closerange(0, 64)",
    "swaps its descriptors": "import os\nfor a in range(3, 8):\n    try: os.dup2(a, 10 - a)\n    except OSError: pass",
    "empties what all steps share": "import sys\nz = sys.modules['amz_env.interpreter.server.zygote']\n"
    "z._kept[0].namespace.clear(); z._kept.clear(); z.memory._plugs.clear(); sys.modules['sympy'].__all__.clear()",
    "has no __main__": "import sys\nsys.modules['__main__'] = None\nglobals().clear()",
    "rebinds built-ins": "import builtins\n"
    "for n in ('compile', 'exec', 'eval', 'len', 'bytes', 'str', 'BaseException'): setattr(builtins, n, None)",
    "traces on": "import sys\nsys.settrace(lambda *a: 1 / 0)\nsys.setprofile(lambda *a: 1 / 0)",
    "does not let go": "import atexit\nclass D:\n    def __del__(self):\n        while True: pass\n"
    "atexit.register(D.__del__, 0)\nd = D()\nd.d = d",
    "breaks its output": "import sys\nsys.stdout.detach()\nsys.stdout = sys.__stdout__ = None",
    "floods in one line": "import sys\nsys.stdout.write('x' * 50_000_000)",
    "overflows the stack": "import sys\nsys.setrecursionlimit(10**9)\n"
    "class A:\n    def __repr__(self): return repr(self)\nrepr(A())",
    "nests too deeply": "exec('(' * 100_000)",
    "nests what it shows": "x = []\nfor _ in range(100_000): x = [x]\nx",
    "has an error that cannot be shown": "raise type('E', (BaseException,), {'__str__': lambda s: s.no})",
    "divides its memory": "import ctypes\n"  # MADV_DONTFORK
    "ctypes.CDLL(None).madvise(ctypes.c_void_p(id(object()) >> 21 << 21), ctypes.c_size_t(1 << 21), 10)",
    "wipes its memory in forks": "import ctypes\n"  # MADV_WIPEONFORK
    "ctypes.CDLL(None).madvise(ctypes.c_void_p(id(object()) >> 12 << 12), ctypes.c_size_t(4096), 18)",
    "makes a database": "import sqlite3\nsqlite3.connect('/tmp/x.db').execute('create table t (x)')",
    "makes a temporary file": "import tempfile\ntempfile.mkstemp()",
    "prints a huge number": "import sys\nsys.set_int_max_str_digits(0)\nprint(10**100_000)",
}


def canary(interpreter: Interpreter) -> list[str]:
    """What two fresh steps show."""
    texts = []
    for code in (
        "from sympy import *\nsqrt(8), len(str(7)), Rational(1, 3)",
        "import math\nmath.comb(5, 2), [*{3: 1}]",
    ):
        execution = interpreter.run(interpreter.root(), code + f"  # {time.monotonic()}")
        texts.append(execution.observation)
        interpreter.release(execution.snapshot)
    return texts


@pytest.mark.parametrize("name", HARMLESS)
def test_what_a_path_does_to_itself_stays_there(full_lane, name):
    other = full_lane.run(full_lane.root(), "from sympy import *\nx = Symbol('x')\nkept = [x]").snapshot
    mine = full_lane.run(full_lane.root(), HARMLESS[name])
    assert len(mine.observation) < 1100
    again = full_lane.run(mine.snapshot, "print('PWNED') if 0 else None")
    assert mine.seconds < 30
    assert again.seconds < 30
    assert full_lane.run(other, "kept, len(kept)").observation == "([x], 1)"
    assert canary(full_lane) == ["(2*sqrt(2), 1, 1/3)", "(10, [3])"]


# Calls by number on x86_64 that the kernel itself would grant.
GRANTED = {
    "process_vm_writev": "311, {me}, 0, 0, 0, 0, 0",
    "kcmp": "312, {me}, {me}, 0, 0, 0",
    "tgkill": "234, {me}, {me}, 0",
    "tkill": "200, {me}, 0",
    "setpriority": "141, 0, 0, 19",
    "sched_setscheduler": "144, 0, 0, bytes(4)",
    "personality": "135, 0xffffffff",
    "eventfd2": "290, 0, 0",
    "timerfd_create": "283, 1, 0",
    "inotify_init1": "294, 0",
    "epoll_create1": "291, 0",
    "memfd_secret": "447, 0",
    "landlock_create_ruleset": "444, 0, 0, 1",
    "timer_create": "222, 1, 0, bytes(8)",
    "readlink": "89, b'/proc/self/exe', bytes(99), 99",
    "ftruncate": "77, 3, 0",
    "fallocate": "285, 3, 0, 0, 1",
    "mlock": "149, 0, 0",
    "prctl": "157, 15, b'name'",
    "sync": "162",
}


@pytest.mark.skipif(os.uname().machine != "x86_64", reason="the numbers are those of x86_64")
@pytest.mark.parametrize("name", GRANTED)
def test_a_call_that_no_computation_needs_is_not_made(full_lane, name):
    code = (
        "import ctypes, os\nlibc = ctypes.CDLL(None, use_errno=True)\n"
        f"result = libc.syscall({GRANTED[name].format(me='os.getpid()')})\nprint(result, ctypes.get_errno())"
    )
    assert full_lane.run(full_lane.root(), code).observation == "-1 1"


@pytest.mark.skipif(os.uname().machine != "x86_64", reason="machine code")
@pytest.mark.parametrize("way", ["b8 14 00 00 00 cd 80 c3", "b8 27 00 00 40 0f 05 c3"])  # getpid: int 0x80, x32 table
def test_machine_code_cannot_go_round_the_list_of_calls(full_lane, way):
    code = (
        "import ctypes\nlibc = ctypes.CDLL(None)\nlibc.mmap.restype = ctypes.c_void_p\n"
        "page = libc.mmap(None, ctypes.c_size_t(4096), 7, 0x22, -1, ctypes.c_long(0))\n"
        f"ctypes.memmove(page, bytes.fromhex({way!r}), 8)\nprint(ctypes.CFUNCTYPE(ctypes.c_int)(page)())"
    )
    execution = full_lane.run(full_lane.root(), code)
    assert execution.status == "crashed" or execution.observation == "-1", execution
    assert canary(full_lane)[1] == "(10, [3])"


def test_the_warden_takes_no_descriptors_and_keeps_none():
    with Interpreter(fast_lane=False, timeout=2.0) as interpreter:
        canary(interpreter)
        warden = interpreter.processes()[0]
        before = len(os.listdir(f"/proc/{warden}/fd"))
        for _ in range(5):
            interpreter.run(interpreter.root(), HARMLESS["hands descriptors to the warden"])
            interpreter.run(interpreter.root(), HARMLESS["claims every outcome"])
        canary(interpreter)
        deadline = time.monotonic() + 10
        # A release is not waited for, neither now nor when those before were counted.
        while len(os.listdir(f"/proc/{warden}/fd")) > before and time.monotonic() < deadline:
            time.sleep(0.05)
        assert len(os.listdir(f"/proc/{warden}/fd")) <= before


def test_memory_taken_after_the_result_is_counted_too():
    """A handler that runs when the snapshot is woken for a fork takes more than the snapshot was weighed with."""
    hoard = (
        "import signal\ndef more(*a):\n    global b\n    b = b'x' * (60 << 20) + bytes(1)\n"
        "signal.signal(signal.SIGCONT, more)\n"
    )
    with Interpreter(fast_lane=False, timeout=2.0) as interpreter:
        interpreter._server._options["budget_bytes"] = 200 << 20
        snapshots = [interpreter.run(interpreter.root(), hoard + f"x = {i}").snapshot for i in range(8)]
        assert [interpreter.run(s, "b = 0\nx").observation for s in snapshots] == [str(i) for i in range(8)]
        held = sum(private(pid) for pid in interpreter.processes()[2:])
        assert held < 400 << 20


def private(pid: int) -> int:
    """The memory that a process has to itself, in bytes."""
    try:
        with open(f"/proc/{pid}/smaps_rollup") as file:
            return sum(int(line.split()[1]) << 10 for line in file if line.startswith("Private_Dirty"))
    except OSError:
        return 0


def test_code_run_again_may_not_lengthen_the_time_of_the_step():
    """A replayed piece knows that it is replayed, and says again and again that the step itself has begun."""
    code = (
        "import os, sys, time\nagain = type(sys.stdout.buffer._slate).__name__ == 'Unseen'\nwhile again:\n"
        "    for fd in range(3, 9):\n        try: os.write(fd, b'b')\n        except OSError: pass\n    time.sleep(0.2)"
    )
    with Interpreter(snapshots=0, fast_lane=False, timeout=1.0) as interpreter:
        first = interpreter.run(interpreter.root(), code)
        assert first.status == "ok"
        late = interpreter.run(first.snapshot, "1")
        assert late.status in ("timeout", "crashed")
        assert late.seconds < 6


def test_a_snapshot_of_another_interpreter_is_run_again_and_not_mistaken():
    with Interpreter(fast_lane=False) as one, Interpreter(fast_lane=False) as other:
        snapshots = [one.run(one.root(), f"import math\nx = {i}").snapshot for i in range(3)]
        for i in range(3):
            other.run(other.root(), f"import math\nx = 'wrong {i}'")
        assert [other.run(snapshot, "x").observation for snapshot in snapshots] == ["0", "1", "2"]


@pytest.mark.parametrize(
    "code",
    [
        "m = __import__('ti' + 'me')\nprint(m.perf_counter_ns())",
        "import sys\nprint(sys.modules['ti' 'me'].perf_counter_ns())",
        "print(eval('ti' 'me'))",
        "print(getattr(x, name))",
        "x = 1\n" * 40_000,
    ],
)
def test_what_may_hide_a_clock_is_not_remembered(code):
    assert changes(code)


def test_an_address_is_not_remembered(full_lane):
    shown = [full_lane.run(full_lane.root(), "print(iter([]))") for _ in range(2)]
    assert [execution.lane for execution in shown] == ["full", "full"]


def test_no_character_of_an_observation_is_invisible():
    text = render("".join(map(chr, range(0x20000))).encode("utf-8", "surrogatepass"), 10**6)
    text += render("".join(map(chr, (0xE0041, 0x1D173, 0xFFFFE))).encode(), 100)  # tags, music, nothing
    hidden = [c for c in text if not c.isprintable() and c not in "\t\n" and not c.isspace()]
    assert hidden == []
    assert "\u202e" not in text
    assert "\u200b" not in text
    assert "\u00a0" in text


DEEP = {
    "attributes": "x" + ".a" * 1990,
    "items": "x" + "[0]" * 1300,
    "calls": "x" + "()" * 1900,
    "sums": "1" + "+x" * 1900,
    "branches": "if x: 1\n" + "elif x: 1\n" * 390,
    "conditions": "1" + " if x else 1" * 300,
    "functions": "lambda: " * 480 + "1",
    "powers": "2" + "**2" * 1300,
    "strings": "f'{" * 150 + "1" + "}'" * 150,
    "negations": "not " * 990 + "1",
    "comparisons": "1" + "<2" * 1900,
}


@pytest.mark.parametrize("name", DEEP)
def test_code_cannot_strain_the_host_that_looks_at_it(name):
    done = []

    def look() -> None:
        with pytest.raises(subset.NotPlain):
            for code in (DEEP[name], f"x = 0\n{DEEP[name]}\nimport math"):
                subset.check(code, subset.Scope())
        done.append(name)

    began = time.thread_time()
    thread = threading.Thread(target=look)  # with the smaller stack of a thread
    thread.start()
    thread.join()
    assert done == [name]
    assert time.thread_time() - began < 2


@pytest.mark.parametrize("text", ["1" * 16_000, "1." * 8_000, "<function" * 1700, "9" * 8_000 + "." + "9" * 7_000])
def test_output_cannot_strain_the_host_that_looks_at_it(text):
    before = resource.getrusage(resource.RUSAGE_SELF).ru_utime
    plain._DIFFERENT.search(text)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_utime - before < 0.2


@pytest.mark.parametrize(
    "code", ["n = 0\nfor i in range(10**6): n += round(i / 7, 3)\nn", "while True: round(1.5)", "print('x' * 10**6)"]
)
def test_the_fast_lane_gives_up_soon(code):
    lane = plain.FastLane(1)
    lane.run(plain.PlainState(), "1")
    began = time.process_time()
    assert lane.run(plain.PlainState(), code) is None
    assert time.process_time() - began < 1
    lane.close()


def test_dictionaries_keep_their_keys_in_both_lanes(interpreter, full_lane):
    for code in (
        "d = {1: 2}\nd[1.0] = 3\nd[True] = 4\nprint(d)",
        "k = 4 / 4\nd = {1: 2}\nd[k] = 3\nprint(d)",
        "d = {x: 0 for x in [1, 2]}\nfor y in [1.0, 2.5]:\n    d[y] = y\nd",
        "d = {}\nd.setdefault(1, 0)\nd[2 > 1] = 5\nd",
    ):
        assert (
            interpreter.run(interpreter.root(), code).observation == full_lane.run(full_lane.root(), code).observation
        )
    first = interpreter.run(interpreter.root(), "k = 2 / 2\nd = {1: 'a'}").snapshot
    assert interpreter.run(first, "d[k] = 'b'\nprint(d)").observation == "{1: 'b'}"

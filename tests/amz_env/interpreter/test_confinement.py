"""Attacks, in a full process and with the source of the interpreter at hand."""

import json
import os
import re
import secrets
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

import amz_env
from amz_env.interpreter import Interpreter, SandboxUnavailable

HERE = Path(__file__).parent
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(Path(amz_env.__file__).parents[1])}
SECRET = "canary-" + secrets.token_hex(8)

# Each raises, or prints HELD, when it is held; what it prints else is what it got.
ATTACKS = {
    "host file": "print(open({secret!r}).read())",
    "host file by way of a process": "print(open('/proc/1/root' + {secret!r}).read())",
    "overwrite": "open({victim!r}, 'w').write('x'); print('wrote')",
    "append by os.open": "import os; os.write(os.open({victim!r}, os.O_WRONLY | os.O_APPEND), b'x'); print('wrote')",
    "unnamed temporary file": "import os; os.open('/tmp', os.O_TMPFILE | os.O_RDWR); print('made')",
    "delete": "import os; os.remove({victim!r}); print('deleted')",
    "change mode": "import os; os.chmod({victim!r}, 0); print('changed')",
    "password file": "print(open('/etc/passwd').read()[:9])",
    "own library": "import sympy; open(sympy.__file__, 'r+'); print('opened')",
    "other packages": "import torch; print('imported')",
    "the project": "import amz_env.problems; print('imported')",
    "environment": "import os; print([v for v in os.environ.values() if 'canary' in v] or 'HELD')",
    "list of processes": "import os; print(os.listdir('/proc'))",
    "socket": "import socket; socket.socket(); print('made')",
    "socket pair": "import socket; socket.socketpair(); print('made')",
    "netlink": "import socket; socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 0); print('made')",
    "fork": "import os\nif os.fork() == 0: os._exit(0)\nprint('forked')",
    "thread": "import threading\nthreading.Thread(target=print).start(); print('started')",
    "exec": "import os; os.execv('/bin/sh', ['sh', '-c', 'echo got'])",
    "exec of itself": "import os, sys; os.execv(sys.executable, ['python', '-c', 'print(1)'])",
    "subprocess": "import subprocess; print(subprocess.check_output(['id']))",
    "kill the host": "import os; os.kill({host}, 0); print('reached')",
    "kill the group": "import os, signal; os.killpg(0, signal.SIGTERM); print('reached')",
    "signal by fcntl": "import fcntl, os; fcntl.fcntl(1, fcntl.F_SETOWN, {host}); print('set')",
    "leave the session": "import os; os.setsid(); print('left')",
    "leave the group": "import os; os.setpgid(0, 0); print('left')",
    "timer": "import signal; signal.setitimer(signal.ITIMER_REAL, 9); print('set')",
    "alarm": "import ctypes, time\nctypes.CDLL(None).alarm(1)\ntime.sleep(1.2)\nprint('HELD')",
    "shared memory": "import mmap; mmap.mmap(-1, 4096); print('shared')",
    "memory file": "import os; os.memfd_create('x'); print('made')",
    "pipe": "import os; os.pipe(); print('made')",
    "raise a limit": "import resource; resource.setrlimit(resource.RLIMIT_NOFILE, (9, 64)); print('set')",
    "limit of the host": "import resource; resource.prlimit({host}, resource.RLIMIT_NOFILE); print('read')",
    "chroot": "import os; os.chroot('/'); print('changed')",
    "pidfd": "import os; os.pidfd_open({host}); print('opened')",
    "capabilities": "import ctypes\nhave = ctypes.create_string_buffer(24)\nv = bytes.fromhex('2205082000000000')\n"
    "ctypes.CDLL(None).capget(ctypes.create_string_buffer(v, 8), have)\nprint(have.raw.strip(bytes(1)) or 'HELD')",
    "descriptors": "import os\nfound = []\nfor n in range(3, 256):\n"
    "    try: found.append(os.fstat(n))\n    except OSError: pass\n"
    "print('HELD' if len(found) <= 2 else found)",  # the slate and the control socket
    "sympify": "from sympy import sympify\nsympify('__import__(\"os\").system(\"touch {victim}.x\")')\nprint('HELD')",
    "type into a terminal": "import fcntl; fcntl.ioctl(0, 0x5412, b'x'); print('typed')",
}
# System calls by their number on x86_64, with arguments for which the kernel itself would not say EPERM.
CALLS = {
    "fork": "57",
    "vfork": "58",
    "clone into a user namespace": "56, 0x10000011, 0, 0, 0, 0",
    "clone3": "435, bytes(88), 88",
    "ptrace": "101, 0x4206, {host}, 0, 0",
    "process_vm_readv": "310, {host}, 0, 0, 0, 0, 0",
    "rt_sigqueueinfo": "129, {host}, 0, 0",
    "mount": "165, b'x', b'/tmp', b'tmpfs', 0, 0",
    "seccomp": "317, 0, 0, 0",
    "socket of the x32 table": "0x40000000 + 41, 2, 1, 0",
    "io_uring_setup": "425, 4, bytes(120)",
    "bpf": "321, 0, bytes(120), 120",
    "userfaultfd": "323, 1",
    "keyctl": "250, 0, -3, 0, 0",
}


@pytest.fixture(scope="module")
def prey(tmp_path_factory):
    folder = tmp_path_factory.mktemp("prey")
    for parent in (folder, folder.parent, folder.parent.parent):
        parent.chmod(0o755)
    secret, victim = folder / "secret.txt", folder / "victim.txt"
    secret.write_text(SECRET)
    victim.write_text("intact")
    victim.chmod(0o666)
    os.utime(victim, (1e9, 1e9))
    yield {"secret": str(secret), "victim": str(victim), "host": os.getpid()}
    assert victim.read_text() == "intact"
    assert victim.stat().st_mtime == 1e9
    assert victim.stat().st_mode & 0o777 == 0o666
    assert sorted(path.name for path in folder.iterdir()) == ["secret.txt", "victim.txt"]


@pytest.mark.parametrize("name", ATTACKS)
def test_attack_is_held(full_lane, prey, name):
    execution = full_lane.run(full_lane.root(), ATTACKS[name].format(**prey))
    assert "canary" not in execution.observation
    assert execution.status == "error" or execution.observation == "HELD", execution
    assert full_lane.run(full_lane.root(), "import sympy\nsympy.Rational(1, 3)").observation == "1/3"


@pytest.mark.skipif(os.uname().machine != "x86_64", reason="the numbers are those of x86_64")
@pytest.mark.parametrize("name", CALLS)
def test_system_call_is_held(full_lane, prey, name):
    code = f"import ctypes\nprint('HELD' if ctypes.CDLL(None).syscall({CALLS[name].format(**prey)}) < 0 else 'done')"
    assert full_lane.run(full_lane.root(), code).observation == "HELD"


def test_a_step_cannot_speak_for_another(full_lane):
    """Frames that pretend to be results, on every descriptor, hurt only the path that writes them."""
    other = full_lane.run(full_lane.root(), "x = 'other'").snapshot
    forged = (
        "import os\nfor fd in range(3, 64):\n    for frame in (b'o', b'H', b'F', b'R' + bytes(64)):\n"
        "        try: os.write(fd, frame)\n        except OSError: pass"
    )
    mine = full_lane.run(full_lane.root(), forged)
    assert mine.status in ("ok", "error", "crashed")
    assert full_lane.run(other, "x").observation == "other"
    assert full_lane.run(full_lane.root(), "import math; 1 + 1").observation == "2"


LIARS = {
    "never forks": "os.fork = lambda: 1",
    "serves nothing": "os.close = lambda fd: None",
    "says done at once, and runs on": "for fd in range(3, 8):\n    try: os.write(fd, b'o')\n    except OSError: pass\n"
    "while True: pass",
    "replaces the runner": "sys.modules['amz_env.interpreter.server.runner'].run = lambda *a: b'o'",
    "replaces the send": "import socket\nsocket.socket.send = lambda *a: 1",
    "forks in a handler": "import signal\ndef spin(*a):\n    os.fork()\n    while True: pass\n"
    "signal.signal(signal.SIGCONT, spin)",
}


def test_lying_snapshots_hurt_only_their_own_paths():
    with Interpreter(timeout=2.0, fast_lane=False, workers=2 * len(LIARS)) as interpreter:
        other = interpreter.run(interpreter.root(), "x = 'other'").snapshot
        liars = [interpreter.run(interpreter.root(), "import os, sys\n" + code).snapshot for code in LIARS.values()]
        with ThreadPoolExecutor(len(liars)) as pool:
            lies = [pool.submit(interpreter.run, liar, "print('next')") for liar in liars]
            assert interpreter.run(other, "x").observation == "other"
            assert interpreter.run(interpreter.root(), "import math; 1 + 1").observation == "2"
            for lie in lies:
                lie.result()
        assert interpreter.run(other, "x, 1").observation == "('other', 1)"
        deadline = time.monotonic() + 20
        while running(interpreter.processes()) and time.monotonic() < deadline:
            time.sleep(0.1)
        assert not running(interpreter.processes())


def running(pids: list[int]) -> list[int]:
    """Those of `pids` that use CPU with nobody asking them to."""
    before = {pid: ticks(pid) for pid in pids}
    time.sleep(0.3)
    return [pid for pid in pids if ticks(pid) > before[pid] + 2]


def ticks(pid: int) -> int:
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0
    return int(fields[11]) + int(fields[12])


def test_paths_leave_no_trace_in_each_other(full_lane):
    full_lane.run(
        full_lane.root(),
        "import builtins, decimal, sympy\nbuiltins.str = None\ndecimal.getcontext().prec = 1\nsympy.sqrt = None",
    )
    after = full_lane.run(
        full_lane.root(), "import decimal, sympy\nprint(str(7), decimal.Decimal(1) / 3, sympy.sqrt(4))"
    )
    assert after.observation == "7 0.3333333333333333333333333333 2"


def alive(pids: list[int]) -> list[int]:
    """Those of `pids` that still live."""
    found = []
    for pid in pids:
        try:
            state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
        except OSError:
            continue
        if state != "Z":
            found.append(pid)
    return found


def in_memory(pid: int, needle: bytes) -> bool:
    """Whether `needle` is in the writable memory of a process."""
    with open(f"/proc/{pid}/maps") as maps, open(f"/proc/{pid}/mem", "rb", 0) as memory:
        for line in maps:
            start, end = (int(bound, 16) for bound in line.split()[0].split("-"))
            if line.split()[1].startswith("rw"):
                try:
                    memory.seek(start)
                    if needle in memory.read(end - start):
                        return True
                except OSError:
                    continue
    return False


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may read the memory of confined processes")
def test_the_reference_answer_is_in_no_process_of_the_server():
    answer = "answer-" + secrets.token_hex(8)  # held here, as a trainer would
    os.environ["AMZ_TEST_ANSWER"] = answer
    try:
        with Interpreter(fast_lane=False) as interpreter:
            interpreter.run(interpreter.root(), "mark = 'in this ' + 'path only'")
            members = interpreter.processes()
            assert len(members) == 3  # warden, fork server, snapshot
            assert [in_memory(pid, b"in this path only") for pid in members].count(True) == 1  # it finds what is there
            assert not any(in_memory(pid, answer.encode()) for pid in members)
    finally:
        del os.environ["AMZ_TEST_ANSWER"]


def test_nothing_is_left_after_close_or_after_the_host_is_killed():
    with Interpreter(fast_lane=False) as interpreter:
        for i in range(5):
            interpreter.run(interpreter.root(), f"x = {i}")
        members = interpreter.processes()
        assert len(members) == 7  # warden, fork server, snapshots
    until_gone(members)
    code = (
        "from amz_env.interpreter import Interpreter; import time\n"
        "i = Interpreter(); i.run(i.root(), '1'); i.run(i.root(), 'import math')\n"
        "print(*i.processes(), flush=True); time.sleep(100)"
    )
    host = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True, env=ENVIRONMENT)
    members = [int(pid) for pid in host.stdout.readline().split()]
    assert len(members) == 3
    workers = [pid for pid in children(host.pid) if pid not in members]
    assert len(workers) == 1  # of the fast lane
    members += workers
    assert alive(members) == members
    host.send_signal(signal.SIGKILL)
    host.wait()
    host.stdout.close()
    until_gone(members)


def children(parent: int) -> list[int]:
    """The processes that `parent` has started."""
    found = []
    for entry in Path("/proc").glob("[0-9]*/stat"):
        try:
            if int(entry.read_text().rpartition(")")[2].split()[1]) == parent:
                found.append(int(entry.parent.name))
        except OSError:
            continue
    return found


def until_gone(pids: list[int], seconds: float = 10) -> None:
    """Wait for `pids` to end; two seconds do on a machine that is not busy."""
    deadline = time.monotonic() + seconds
    while alive(pids) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert alive(pids) == []


def test_hoarded_memory_and_snapshots_stay_within_the_budget():
    with Interpreter(fast_lane=False, snapshots=4) as interpreter:
        for i in range(12):
            interpreter.run(interpreter.root(), f"x = bytearray(30 << 20); {i}")
        assert len(interpreter.processes()) <= 2 + 5


def run_refusing(
    *names: str, isolation: str = "strict", code: str = "import os; os.getuid()"
) -> subprocess.CompletedProcess:
    """Run code on a host that refuses `names`."""
    script = (
        "import json, warnings; from amz_env.interpreter import Interpreter\n"
        f"i = Interpreter(isolation={isolation!r}); e = i.run(i.root(), {code!r}); i.close()\n"
        "print(json.dumps([e.status, e.observation, e.isolation]))"
    )
    command = [sys.executable, str(HERE / "refuse_layers.py"), *names, "--", sys.executable, "-c", script]
    return subprocess.run(command, capture_output=True, text=True, timeout=300, env=ENVIRONMENT)


@pytest.mark.parametrize("refused", ["namespaces", "mounts"])
def test_without_a_root_of_its_own_all_properties_hold(refused):
    done = run_refusing(refused, code="open('/etc/passwd')")
    status, observation, isolation = json.loads(done.stdout)
    assert (status, isolation) == ("error", "strict")
    assert observation.startswith("PermissionError")


def test_where_files_cannot_be_kept_out_it_refuses_and_says_why():
    done = run_refusing("namespaces", "landlock")
    error = done.stderr
    assert "SandboxUnavailable" in error
    assert "files of the host cannot be read: not so" in error
    assert "cause: no landlock: [Errno 38]" in error
    assert re.search(r"remedy: .*5\.13.*Landlock", error)
    assert "AMZ_ISOLATION=weak" in error


def test_weak_isolation_goes_on_warns_and_stamps():
    done = run_refusing("namespaces", "landlock", isolation="weak")
    status, _, isolation = json.loads(done.stdout)
    assert status == "ok"
    assert isolation.startswith("weak:read")
    assert done.stderr.count("isolation='weak' is in force") == 1


def test_without_the_gate_it_keeps_every_promise_without_snapshots():
    code = "import os\nos.fork()"
    done = run_refusing("listener", code=code)
    status, observation, isolation = json.loads(done.stdout)
    assert (status, isolation) == ("error", "strict")
    assert observation == "PermissionError: [Errno 1] Operation not permitted"
    assert done.stderr.count("no snapshots on this host ([Errno 22] seccomp: Invalid argument)") == 1
    assert issubclass(SandboxUnavailable, RuntimeError)

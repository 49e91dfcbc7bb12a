"""The warden: a small trusted process that starts, pauses, resumes and kills the processes of steps.

It is the only process that the host talks to. It stays outside the confinement, runs no model-written code and reads
from the step processes nothing but single bytes. When the host goes away, by whatever death, it kills them all.
"""

import collections
import contextlib
import json
import os
import resource
import select
import signal
import socket
import sys
import time
from typing import Any, NoReturn

from amz_env.interpreter.server import kernel, seccomp, wire, zygote
from amz_env.interpreter.server.processes import Process, Request, group_members, private_bytes, receive

_HELLO_SECONDS = 3.0  # a parent that has not forked by then is dead or lying
_PR_SET_CHILD_SUBREAPER = 36
_OTHER_FILES = 40  # open in the warden beside the two of each paused process: its own, and those of running steps
_HOARD = 1 << 26  # bytes of its own beyond which a snapshot is among the first to be evicted


def _most_processes() -> int:
    """Let this process open as many files as the system allows, and return for how many paused processes that is."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    with contextlib.suppress(OSError, ValueError):
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    limit, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return max(2, (limit - _OTHER_FILES) // 2) if limit != resource.RLIM_INFINITY else sys.maxsize


class Warden:
    """The event loop. `snapshots` maps the host's numbers to paused processes, least recently used first.

    Without a gate there are no snapshots: a step that has ended well is killed too, and its code run again if needed.
    `loose` says that steps may fork as they like.
    """

    def __init__(
        self, host: socket.socket, root: Process, gate: seccomp.Gate | None, loose: bool, options: dict[str, Any]
    ) -> None:
        self._host = host
        self._root = root
        self._gate = gate
        self._loose = loose
        self._by_pid: dict[int, Process] = {root.pid: root}
        self._most = min(options["snapshots"], _most_processes())
        self._budget = options["budget_bytes"]
        self._snapshots: collections.OrderedDict[int, Process] = collections.OrderedDict({0: root})
        self._by_descriptor: dict[int, Process] = {}
        self._active: set[Process] = set()
        self._total = 0
        self._suspicious = False
        self._baseline = private_bytes(root.pid)
        self._poll = select.epoll()
        self._poll.register(host.fileno(), select.EPOLLIN)
        if gate is not None:
            self._poll.register(gate.listener, select.EPOLLIN)
        self._poll.register(root.pidfd, select.EPOLLIN)

    def run(self) -> None:
        """Serve until the host or the fork server goes."""
        host_gone = os.pidfd_open(os.getppid())
        self._poll.register(host_gone, select.EPOLLIN)
        while True:
            wait = min((process.deadline for process in self._active), default=float("inf")) - time.monotonic()
            for descriptor, _ in self._poll.poll(None if wait == float("inf") else max(0.0, wait)):
                if descriptor in (host_gone, self._root.pidfd):
                    return
                if descriptor == self._host.fileno():
                    if not self._from_host():
                        return
                elif self._gate is not None and descriptor == self._gate.listener:
                    self._at_gate(self._gate)
                elif descriptor in self._by_descriptor:
                    self._from_process(self._by_descriptor[descriptor])
            now = time.monotonic()
            for process in [p for p in self._active if p.deadline <= now]:
                self._finish(process, wire.TIMEOUT if process.pid else wire.GONE)
            if self._suspicious and all(process.pid for process in self._active):
                self._sweep()

    def _from_host(self) -> bool:
        message, descriptors = wire.receive_with_descriptors(self._host, wire.REQUEST.size, 2)
        if not message:
            return False
        verb, parent_key, child_key, seconds, earlier = wire.REQUEST.unpack(message)
        parent = self._snapshots.get(parent_key)
        if verb == wire.RELEASE:
            if parent is not None and parent is not self._root and not parent.waiting and parent.forking is None:
                self._drop(parent)
        elif verb in (wire.RUN, wire.RUN_IN_PLACE):
            request = Request(child_key, seconds, earlier, *descriptors)
            if parent is None:
                request.answer(wire.GONE)
            elif verb == wire.RUN_IN_PLACE and self._may_go_on(parent):
                self._go_on(parent, request)
            else:
                self._snapshots.move_to_end(parent_key)
                parent.waiting.append(request)
                self._fork_next(parent)
        return True

    def _may_go_on(self, process: Process) -> bool:
        return process is not self._root and not process.waiting and process.forking is None

    def _go_on(self, process: Process, request: Request) -> None:
        """Let a paused process run the next step itself: it stops being the snapshot that it was."""
        self._forget(process)
        process.request = request
        process.deadline = time.monotonic() + request.seconds
        self._active.add(process)
        process.signal(signal.SIGCONT)
        try:
            wire.send_with_descriptors(process.control, wire.GO_ON, request.slate)
        except OSError:
            self._finish(process, wire.GONE)

    def _fork_next(self, parent: Process) -> None:
        """Let a paused process fork for the next request that waits for it, one at a time."""
        if parent.forking is not None or not parent.waiting:
            return
        request = parent.waiting.popleft()
        mine, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        mine.setsockopt(socket.SOL_SOCKET, socket.SO_PASSCRED, 1)
        child = Process(mine, parent, request, time.monotonic() + _HELLO_SECONDS)
        parent.forking = child
        self._active.add(child)
        self._watch(child, mine.fileno())
        parent.may_fork = True
        if parent is not self._root:
            parent.signal(signal.SIGCONT)
        try:
            wire.send_with_descriptors(parent.control, wire.FORK, theirs.fileno(), request.slate)
        except OSError:
            self._finish(child, wire.GONE)
        theirs.close()

    def _watch(self, process: Process, descriptor: int) -> None:
        self._by_descriptor[descriptor] = process
        self._poll.register(descriptor, select.EPOLLIN)

    def _from_process(self, process: Process) -> None:
        try:
            message, sender = receive(process.control, 2, socket.MSG_DONTWAIT)
        except BlockingIOError:
            if not process.is_dead():
                return  # the event was for another process whose descriptor's number this one has inherited
            message, sender = b"", 0
        except OSError:
            message, sender = b"", 0
        if process.pid == 0:
            if message == wire.HELLO and sender and sender not in self._by_pid:
                self._greet(process, sender)
            else:
                self._finish(process, wire.GONE)
        elif process.request is not None and message in (wire.OK, wire.ERROR, wire.FLOOD):
            self._finish(process, message)
        elif process.request is not None and message == wire.BEGUN and process.request.earlier:
            process.request.earlier = 0.0  # once: what runs may lie
            process.deadline = time.monotonic() + process.request.seconds
        else:
            self._finish(process, wire.CRASHED)

    def _at_gate(self, gate: seccomp.Gate) -> None:
        """Grant the one fork that a process has been asked for; refuse any other."""
        waiting = gate.next()
        if waiting is None:
            return
        identity, pid = waiting
        process = self._by_pid.get(pid)
        granted = process is not None and (process.may_fork or process is self._root)  # which runs no code of a step
        if process is not None:
            process.may_fork = False
        gate.answer(identity, granted)

    def _greet(self, process: Process, pid: int) -> None:
        """A forked child has said hello: the kernel vouches for `pid`."""
        process.pid = pid
        try:
            process.pidfd = os.pidfd_open(pid)
            mine = os.getpgid(pid) == os.getpgrp()  # else another process has been given the number since
        except OSError:
            mine = False
        if not mine:  # it has ended already
            if process.pidfd >= 0:
                os.close(process.pidfd)
                process.pidfd = -1
            self._finish(process, wire.CRASHED)
            return
        self._by_pid[pid] = process
        assert process.request is not None
        self._watch(process, process.pidfd)  # not only its socket: a paused parent may still hold a copy of that
        process.deadline = time.monotonic() + process.request.seconds + process.request.earlier
        self._forked(process)

    def _forked(self, child: Process) -> None:
        """Pause the parent again; it may fork for the next one."""
        parent, child.parent = child.parent, None
        if parent is None or parent.forking is not child:
            return
        parent.forking, parent.may_fork = None, False
        if child.pid == 0 and parent is not self._root:  # it has not done as it was told
            self._suspicious = True
            self._drop(parent)
            return
        if not parent.waiting and parent is not self._root:
            parent.signal(signal.SIGSTOP)
            if self._snapshots.get(parent.key) is parent:
                self._weigh(parent)  # its handlers may have run, and taken more memory
        self._fork_next(parent)

    def _finish(self, process: Process, status: bytes) -> None:
        """Pause a step that has ended well as a snapshot; end any other. Then tell the host."""
        request, process.request = process.request, None
        self._active.discard(process)
        process.deadline = float("inf")
        self._suspicious |= self._loose
        self._forked(process)
        if request is None:
            self._drop(process)
            return
        if status in (wire.OK, wire.ERROR) and self._gate is not None:
            process.signal(signal.SIGSTOP)
            self._keep(process, request.child)
        else:
            self._drop(process)
        request.answer(status)

    def _keep(self, process: Process, key: int) -> None:
        if key in self._snapshots:  # two threads have restored the same snapshot
            self._drop(process)
            return
        process.key = key
        self._snapshots[key] = process
        self._weigh(process)

    def _weigh(self, snapshot: Process) -> None:
        """Take note of how much memory a snapshot holds by now, and make room where it is too much."""
        self._total -= snapshot.grown
        snapshot.grown = max(0, private_bytes(snapshot.pid) - self._baseline)
        self._total += snapshot.grown
        if len(self._snapshots) > self._most + 1 or self._total > self._budget:
            self._evict(snapshot)

    def _evict(self, newest: Process) -> None:
        """Make room: hoarders go first, then the least recently used."""
        for victim in sorted(self._snapshots.values(), key=lambda process: process.grown < _HOARD):
            if len(self._snapshots) <= self._most + 1 and self._total <= self._budget:
                break
            if victim not in (self._root, newest) and victim.forking is None:
                self._drop(victim)

    def _sweep(self) -> None:
        """Kill what a lying process may have forked: all that is not known, at a moment when no fork is under way."""
        self._suspicious = False
        for pid in group_members():
            if pid not in self._by_pid:
                with contextlib.suppress(OSError):
                    os.kill(pid, signal.SIGKILL)

    def _forget(self, process: Process) -> None:
        """Let a process be no snapshot any more."""
        if self._snapshots.get(process.key) is process:
            del self._snapshots[process.key]
            self._total -= process.grown
            process.key, process.grown = -1, 0

    def _drop(self, process: Process) -> None:
        """Kill a process and forget it; what waits for it is told that it is gone."""
        process.signal(signal.SIGKILL)
        self._by_pid.pop(process.pid, None)
        self._active.discard(process)
        self._forget(process)
        for descriptor in (process.control.fileno(), process.pidfd):
            self._by_descriptor.pop(descriptor, None)
        process.control.close()  # which ends its registration too
        if process.pidfd >= 0:
            os.close(process.pidfd)
            process.pidfd = -1
        while process.waiting:
            process.waiting.popleft().answer(wire.GONE)


def main(descriptor: int) -> NoReturn:
    """Entry point: start the fork server, report to the host, serve, and leave nothing behind."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits: the kernel buries the dead
    with contextlib.suppress(OSError):
        kernel.prctl(_PR_SET_CHILD_SUBREAPER, 1)
    host = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET, 0, descriptor)
    options = json.loads(host.recv(1 << 16))
    null = os.open(os.devnull, os.O_RDWR)
    for standard in (0, 1, 2):
        os.dup2(null, standard)
    os.close(null)
    mine, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    mine.setsockopt(socket.SOL_SOCKET, socket.SO_PASSCRED, 1)
    if os.fork() == 0:
        try:
            mine.close()
            host.close()
            zygote.main(theirs, options)
        except BaseException as error:
            theirs.send(f"{type(error).__name__}: {error}".encode()[:1000])
        os._exit(1)
    theirs.close()
    try:
        _serve(host, mine, options)
    finally:
        os.kill(0, signal.SIGKILL)  # the whole process group: fork server, snapshots, running steps and ourselves
    raise AssertionError("unreachable")


def _serve(host: socket.socket, control: socket.socket, options: dict[str, Any]) -> None:
    """Wait for the fork server, tell the host what it has, and run until the host goes."""
    message, pid = receive(control, 1000)
    if message != wire.HELLO:
        host.send(json.dumps({"failure": message.decode("utf-8", "replace")}).encode())
        return
    report, descriptors = wire.receive_with_descriptors(control, 1 << 14, 1)
    root = Process(control, pid=pid, pidfd=os.pidfd_open(pid), key=0)
    layers = json.loads(report)
    host.send(json.dumps({"layers": layers, "replays": not descriptors}).encode())
    gate = seccomp.Gate(descriptors[0]) if descriptors else None
    Warden(host, root, gate, bool(layers["seccomp"]), options).run()

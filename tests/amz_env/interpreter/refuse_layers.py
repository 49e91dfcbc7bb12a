"""Run a command on a host that refuses what is named: ``python refuse_layers.py namespaces -- COMMAND ...``.

It simulates, by a system-call filter of its own, a container that grants no namespaces (as Docker does by default), or
a kernel without Landlock or without the notification that the fork gate needs.
"""

import errno
import os
import sys

from amz_env.interpreter.server import kernel, seccomp

_EPERM = (0x06, 0, 0, 0x00050000 | errno.EPERM)
_EINVAL = (0x06, 0, 0, 0x00050000 | errno.EINVAL)
_ENOSYS = (0x06, 0, 0, 0x00050000 | errno.ENOSYS)
_ALLOW = (0x06, 0, 0, 0x7FFF0000)
_LOAD_FLAGS = (0x20, 0, 0, 16)
_NAMESPACE_FLAGS = 0x7E020080
REFUSALS = {
    "namespaces": [
        *[
            rule
            for name in ("unshare", "mount", "pivot_root", "umount2", "mount_setattr")
            for rule in seccomp._rule(name, [_EPERM])
        ],
        *seccomp._rule("clone", [_LOAD_FLAGS, (0x45, 0, 1, _NAMESPACE_FLAGS), _EPERM, _ALLOW]),
    ],
    # As on Ubuntu 24.04: namespaces are granted, and are of no use.
    "mounts": seccomp._rule("mount", [_EPERM]),
    "landlock": [
        rule
        for name in ("landlock_create_ruleset", "landlock_restrict_self")
        for rule in seccomp._rule(name, [_ENOSYS])
    ],
    # The flag SECCOMP_FILTER_FLAG_NEW_LISTENER, in the second argument.
    "listener": seccomp._rule("seccomp", [(0x20, 0, 0, 24), (0x45, 0, 1, 8), _EINVAL, _ALLOW]),
}


def refuse(*names: str) -> None:
    """Take away from this process, for good, what is named."""
    rules = [rule for name in names for rule in REFUSALS[name]]
    kernel.prctl(38, 1)  # no_new_privs: without it, only root may install a filter
    seccomp.install([(0x20, 0, 0, 0), *rules, _ALLOW], listener=False)


if __name__ == "__main__":
    split = sys.argv.index("--")
    refuse(*sys.argv[1:split])
    os.execvp(sys.argv[split + 1], sys.argv[split + 1 :])

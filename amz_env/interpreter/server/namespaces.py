"""A world of its own for the fork server: no network, no other processes, and a few read-only folders for a root."""

import os
import struct

from amz_env.interpreter.server import kernel

NOBODY = 65534
_USER, _NEW = 0x10000000, 0x00020000 | 0x20000000 | 0x40000000 | 0x08000000 | 0x04000000  # mount pid net ipc uts
_MS_BIND, _MS_REC, _MS_PRIVATE = 4096, 16384, 1 << 18
_READ_ONLY = 1 | 2 | 4  # MOUNT_ATTR_RDONLY, NOSUID, NODEV
_AT_FDCWD, _AT_RECURSIVE, _MNT_DETACH = -100, 0x8000, 2
_BASES = ("/tmp", "/mnt", "/media", "/srv", "/run", "/opt", "/home")  # where the new root may be put together, unseen


def enter() -> None:
    """Move to new namespaces. The process namespace holds for children only: fork next.

    Raises:
        OSError: the host refused.
    """
    user, group = os.geteuid(), os.getegid()
    try:
        if user != 0:
            raise PermissionError
        kernel.call("unshare", _NEW)
    except PermissionError:
        kernel.call("unshare", _USER | _NEW)
        _write("/proc/self/setgroups", "deny")
        _write("/proc/self/uid_map", f"{NOBODY} {user} 1")
        _write("/proc/self/gid_map", f"{NOBODY} {group} 1")


def build_root(readable: list[str], hidden: list[str]) -> None:
    """Make a root directory that holds `readable`, less `hidden`, and nothing can be written in.

    Raises:
        OSError: the host refused.
    """
    base = base_for([*readable, *hidden])
    kernel.call("mount", None, b"/", None, _MS_REC | _MS_PRIVATE, None)
    kernel.call("mount", b"tmpfs", base.encode(), b"tmpfs", 0, b"mode=755,size=1m")
    try:
        _fill(base, readable, hidden)
        old = base + "/.old"
        os.mkdir(old)
        kernel.call("pivot_root", base.encode(), old.encode())
    except OSError:
        kernel.call("umount2", base.encode(), _MNT_DETACH)  # the other layers must see the host as it is
        raise
    os.chdir("/")
    kernel.call("umount2", b"/.old", _MNT_DETACH)
    os.rmdir("/.old")
    attributes = struct.pack("=QQQQ", _READ_ONLY, 0, 0, 0)
    kernel.call("mount_setattr", _AT_FDCWD, b"/", _AT_RECURSIVE, attributes, len(attributes))


def base_for(paths: list[str]) -> str:
    """Return a folder to put the new root together in: one that none of `paths` lies in, since it will be covered.

    Raises:
        OSError: there is none.
    """
    for base in _BASES:
        if os.path.isdir(base) and not any(os.path.realpath(path).startswith(base + "/") for path in paths):
            return base
    raise OSError(f"no folder among {', '.join(_BASES)} is free of what must stay readable")


def _fill(base: str, readable: list[str], hidden: list[str]) -> None:
    for path in readable:
        target = base + path
        if os.path.isdir(path):
            os.makedirs(target, exist_ok=True)
        else:
            os.makedirs(os.path.dirname(target), exist_ok=True)
            os.close(os.open(target, os.O_CREAT, 0o644))
        kernel.call("mount", path.encode(), target.encode(), None, _MS_BIND | _MS_REC, None)
    for path in hidden:
        kernel.call("mount", b"tmpfs", (base + path).encode(), b"tmpfs", 0, b"mode=755,size=4k")


def become_nobody() -> None:
    """Change root's identity to that of nobody; another identity stays as it is.

    Raises:
        OSError: the host refused.
    """
    if os.geteuid() == 0:
        os.setgroups([])
        os.setresgid(NOBODY, NOBODY, NOBODY)
        os.setresuid(NOBODY, NOBODY, NOBODY)


def _write(path: str, text: str) -> None:
    with open(path, "w") as file:
        file.write(text)

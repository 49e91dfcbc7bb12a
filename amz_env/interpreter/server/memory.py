"""Lays out the fork server's memory so that its forks are cheap.

A fork copies the tables of all the memory that is in small pages, and then each page that either side writes to; an
object whose references are counted is written to whenever it is looked at. So what steps share is kept in one piece,
in huge pages, and what they allocate lies together. All of this only saves time: where the host or its C library
cannot do it, nothing is done.
"""

import contextlib
import ctypes
import sys
from collections.abc import Iterator

_HUGE = 1 << 21
_MADV_COLLAPSE = 25
_M_TRIM_THRESHOLD, _M_MMAP_THRESHOLD = -1, -3  # of glibc's mallopt
_POOL = 1 << 14  # Python's memory comes in pools of this size and alignment
_LARGEST = 512  # bytes of an object beyond which Python asks the C library

_plugs: list[object] = []
_libc = ctypes.CDLL(None)


class _ArenaAllocator(ctypes.Structure):
    """Python's own `PyObjectArenaAllocator`: whom it asks for memory, a mebibyte at a time."""

    _fields_ = (("context", ctypes.c_void_p), ("allocate", ctypes.c_void_p), ("free", ctypes.c_void_p))


@contextlib.contextmanager
def in_one_piece() -> Iterator[None]:
    """While it lasts, let Python's memory grow the heap, instead of going to the gaps between libraries."""
    if not hasattr(_libc, "mallopt"):  # not glibc
        yield
        return
    usual, heap = _ArenaAllocator(), _ArenaAllocator()
    for allocator in (usual, heap):
        ctypes.pythonapi.PyObject_GetArenaAllocator(ctypes.byref(allocator))
    heap.context = _POOL  # the first argument: the alignment
    heap.allocate = ctypes.cast(_libc.aligned_alloc, ctypes.c_void_p).value  # what is freed is unmapped, as ever
    _libc.mallopt(_M_MMAP_THRESHOLD, 1 << 30)
    ctypes.pythonapi.PyObject_SetArenaAllocator(ctypes.byref(heap))
    try:
        yield
    finally:
        ctypes.pythonapi.PyObject_SetArenaAllocator(ctypes.byref(usual))
        _libc.mallopt(_M_MMAP_THRESHOLD, 2 * _HUGE)
        _libc.mallopt(_M_TRIM_THRESHOLD, 4 * _HUGE)


def use_huge_pages() -> None:
    """Gather this process's memory in huge pages where the kernel can. A page that a child writes is copied alone."""
    with open("/proc/self/maps") as file:
        lines = [line.split() for line in file]
    for fields in lines:
        if fields[1] != "rw-p" or fields[5:] not in ([], ["[heap]"]):
            continue
        start, end = (int(bound, 16) for bound in fields[0].split("-"))
        for page in range(-(-start // _HUGE) * _HUGE, end - _HUGE + 1, _HUGE):
            _libc.madvise(ctypes.c_void_p(page), ctypes.c_size_t(_HUGE), _MADV_COLLAPSE)


def fill_holes() -> None:
    """Take up the room left between Python's objects, for the rest of this process's life.

    What a step allocates then lies together beyond them, and not on pages all over the heap.
    """
    _libc.sbrk.restype = ctypes.c_void_p
    fresh = int(_libc.sbrk(ctypes.c_long(0)) or 0) - (1 << 20)  # the last arena counts as new
    for size in range(32, _LARGEST + 1, 16):
        while not _plugs or id(_plugs[-1]) < fresh or sys.getsizeof(_plugs[-1]) != size:
            _plugs.append(complex(1, 1) if size == 32 else bytes(size - sys.getsizeof(b"")))

"""The memory of the process: what was freed goes back to the machine, so that a long job does not keep what it had.

Only what keeps much is told; no byte of a run depends on it.
"""

import ctypes
import os
import sys
from functools import cache

_MMAP_THRESHOLD, _ARENA_MAX = -3, -8  # Source: malloc.h of glibc, M_MMAP_THRESHOLD and M_ARENA_MAX
ASSUMED_LARGE_BYTES = 8 << 20
"""Arrays from this size on are given back as soon as they are freed; the library lets its own rise to 32 MiB.
Measured on a city: with 1 MiB it takes as much memory, and the kernel half as long again to clear pages."""
_ARENAS = 2
ALLOCATORS = {"_RJEM_MALLOC_CONF": "dirty_decay_ms:500,muzzy_decay_ms:0", "ARROW_DEFAULT_MEMORY_POOL": "system"}
"""What the allocators of polars (jemalloc) and Arrow read when they are loaded. Left to themselves, the one never gives
back what it has marked as free, and the other keeps what Parquet files were written from."""


def thrifty() -> None:
    """Have large arrays given back as soon as they are freed; for the process and its workers, before it has any."""
    for name, value in ALLOCATORS.items():
        os.environ.setdefault(name, value)
    library = _library()
    if library is not None:
        library.mallopt(_MMAP_THRESHOLD, ASSUMED_LARGE_BYTES)
        library.mallopt(_ARENA_MAX, _ARENAS)


def give_back() -> None:
    """Give back what was freed piecemeal: between the stages of a long job."""
    library = _library()
    if library is not None:
        library.malloc_trim(0)


@cache
def _library() -> ctypes.CDLL | None:
    """The C library, if it is one that can be told."""
    if sys.platform != "linux":
        return None
    library = ctypes.CDLL(None)
    return library if hasattr(library, "mallopt") and hasattr(library, "malloc_trim") else None

"""What is freed goes back to the machine; no result depends on it."""

import subprocess
import sys

from simulator.memory import ALLOCATORS, give_back

_JOB = """
import os
from simulator import memory
memory.thrifty()
memory.thrifty()
import numpy as np, pyarrow as pa

def resident():
    with open("/proc/self/statm") as told:
        return int(told.read().split()[1]) * os.sysconf("SC_PAGE_SIZE") >> 20

np.ones(1 << 21)  # after this the library would put arrays of its size among the small ones
held = [(np.ones(1 << 21), np.ones(1 << 10)) for _ in range(13)]  # 208 MiB in arrays of 16 MiB, small ones between
high, kept = resident(), [small for _, small in held]
del held
print(high - resident(), pa.default_memory_pool().backend_name)
"""


def test_large_arrays_are_given_back_at_once():
    """Of 208 MiB in arrays of 16 MiB nearly all is back when they are freed, and Arrow takes from the same place."""
    told = subprocess.run([sys.executable, "-c", _JOB], capture_output=True, text=True, check=True)
    back, arrow = told.stdout.split()
    assert arrow == "system"
    if sys.platform == "linux":
        assert int(back) > 180


def test_what_the_user_has_set_stands():
    """Allocators that the environment names already are left to it."""
    job = (
        "import os; from simulator import memory; memory.thrifty(); print(*(os.environ[n] for n in memory.ALLOCATORS))"
    )
    set_ = dict.fromkeys(ALLOCATORS, "")
    told = subprocess.run([sys.executable, "-c", job], capture_output=True, text=True, check=True, env=set_)
    assert not told.stdout.strip()
    give_back()

"""What a start or a burst needed once goes back to the system; without glibc nothing happens, and nothing breaks."""

from __future__ import annotations

import ctypes
import subprocess
import sys

import pytest

from bot.engine import memory

PROGRAM = """
from bot.engine import memory

def resident():
    with open("/proc/self/statm") as statm:
        return int(statm.read().split()[1]) * 4096

memory.few_arenas()
kept = []
for _ in range(20_000):
    kept.append(bytes(4_000))
edge = bytes(4_000)
before = resident()
del kept
memory.give_back()
print(before - resident())
"""


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_free_memory_goes_back() -> None:
    if not hasattr(ctypes.CDLL(None), "malloc_trim"):
        pytest.skip("this C library has no malloc_trim")
    freed = int(subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, check=True, text=True).stdout)
    assert freed > 40_000_000


def test_another_c_library_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ctypes, "CDLL", lambda _name: object())
    memory.few_arenas()
    memory.give_back()

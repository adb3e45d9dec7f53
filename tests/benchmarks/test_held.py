"""What a process holds."""

import mmap
import os
import threading

from benchmarks.held import held_by, lowest_of

MANY_BYTES = 40_000_000


def test_files_threads_and_memory_are_counted():
    before = held_by(os.getpid())
    is_over = threading.Event()
    thread = threading.Thread(target=is_over.wait)
    thread.start()
    descriptor = os.open(os.devnull, os.O_RDONLY)
    kept = mmap.mmap(-1, MANY_BYTES, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
    kept.write(b"x" * MANY_BYTES)
    after = held_by(os.getpid())
    kept.close()
    os.close(descriptor)
    is_over.set()
    thread.join()
    assert after.descriptors == before.descriptors + 1
    assert after.threads == before.threads + 1
    assert after.own - before.own > 0.9 * MANY_BYTES
    assert lowest_of(os.getpid(), looks=2).threads <= after.threads

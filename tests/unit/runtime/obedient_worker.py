"""A worker process that does what its tasks say: run by test_processes.py."""

import os
import time
from pathlib import Path

from server.runtime.worker import allow, work


def perform(task):
    doing = task["do"]
    if doing == "echo":
        return {"said": task["say"], "pid": os.getpid()}, [b"a" * task["bytes"], b""]
    if doing == "sleep":
        time.sleep(task["seconds"])
    elif doing == "spin":
        allow(task["seconds"])
        while True:
            pass
    elif doing == "end":
        os._exit(3)
    elif doing == "eat":
        try:
            bytearray(task["bytes"])
        except MemoryError:
            return {"said": "no memory"}, []
    elif doing == "descriptors":
        return {"said": [each.name for each in Path("/proc/self/fd").iterdir()]}, []
    return {"said": doing}, []


if __name__ == "__main__":
    work(perform, 2_000_000_000)

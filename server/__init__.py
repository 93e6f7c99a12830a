"""Samphire: Segment Anything in the browser."""

import os

# Before numpy is imported. Its products here are small: threads for them make one on a busy machine take twice as long.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

"""What makes networks and never serves them: graph builders, exporters, the catalogue, what the build fetches."""

import os

# With one thread sums are made in one order, on every machine: what is built again is the same to the byte. Read once,
# when numpy is first imported.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

"""The command `samphire`: what is asked, and one file for each family of commands."""

import os

# The server's own threads each make a mask; were every small product split over all cores as well, they would mostly
# wait for each other: ten times longer when the machine is busy. Read once, when numpy is first imported. Programs that
# import the client have numpy as they like.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

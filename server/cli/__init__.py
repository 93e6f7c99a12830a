"""The command `samphire`: what is asked, and one file for each family of commands."""

from ..one_thread import use_one_thread

use_one_thread()

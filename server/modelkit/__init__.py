"""What makes networks and never serves them: graph builders, exporters, the catalogue, what the build fetches."""

from ..one_thread import use_one_thread

use_one_thread()

"""What several processes of one server share through Redis: what they tell each other, who is there, what is counted
and what is claimed. Nothing is kept there that would be missed: whatever must last is in the database."""

from .claims import Claims
from .counts import Counts, CountsHere
from .opening import Peers, open_peers
from .redis import Away

__all__ = ["Away", "Claims", "Counts", "CountsHere", "Peers", "open_peers"]

"""How the server and the forkserver talk: records of nine bytes, what and two numbers.

To the forkserver: `SPAWN` a reader (its end of the channel comes along) under a serial number, `KILL` a
process, make it `NICE` or `IDLE`, `LIMIT` the memory of its query to so many mebibytes. From it: `STARTED`
as serial and process, `EXITED` as process and exit code.
"""

from struct import Struct

__all__ = ["EXITED", "IDLE", "KILL", "LIMIT", "NICE", "RECORD", "SPAWN", "STARTED"]

RECORD = Struct("!cIi")
SPAWN, KILL, NICE, IDLE, LIMIT, STARTED, EXITED = b"S", b"K", b"N", b"I", b"L", b"B", b"D"

"""How the server and the nursery talk: records of nine bytes, what and two numbers.

To the nursery: `SPAWN` a reader (its end of the channel comes along) under a serial number, `KILL` a process,
make it `NICE`. From it: `BORN` as serial and process, `DEAD` as process and exit code.
"""

from struct import Struct

__all__ = ["BORN", "DEAD", "KILL", "NICE", "RECORD", "SPAWN"]

RECORD = Struct("!cIi")
SPAWN, KILL, NICE, BORN, DEAD = b"S", b"K", b"N", b"B", b"D"

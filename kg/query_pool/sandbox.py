"""Takes from a reader process what it does not need: memory without end, the network, a life of its own."""

import ctypes
import os
import platform
import resource
import struct
import sys
from contextlib import suppress
from pathlib import Path

__all__ = [
    "change_memory_limit",
    "end_with_parent",
    "forbid_network",
    "limit_memory",
    "memory_in_use",
    "python",
    "stand_back",
    "time_worked",
]

_IS_LINUX = sys.platform == "linux"
_PAGE = resource.getpagesize()
_NICEST = 19
_PR_SET_PDEATHSIG, _PR_SET_SECCOMP, _PR_SET_NO_NEW_PRIVS = 1, 22, 38
_SIGKILL, _EACCES, _FILTER = 9, 13, 2
# architecture as the kernel names it, numbers of the system calls that lead to a socket
_SOCKETS = {"x86_64": (0xC000003E, (41, 425)), "aarch64": (0xC00000B7, (198, 425))}
_LOAD, _JUMP_IF_EQUAL, _JUMP_IF_AT_LEAST, _RETURN = 0x20, 0x15, 0x35, 0x06
_ALLOW, _DENY = 0x7FFF0000, 0x00050000 | _EACCES
_FOREIGN = 0x40000000  # from here on, system calls of the other ABI of x86_64


def python(module: str, *arguments: str) -> list[str]:
    """The command that runs a module of ours; nothing in the working folder takes the place of a library."""
    return [sys.executable, "-P", "-m", module, *arguments]


def end_with_parent() -> None:
    """Let the kernel end this process when the one that forked it ends."""
    if _IS_LINUX:
        ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, _SIGKILL, 0, 0, 0)


def stand_back(process: int, *, idle: bool = False) -> None:
    """Leave a process a small share of the processors, or with `idle` none that anybody else wants.

    It cannot get that back. Whoever wakes up beside an idle one has the processor at once, and not at the end
    of a time slice; but on a machine that is busy with other things such a one may never end.
    """
    with suppress(ProcessLookupError):
        os.setpriority(os.PRIO_PROCESS, process, _NICEST)
        if idle and _IS_LINUX:
            os.sched_setscheduler(process, os.SCHED_IDLE, os.sched_param(0))


def memory_in_use() -> int:
    """Bytes of memory that this process really occupies; 0 where the system does not tell."""
    return _statm(1)


def time_worked(process: int) -> float | None:
    """Seconds that a process has had on a processor; `None` if the system does not tell, or it is gone."""
    try:
        told = Path(f"/proc/{process}/stat").read_bytes()
    except OSError:
        return None
    fields = told[told.rindex(b")") + 2 :].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def limit_memory(more: int, most: int | None = None) -> None:
    """Let this process take at most `more` bytes on top of what it has; asking for more then ends it.

    Who may change the limit can raise it up to `most`.
    """
    if not _IS_LINUX:
        return  # elsewhere the kernel accepts such a limit and ignores it
    held = _statm(5)
    resource.setrlimit(resource.RLIMIT_DATA, (held + more, held + (more if most is None else most)))


def change_memory_limit(process: int, below: int) -> None:
    """Set the limit of another process to so many bytes below the most that it may have."""
    if _IS_LINUX:
        with suppress(ProcessLookupError):
            _, most = resource.prlimit(process, resource.RLIMIT_DATA)
            resource.prlimit(process, resource.RLIMIT_DATA, (max(most - below, 0), most))


def forbid_network() -> bool:
    """Take from this process, for good, the right to open a socket; whether the system can do that.

    A filter of system calls (seccomp), which no privilege is needed for.
    """
    if not _IS_LINUX or platform.machine() not in _SOCKETS:
        return False
    program = b"".join(struct.pack("HBBI", *step) for step in _steps(*_SOCKETS[platform.machine()]))
    steps = ctypes.create_string_buffer(program, len(program))
    header = ctypes.create_string_buffer(struct.pack("HxxxxxxP", len(program) // 8, ctypes.addressof(steps)))
    libc = ctypes.CDLL(None, use_errno=True)
    libc.prctl.argtypes = [ctypes.c_int, *[ctypes.c_ulong] * 4]
    done: int = libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    done = done or libc.prctl(_PR_SET_SECCOMP, _FILTER, ctypes.addressof(header), 0, 0)
    return done == 0


def _steps(architecture: int, calls: tuple[int, ...]) -> list[tuple[int, int, int, int]]:
    """The filter as (operation, jump if so, jump if not, operand)."""
    tests = [(_JUMP_IF_EQUAL, len(calls) - number, 0, call) for number, call in enumerate(calls)]
    return [
        (_LOAD, 0, 0, 4),
        (_JUMP_IF_EQUAL, 0, len(tests) + 3, architecture),
        (_LOAD, 0, 0, 0),
        (_JUMP_IF_AT_LEAST, len(tests) + 1, 0, _FOREIGN),
        *tests,
        (_RETURN, 0, 0, _ALLOW),
        (_RETURN, 0, 0, _DENY),
    ]


def _statm(field: int) -> int:
    if not _IS_LINUX:
        return 0
    with open("/proc/self/statm", "rb", buffering=0) as file:  # noqa: PTH123  # no path object on the hot path
        return int(file.read().split()[field]) * _PAGE

"""Has updates tried in a process of its own, which is ended when one takes too long."""

import pickle
import subprocess
from collections.abc import Collection, Sequence

from kg.errors import KgError, QueryError, QueryTimeoutError
from kg.query_pool.dry_run import allowed, changes_of, copy_of
from kg.query_pool.sandbox import python
from kg.query_pool.stderr_log import logged_stderr
from kg.store import Store

__all__ = ["bounded_dry_run"]


def bounded_dry_run(
    update: str,
    store: Store,
    url: str,
    *,
    seconds: float,
    using: Sequence[str] = (),
    using_named: Sequence[str] = (),
    hosts: Collection[str] = (),
    base: str | None = None,
) -> dict[str, bytes]:
    """The graphs that an update would change, each with the N-Triples that it would then hold; ended in time.

    Args:
        update: SPARQL 1.1 Update.
        store: What it would work on; it is not changed.
        url: Where that is, for the process; a store in memory is worked on in this one.
        seconds: How long the update may take once the copy of the store has been made.
        using: Graphs that make up the default graph of its patterns, instead of the union.
        using_named: Graphs that `GRAPH` may see in its patterns.
        hosts: That SERVICE may ask.
        base: What relative IRIs are relative to; without it they are errors.

    Raises:
        QueryTimeoutError: it takes longer.
        QuerySyntaxError: it does not parse.
        QueryError: it cannot be run, or names its graphs twice.
        ForbiddenError: it would fetch something, or write into the union.
    """
    update = allowed(update, using=using, using_named=using_named, hosts=hosts)
    if url == "memory:":
        return changes_of(update, copy_of(store), base=base)
    order = pickle.dumps((url, update, base))
    with _started() as process:
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            with open(process.stdin.fileno(), "wb", closefd=False) as whole:  # no path
                whole.write(order)
            process.stdin.close()
            process.stdin = None
            process.stdout.read(1)  # comes when the copy has been made
            answer, _ = process.communicate(timeout=seconds)
        except subprocess.TimeoutExpired as error:
            raise QueryTimeoutError(seconds) from error
        except BrokenPipeError as error:
            raise QueryError("the process that tries updates ended") from error
        finally:
            process.kill()
    if process.returncode or not answer:
        raise QueryError("the process that tries updates ended; the update may need too much memory")
    result: dict[str, bytes] | KgError = pickle.loads(answer)
    if isinstance(result, KgError):
        raise result
    return result


def _started() -> subprocess.Popen[bytes]:
    pipe = subprocess.PIPE
    with logged_stderr("a process that tries an update") as stderr:
        return subprocess.Popen(
            python("kg.query_pool.dry_run_process"), bufsize=0, stdin=pipe, stdout=pipe, stderr=stderr
        )

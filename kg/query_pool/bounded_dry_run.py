"""Has updates tried in a process of its own, which is ended when one takes too long."""

import pickle
import subprocess
from collections.abc import Collection, Sequence

from kg.errors import KgError, QueryError, QueryTimeoutError
from kg.query_pool.dry_run import dry_run
from kg.query_pool.sandbox import python
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
    """As `dry_run`, but ended after a while.

    Args:
        update: SPARQL 1.1 Update.
        store: What it would work on.
        url: Where that is, for the process; a store in memory is worked on in this one.
        seconds: How long the update may take once the copy of the store has been made.
        using: As for `dry_run`.
        using_named: As for `dry_run`.
        hosts: As for `dry_run`.
        base: As for `dry_run`.

    Raises:
        QueryTimeoutError: it takes longer.
        KgError: as `dry_run`.
    """
    if url == "memory:":
        return dry_run(update, store, using=using, using_named=using_named, hosts=hosts, base=base)
    order = pickle.dumps((url, update, using, using_named, hosts, base))
    with subprocess.Popen(
        python("kg.query_pool.dry_run_process"), bufsize=0, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
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
    result: dict[str, bytes] | tuple[type[KgError], str, dict[str, object]] = pickle.loads(answer)
    if isinstance(result, dict):
        return result
    kind, text, known = result
    told = kind.__new__(kind)
    told.args = (text,)
    told.__dict__.update(known)
    raise told

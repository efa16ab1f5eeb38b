"""Run in a process of its own: tries the update that comes by standard input, and writes the changes."""

import pickle
import sys

from kg.errors import KgError
from kg.query_pool.dry_run import changes_of, copy_of
from kg.query_pool.sandbox import end_with_parent
from kg.store import open_store


def main() -> None:
    """Read an order from standard input, and write the changes or the error."""
    end_with_parent()
    url, update, base = pickle.load(sys.stdin.buffer)
    result: object
    try:
        with open_store(url) as store:
            copy = copy_of(store)
        sys.stdout.buffer.write(b"\n")  # the copy is made, and the time of the update begins
        sys.stdout.buffer.flush()
        result = changes_of(update, copy, base=base)
    except KgError as error:
        result = error
    sys.stdout.buffer.write(pickle.dumps(result))


if __name__ == "__main__":
    main()

"""Parts of a question that are the same whatever it is asked with: subqueries that sum up all there is.

Which day follows which, or when each topic first came up, takes a walk through the whole store, also where
somebody asks for one row of it. Where such a part was answered beforehand, a table stands in its place.
"""

import re
from collections.abc import Callable, Iterator
from functools import lru_cache

import pyoxigraph as ox

from kg.store.planning import SLOT, closing, planned, without_comments

__all__ = ["parts", "planned_with"]

_SUBQUERY = re.compile(r"\{\s*(?=SELECT\b)")
_PREFIX = re.compile(r"^PREFIX (\w*):\s+<([^<>]*)>", re.MULTILINE)
_MARK = "<urn:uschina-kg:part>"  # never seen by the engine
_MARKED = re.compile(rf'{_MARK} {_MARK} "(\d+)"[^.]*\.')


def parts(text: str) -> list[str]:
    """The subqueries of a question that group and that no value narrows, each as a query of its own."""
    return [alone for _, alone in _divided(text)[1]]


def planned_with(text: str, find: Callable[[str], ox.QuerySolutions | None]) -> str:
    """The text that the engine is given for a question, with tables for those of its parts that are found.

    Args:
        text: A question of the catalogue with its values.
        find: Gives the answer to a part, if it is known.
    """
    marked, divided = _divided(text)
    tables: list[str] = []
    for part, alone in divided:
        if (answer := find(alone)) is not None:
            names = [str(variable) for variable in answer.variables]
            mark = f'{_MARK} {_MARK} "{len(tables)}" , {" , ".join(names)} .'
            marked = marked.replace(part, f"SELECT {' '.join(names)} WHERE {{ {mark} }}")
            tables.append(f"VALUES ({' '.join(names)}) {{ {' '.join(map(_row, answer))} }}")
    if not tables:
        return planned(text)
    return _MARKED.sub(lambda it: tables[int(it[1])], planned(marked))


@lru_cache
def _divided(text: str) -> tuple[str, tuple[tuple[str, str], ...]]:
    """A question without comments, and its parts, each as it stands there and as a query of its own."""
    plain = without_comments(text)
    return plain, tuple((part, _alone(plain, part)) for part in _subqueries(plain))


def _subqueries(plain: str) -> Iterator[str]:
    """The outermost ones that group and have no slot."""
    at = 0
    while found := _SUBQUERY.search(plain, at):
        end = closing(plain, found.end())
        part = plain[found.end() : end].rstrip()
        wanted = "GROUP BY" in part and SLOT.search(part) is None
        if wanted:
            yield part
        at = end if wanted else found.end()


def _alone(plain: str, part: str) -> str:
    """A part as it runs by itself, with the prefixes that it needs: the same in each question."""
    prefixes = (f"PREFIX {name}: <{iri}>" for name, iri in _PREFIX.findall(plain) if f"{name}:" in part)
    return "\n".join([*prefixes, *map(str.strip, part.splitlines())])


def _row(solution: ox.QuerySolution) -> str:
    return f"({' '.join('UNDEF' if term is None else str(term) for term in solution)})"

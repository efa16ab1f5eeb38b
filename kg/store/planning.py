"""Plans questions of the catalogue for Oxigraph, which takes a query as it is written.

Questions say `FILTER(!BOUND(?topic) || EXISTS { … ?topic })` for what may be left out. Oxigraph tests that
one candidate after another, and joins what a subquery found with all there is of each property. In the text
that it is given instead, a value that is known is where the search begins, and what follows is looked up for
each solution (`LATERAL`, SEP-0006). What is asked stays the same; engines of other kinds plan by themselves.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache, lru_cache
from itertools import accumulate

import pyoxigraph as ox

from kg import resources
from kg.terms import BASE

__all__ = ["SLOT", "closing", "planned", "without_comments"]

_COMMENT = re.compile(r"^[ \t]*#.*\n", re.MULTILINE)
SLOT = re.compile(r"VALUES \?(\w+) \{ (UNDEF|<[^<>]*>|\"[^\"]*\"(?:\^\^<[^<>]*>)?) \}\s*")
_TEST = re.compile(r"FILTER\(\s*!BOUND\(\?(\w+)\)\s*\|\|\s*(.*)\)", re.DOTALL)
_PLAIN = re.compile(r"EXISTS \{ (?P<head>\?\w+ [\w:]+) \?\w+ \}")
_WITHIN = re.compile(r"EXISTS \{ (?P<head>\?\w+ [\w:]+) / skos:broaderTransitive\? \?\w+ \}")
_BELOW = re.compile(r"EXISTS \{ (?P<near>\?\w+) skos:broaderTransitive\? \?\w+ \}")
_SELF = re.compile(r"EXISTS \{ (?P<agent>\?\w+) kg:represents\? \?\w+ \}")
_FOR = re.compile(r"EXISTS \{ (?P<head>\?\w+ (?:[\w:]+|\([\w:|]+\))) / kg:represents\? \?\w+ \}")
_COUNTED_TWICE = re.compile(r"\b(?:COUNT|SUM|AVG|GROUP_CONCAT)\(\s*(?!DISTINCT)", re.IGNORECASE)
_SELECT = re.compile(r"SELECT\b(?:(?!SELECT\b).)*\bWHERE\s*\Z", re.DOTALL)
_CLAUSE = re.compile(r"\{\s*SELECT\b(.*?)\bWHERE\b", re.DOTALL)
_TABLE = re.compile(r"VALUES \(")  # of several variables: joined last, as it multiplies what is looked up
_ITEM = re.compile(r"(?P<test>FILTER)|(?P<slot>VALUES)|(?P<later>OPTIONAL|BIND|MINUS)|(?P<group>\{)")
_DATE = re.compile(
    r"(?:OPTIONAL \{ )?(?P<triple>(?P<thing>\?\w+) (?:kg:date|dcterms:issued) \?(?P<variable>\w+))\s*[.}]"
)
_BOUNDS = {
    "begins": re.compile(r"FILTER\(\s*STRSTARTS\(STR\(\?(\w+)\), STR\(\?(\w+)\)\)"),
    "from": re.compile(r"FILTER\(\s*STR\(\?(\w+)\) >= SUBSTR\(STR\(\?(\w+)\)"),
    "to": re.compile(r"FILTER\(\s*SUBSTR\(STR\(\?(\w+)\), 1, STRLEN\(STR\(\?(\w+)\)\)\) <= STR"),
}
_LASTS = re.compile(r"STRSTARTS.*STR\(\?\w+\) <= STR\(\?(\w+)\)", re.DOTALL)
_XSD = "http://www.w3.org/2001/XMLSchema#"
_TYPES = {4: "gYear", 7: "gYearMonth", 10: "date"}
_MOST_DATES = 800  # two years of days
_MANY_DATES = 80  # two months of days: more is better than all there is, but anything else comes first
_SINGLE = {"event", "other_event", "document", "subject"}  # parameters that name one thing
_FEW = 35  # a month of days: fewer statements than on a topic
_PURE = re.compile(r"OPTIONAL(?!.*\b(?:SELECT|BIND|VALUES)\b)", re.DOTALL)  # binds nothing that is known
_BRACKET = re.compile(r"[(){}]")
_VARIABLE = re.compile(r"\?(\w+)")
_PERSON = f"<{BASE}id/person/"
_BROADER = ox.NamedNode("http://www.w3.org/2004/02/skos/core#broader")


@dataclass(frozen=True, slots=True)
class _Item:
    """A part of a group.

    Attributes:
        kind: `test`, `slot`, `later`, `group`, `triples` or `start`.
        text: Its SPARQL.
        rank: Of a start, how much there is to be found from it, as far as one can guess; 0 is least.
        instead: Of a start, what says the same where something else is the start; empty if tests do already.
    """

    kind: str
    text: str
    rank: int = 0
    instead: str = ""


@lru_cache
def planned(text: str) -> str:
    """The text that the engine is given for a question of the catalogue; its own if it cannot be planned.

    Args:
        text: A question of the catalogue with its values: nothing else is written the way that is read here.
    """
    slots = dict(SLOT.findall(text))
    given = {name: term for name, term in slots.items() if term != "UNDEF"}
    try:
        return _group(without_comments(text), slots, given)
    except (ValueError, LookupError, ArithmeticError, RecursionError):
        return text


def without_comments(text: str) -> str:
    """A query without the lines that are comments, its header among them."""
    return _COMMENT.sub("", text)


def _group(text: str, slots: Mapping[str, str], given: Mapping[str, str]) -> str:
    """A text with each group in it planned, the outermost first."""
    start = text.find("{")
    if start < 0:
        return text
    end = closing(text, start + 1)
    head, inner, tail = text[: start + 1], text[start + 1 : end], text[end:]
    if inner.lstrip().startswith("SELECT"):
        made = _group(inner, slots, given)
    else:
        clause = _SELECT.search(text[:start])
        may_repeat = clause is not None and _may_repeat(clause[0])
        items = [*_decided(_items(inner), slots, given, may_repeat)]
        summed = any(it.kind == "group" and "GROUP BY" in it.text for it in items)  # little is left of much
        if clause is not None and (given or summed):
            items = _ordered([*items, *_dated(items, given, may_repeat)], given)
        made = "\n".join(_group(it.text, slots, given) if it.kind == "group" else it.text for it in items)
    return f"{head}\n{made}\n{_group(tail, slots, given)}"


def _decided(
    items: Iterable[_Item], slots: Mapping[str, str], given: Mapping[str, str], may_repeat: bool
) -> Iterator[_Item]:
    """The parts of a group without tests of what is left out; what is known becomes a start."""
    for it in items:
        found = _TEST.fullmatch(it.text) if it.kind == "test" else None
        if found is None or found[1] not in slots:
            yield it
        elif (term := given.get(found[1])) is not None:
            yield _start(found[2].strip(), found[1], term, may_repeat) or _Item(
                "test", f"FILTER({found[2].strip()})"
            )


def _start(test: str, name: str, term: str, may_repeat: bool) -> _Item | None:
    """A pattern that holds where a test does, with the value itself in it."""
    if (found := _PLAIN.fullmatch(test)) or (
        (found := _FOR.fullmatch(test)) and term.startswith(_PERSON)  # nobody represents a person
    ):
        text = f"{found['head']} {term} ."
        return _Item("start", text, _rank(term), text)
    if found := _BELOW.fullmatch(test):
        return _near(found["near"], term)
    if found := _SELF.fullmatch(test):
        return _Item("start", f"{term} ^kg:represents? {found['agent']} .", _rank(term), f"FILTER({test})")
    if (found := _WITHIN.fullmatch(test)) and may_repeat:
        text = f"VALUES ?{name}Within {{ {' '.join(_within(term))} }} {found['head']} ?{name}Within ."
        return _Item("start", text, 3, text)
    return None


def _rank(term: str) -> int:
    """How much there is to be found from an agent or another value."""
    return 2 if term.startswith(_PERSON) else 5


def _near(variable: str, topic: str) -> _Item:
    topics = _within(topic)
    test = f"FILTER({variable} IN ({', '.join(topics)}))"
    return _Item("start", f"VALUES {variable} {{ {' '.join(topics)} }}", 3, test)


def _ordered(items: list[_Item], given: Mapping[str, str]) -> list[_Item]:
    """The parts of a group: where to start, then what is looked up for each solution."""
    starts = sorted((it for it in items if it.kind == "start"), key=lambda it: it.rank)
    others = [it for it in items if it.kind != "start"]
    early = next((at for at, it in enumerate(others) if it.kind == "later"), len(others))
    slots = [it for it in others[:early] if it.kind == "slot" and not _TABLE.match(it.text)]
    tables = [it for it in others[:early] if _TABLE.match(it.text)]
    known = {name for it in slots for name in _VARIABLE.findall(it.text) if name in given}
    asked = {name for it in others if it.kind == "triples" for name in _VARIABLE.findall(it.text)}
    # one start alone: two that share nothing would be paired each with each
    alone = 0 if known & asked & _SINGLE else 1
    found = [*starts[:alone], *(it for it in others[:early] if it.kind == "group")]
    if not found and known.isdisjoint(asked):
        return items
    instead = [_Item("test" if it.instead.startswith("FILTER") else "triples", it.instead)
               for it in starts[alone:] if it.instead]  # fmt: skip
    rest = [it for at, it in enumerate(others) if at >= early or it.kind not in ("group", "slot")]
    tests = [it for it in [*instead, *rest] if it.kind == "test"]
    lookups = _looked_up([it for it in [*instead, *rest] if it.kind != "test"], found, known)
    return [*slots, *found, *lookups, *tables, *tests]


def _looked_up(items: Iterable[_Item], found: Iterable[_Item], known: set[str]) -> Iterator[_Item]:
    """Parts of a group, with triples and options as what is looked up for each solution before them."""
    given = frozenset(known)
    known |= {name for it in found for name in _bound(it.text)}
    steps: list[str] = []
    for it in [*items, _Item("end", "")]:
        if it.kind == "triples":
            steps += [it.text] if it.text.startswith("VALUES") else _triples(it.text)
            continue
        yield from (_Item("triples", f"LATERAL {{ {step} }}") for step in _chained(steps, known, given))
        steps = []
        known |= {*_VARIABLE.findall(it.text)}
        yield _Item("later", f"LATERAL {{ {it.text} }}") if _PURE.match(it.text) else it


def _bound(text: str) -> list[str]:
    """The variables that a part of a group gives to the others: of a subquery, those that it selects."""
    clause = _CLAUSE.match(text)
    if clause is None:
        return _VARIABLE.findall(text)
    named = re.sub(r"\bAS \?(\w+) ?\)", r") ?\1", clause[1])
    outside = [depth == 0 for depth in accumulate((it in "(") - (it in ")") for it in named)]
    return _VARIABLE.findall("".join(it for it, is_out in zip(named, outside, strict=True) if is_out))


def _triples(block: str) -> Iterator[str]:
    """The patterns of a block that shares a subject, and of its lists, one by one."""
    subject, _, lists = block.rstrip(" .\n").partition(" ")
    for part in re.split(r"\s;\s+", lists):
        *path, last = re.split(r"\s,\s+", part.strip())
        verb, _, value = (path[0] if path else last).rpartition(" ")
        for one in [value, *path[1:], *([last] if path else [])]:
            yield f"{subject} {verb} {one} ."


def _chained(steps: list[str], known: set[str], given: frozenset[str]) -> Iterator[str]:
    """Patterns in an order in which each begins at what those before it found."""
    waiting = [*steps]
    while waiting:
        step = min(waiting, key=lambda it: _cost(it, known, given))
        waiting.remove(step)
        known |= {*_VARIABLE.findall(step)}
        yield step


def _cost(step: str, known: set[str], given: frozenset[str]) -> int:
    """How much a pattern adds, as far as one can guess.

    A test nothing, a property little; what points at something that was found less than what points at a
    value that was given, such as all that is said for a country.
    """
    variables = _VARIABLE.findall(step)
    if known.issuperset(variables):
        return 0
    if variables[0] in known and not step.startswith("VALUES"):
        return 1
    shared = known.intersection(variables)
    return 2 if shared - given else 3 if shared else 4


def _dated(items: list[_Item], given: Mapping[str, str], may_repeat: bool) -> Iterator[_Item]:
    """Where to start if a group wants a date: at the list of dates that fit."""
    tests = [it.text for it in items if it.kind == "test"]
    listed = (one for it in items if it.kind == "triples" for one in _triples(it.text))
    options = (it.text for it in items if it.kind == "later")
    for source in filter(None, map(_DATE.fullmatch, [*options, *listed])):
        variable, thing = source["variable"], source["thing"]
        bounds = dict(_bounds(variable, tests, given))
        dates = _dates(bounds.get("begins", ""), bounds.get("from", ""), bounds.get("to", ""))
        if not 0 < len(dates) <= _MOST_DATES:
            continue
        terms = " ".join(f'"{it}"^^<{_XSD}{_TYPES[len(it)]}>' for it in dates)
        text = f"VALUES ?{variable} {{ {terms} }} {source['triple']} ."
        lasting = next((found for test in tests if (found := _LASTS.search(test))), None)
        if "begins" in bounds and lasting is not None:  # what lasts longer begins on other days too
            if not may_repeat:
                continue
            text = f"{{ {text} }} UNION {{ {thing} kg:endDate ?{lasting[1]} }}"
        few = 0 if "kg:date" in source["triple"] else 1 if len(dates) < _FEW else 4
        yield _Item("start", text, few if len(dates) <= _MANY_DATES else 6)


def _bounds(variable: str, tests: Iterable[str], given: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    for test in tests:
        for kind, pattern in _BOUNDS.items():
            found = pattern.match(test)
            if found is not None and found[1] == variable and found[2] in given:
                yield kind, given[found[2]].split('"')[1]


@lru_cache
def _dates(begins: str, earliest: str, latest: str) -> tuple[str, ...]:
    """Every date, month and year that passes a question's own tests; nothing if it may be of any year."""
    first, last = begins or earliest, begins or latest
    if not first or not last or int(last[:4]) - int(first[:4]) not in (0, 1) or first < "0001":
        return ()
    start, end = date(int(first[:4]), 1, 1), date(int(last[:4]), 12, 31)
    days = [(start + timedelta(days=n)).isoformat() for n in range((end - start).days + 1)]
    forms = dict.fromkeys(day[:length] for day in days for length in _TYPES)
    return tuple(
        it  # a less exact one may fall in
        for it in forms
        if it.startswith(begins) and it >= earliest[: len(it)] and (not latest or it[: len(latest)] <= latest)
    )


def _within(topic: str) -> list[str]:
    """A topic and all below it, as terms."""
    found, waiting = set[str](), [topic]
    while waiting:
        if (it := waiting.pop()) not in found:
            found.add(it)
            waiting += _narrower().get(it, ())
    return sorted(found)


@cache
def _narrower() -> Mapping[str, list[str]]:
    found: defaultdict[str, list[str]] = defaultdict(list)
    for path in resources.files("ontology", ".ttl"):
        data = path.read_bytes()
        for quad in ox.parse(data, ox.RdfFormat.TURTLE) if b"broader" in data else ():
            if quad.predicate == _BROADER:
                found[str(quad.object)].append(str(quad.subject))
    return dict(found)


def _may_repeat(clause: str) -> bool:
    """Whether a SELECT gives the same if a solution is found more than once."""
    return (
        re.search(r"DISTINCT|\((?:SAMPLE|MIN|MAX)\(", clause) is not None
        and _COUNTED_TWICE.search(clause) is None
    )


def _items(text: str) -> Iterator[_Item]:
    """The parts of a group, which end where brackets close, and triples at their full stop."""
    at = 0
    while at < len(text):
        if text[at].isspace() or text[at] == ".":
            at += 1
            continue
        found = _ITEM.match(text, at)
        if found is None:
            end = _full_stop(text, at)
            yield _Item("triples", f"{text[at:end].rstrip().rstrip('.')} .")
        else:
            end = _end(text, at, "{" if found["slot"] else "({")
            while found["group"] and (more := re.compile(r"\s*UNION\s*(?=\{)").match(text, end)):
                end = _end(text, more.end(), "{")
            yield _Item(str(found.lastgroup), text[at:end])
        at = end


def _end(text: str, at: int, brackets: str) -> int:
    """Where the first of some brackets after a place closes."""
    opened = min(place for it in brackets if (place := text.find(it, at)) >= 0)
    return closing(text, opened + 1) + 1


def _full_stop(text: str, at: int) -> int:
    """Where triples end: at a full stop, before another part of the group, or with the group."""
    ends = re.compile(r"\s\.(?=\s)|\s(?=FILTER\b|OPTIONAL\b|VALUES\b|BIND\b|MINUS\b|\{)").search(text, at)
    return len(text) if ends is None else ends.end()


def closing(text: str, at: int) -> int:
    """Where the bracket closes that was opened before a place."""
    depth = 0
    for found in _BRACKET.finditer(text, at):
        depth += 1 if found[0] in "({" else -1
        if depth < 0:
            return found.start()
    return len(text)

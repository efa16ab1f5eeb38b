"""Reads rule files and holds them to what a rule may say; every problem names its file and line."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import MISSING, Field, dataclass, field, fields
from pathlib import Path
from typing import Any, TypeAlias, TypeVar, get_type_hints

import yaml

from kg.terms import KG

Words: TypeAlias = frozenset[str]
Record = TypeVar("Record")
LINES = "__lines__"  # the key under which a mapping of a file keeps the lines of its keys
PATTERN, TERM, ALLOWED, GIVEN = "pattern", "term", "allowed", "given"


_SafeLoader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # in C where the platform has it


class _Loader(_SafeLoader):  # type: ignore[misc,valid-type]
    """Keeps the line of every key, and takes no key twice."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        mapping: dict[Any, Any] = super().construct_mapping(node, deep=deep)
        lines = {"": node.start_mark.line + 1}
        for key, _ in node.value:
            if key.value in lines:
                raise yaml.constructor.ConstructorError(
                    problem=f"the key {key.value!r} stands twice", problem_mark=key.start_mark
                )
            lines[key.value] = key.start_mark.line + 1
        mapping[LINES] = lines
        return mapping


@dataclass(frozen=True, slots=True)
class Place:
    """A line of a file, as messages name it."""

    file: str
    line: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}"


@dataclass(frozen=True, slots=True)
class Part:
    """A mapping of a file, without the lines that it keeps."""

    file: str
    values: Mapping[str, Any]
    lines: Mapping[str, int]

    def at(self, key: str = "") -> Place:
        """Where a key stands, or the mapping itself."""
        return Place(self.file, self.lines.get(key, self.lines.get("", 1)))


@dataclass(slots=True)
class Schema:
    """Reads files and gathers what is wrong with them, each problem as `file:line: what`."""

    problems: list[str] = field(default_factory=list)
    lists: dict[str, Words] = field(default_factory=dict)

    def refuse(self, place: Place, problem: str) -> None:
        """Note a problem."""
        self.problems.append(f"{place}: {problem}")

    def read(self, path: Path, name: str, sections: Iterable[str]) -> Part:
        """The mapping that a file holds; an empty one if it holds none."""
        document: Any = None
        try:
            document = yaml.load(path.read_text(encoding="utf-8"), Loader=_Loader)  # a SafeLoader
        except yaml.MarkedYAMLError as error:
            line = error.problem_mark.line + 1 if error.problem_mark else 1
            self.refuse(Place(name, line), f"{error.problem}; this is no YAML")
            return Part(name, {}, {})
        except (yaml.YAMLError, UnicodeDecodeError) as error:
            self.refuse(Place(name, 1), f"cannot be read: {' '.join(str(error).split())}")
            return Part(name, {}, {})
        known = ", ".join(sections)
        part = self.part(document, Place(name, 1), f"a rule file is a mapping with the sections {known}")
        for section in part.values.keys() - set(sections):
            self.refuse(part.at(section), f"unknown section {section!r}; known: {known}")
        return part

    def part(self, value: Any, place: Place, wanted: str) -> Part:
        """A mapping inside a file; an empty one, noted as a problem, if it is something else."""
        if value is None:
            return Part(place.file, {}, {})
        if not isinstance(value, dict):
            self.refuse(place, wanted)
            return Part(place.file, {}, {})
        return Part(
            place.file, {key: value[key] for key in value if key != LINES}, value.get(LINES, {"": place.line})
        )

    def record(self, value: Any, kind: type[Record], place: Place, **given: Any) -> Record | None:
        """One rule of a class; `None` if something is wrong with it.

        Args:
            value: What the file holds.
            kind: A data class; metadata of its fields say what a value may be.
            place: Where it stands, if it is no mapping.
            given: Fields that no file says.
        """
        before = len(self.problems)
        part = self.part(value, place, f"a rule is a mapping with the key {'id'!r}")
        hints = get_type_hints(kind)
        known = {one.name: one for one in fields(kind) if GIVEN not in one.metadata}  # type: ignore[arg-type]
        values: dict[str, Any] = {}
        for name, raw in part.values.items():
            if name in known:
                values[name] = self._value(raw, hints[name], known[name], part.at(name))
            else:
                self.refuse(part.at(name), f"unknown key {name!r}; known: {', '.join(sorted(known))}")
        for name, one in known.items():
            if one.default is MISSING and one.default_factory is MISSING and name not in part.values:
                self.refuse(part.at(), f"the key {name!r} is missing")
        return None if len(self.problems) > before else kind(**values, **given)

    def words(self, value: Any, place: Place) -> Words:
        """A list of words in which `$NAME` stands for a list."""
        words: set[str] = set()
        for word in self._strings(value, place):
            if word.startswith("$") and word[1:] not in self.lists:
                known = ", ".join(sorted(self.lists)) or "none"
                self.refuse(place, f"unknown word list {word!r}; known: {known}")
            words |= self.lists.get(word[1:], frozenset()) if word.startswith("$") else {word}
        return frozenset(words)

    def pattern(self, value: Any, place: Place) -> str:
        """A regular expression."""
        try:
            re.compile(value)
        except (re.error, TypeError) as error:
            self.refuse(place, f"{value!r} is not a regular expression: {error}")
        return str(value)

    def _value(self, raw: Any, hint: Any, one: "Field[Any]", place: Place) -> Any:
        if PATTERN in one.metadata:
            return self.pattern(raw, place)
        if hint == Words:
            return self._allowed(self.words(raw, place), one, place)
        if hint == tuple[str, ...]:
            return tuple(self._allowed(self._strings(raw, place), one, place))
        if hint in (Mapping[str, tuple[str, ...]], Mapping[str, Words]):
            part = self.part(raw, place, f"{one.name} is a mapping")
            self._allowed(part.values, one, place)
            if hint == Mapping[str, Words]:
                return {name: self.words(words, part.at(name)) for name, words in part.values.items()}
            return {name: tuple(self._strings(paths, part.at(name))) for name, paths in part.values.items()}
        wanted = next((kind for kind in (bool, int, str) if hint == kind or hint == kind | None), str)
        if type(raw) is not wanted:
            self.refuse(place, f"{one.name} must be {_CALLED[wanted]}, not {raw!r}")
        elif isinstance(raw, str):
            self._allowed([raw], one, place)
        return raw

    def _allowed(self, values: Iterable[str], one: "Field[Any]", place: Place) -> Iterable[str]:
        """The values; each must be a name of the ontology or one of a list, if the field says so."""
        allowed = one.metadata.get(ALLOWED, frozenset())
        for value in sorted(values):
            is_fine = value in allowed or (TERM in one.metadata and value in KG)
            if not is_fine and (ALLOWED in one.metadata or TERM in one.metadata):
                of_ontology = "a name of the ontology" if TERM in one.metadata else ""
                known = " or ".join(filter(None, [of_ontology, ", ".join(sorted(allowed))]))
                self.refuse(place, f"{one.name} cannot be {value!r}; it takes {known}")
        return values

    def _strings(self, value: Any, place: Place) -> list[str]:
        values = value if isinstance(value, list) else [value]
        if not all(isinstance(item, str) for item in values):
            self.refuse(place, "words must be text; put quotes around yes, no, on, off and numbers")
            return []
        return values


_CALLED = {bool: "true or false", int: "a whole number", str: "text"}

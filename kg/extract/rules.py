"""Loads the rules of `rules/*.yaml` and checks them, each problem told with its file and line."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import MISSING, dataclass, field, fields
from functools import cache
from pathlib import Path
from typing import Any, TypeAlias, TypeVar, get_type_hints

import yaml

from kg.errors import ResourceError

FOLDER = Path(__file__).parent / "rules"
LINE_KEY = "__line__"
Words: TypeAlias = frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Rule:
    """What all rules share.

    Attributes:
        id: Name that tests and explanations use.
        examples: Texts in which the rule fires.
        counterexamples: Texts in which it does not.
    """

    id: str
    examples: tuple[str, ...] = ()
    counterexamples: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class EventRule(Rule):
    """Words that tell of an event.

    Attributes:
        event: Class of the event.
        nouns: Head nouns that name it; or
        verbs: verbs that tell of it.
        modifiers: One of these must modify the noun or stand in its “of” or “on” phrase.
        without: None of these may modify it.
        governors: One of these must be the verb that the noun depends on.
        prepositions: One of these must hang on the verb.
        not_prepositions: None of these may hang on it (“a call *for* restraint”).
        infinitives: One of these must be the verb's infinitive (“welcomed him to *visit*”).
        phrases: One of these must stand in the clause.
        not_phrases: None of these may stand in the clause.
        roles: Where the parties stand, by property: `subject`, `object`, `possessor`, `of`, `with`, …
        medium: Means, if the words imply it.
        status: Status, if the words imply it.
        sides: Whether the two countries are meant if the text names no parties.
        topical: Whether the topics named in its clause are its subject.
        minimum: Fewest parties.
    """

    event: str
    nouns: Words = frozenset()
    verbs: Words = frozenset()
    modifiers: Words = frozenset()
    without: Words = frozenset()
    governors: Words = frozenset()
    prepositions: Words = frozenset()
    not_prepositions: Words = frozenset()
    infinitives: Words = frozenset()
    phrases: tuple[str, ...] = ()
    not_phrases: tuple[str, ...] = ()
    roles: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    medium: str | None = None
    status: str | None = None
    sides: bool = False
    topical: bool = False
    minimum: int = 2


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class TopicRule(Rule):
    """Words that tell what an exchange was about.

    Attributes:
        verbs: Verbs whose arguments hold the topics.
        objects: One of these must be the verb's object (“exchanged *views* on”).
        pattern: A regular expression instead; the group `topics` holds the topics.
        particles: One of these must hang on the verb (“came *up*”).
        topics: Where they stand: `object`, `subject` or a preposition.
        property: `discussedTopic`, `mainTopic` or `excludedTopic`.
    """

    verbs: Words = frozenset()
    objects: Words = frozenset()
    particles: Words = frozenset()
    pattern: str = ""
    topics: tuple[str, ...] = ()
    property: str = "discussedTopic"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class CueRule(Rule):
    """Words that attribute a statement to somebody.

    Attributes:
        verbs: Reporting verbs.
        takes: What they report: `clause`, `quote`, `noun`, `infinitive`, `gerund`.
        objects: Head nouns that `noun` is limited to; none means any.
        prepositions: Prepositions whose object is the content (“committed *to* …”).
        type: Class of the claim, where the words decide it.
        polarity: `Negated` for words of denial.
        narrator: Whether its participle gives the author's own view (“…, *suggesting* that …”).
        attitude: Whether the reporting word belongs to the proposition (“opposes”, “raised concerns”).
    """

    verbs: Words = frozenset()
    takes: Words = frozenset()
    objects: Words = frozenset()
    prepositions: Words = frozenset()
    type: str | None = None
    polarity: str | None = None
    narrator: bool = False
    attitude: bool = False


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class TypeRule(Rule):
    """When a proposition is a claim of some class; the first rule that fits decides.

    Attributes:
        type: The class.
        pattern: Regular expression that the content must contain.
        not_pattern: Regular expression that it must not contain.
        cues: Reporting verbs, one of which must have introduced it.
        cue_nouns: Nouns of the reporting phrase, one of which must be there.
        subject: Whose doing it is about, seen from the claimant: `own`, `other`, `both`, `none`.
        claimants: What the claimant must be: a class, `several` or `document`.
        modals: One of these auxiliaries must stand on the main verb.
    """

    type: str
    pattern: str = ""
    not_pattern: str = ""
    cues: Words = frozenset()
    cue_nouns: Words = frozenset()
    subject: Words = frozenset()
    claimants: Words = frozenset()
    modals: Words = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class GroupRule(Rule):
    """Common nouns that stand for agents.

    Attributes:
        nouns: The nouns.
        plural: Whether only the plural counts.
        kind: Class of an unnamed plurality.
        principals: Class that the principals must have for the noun to mean them.
        meaning: `country` (who speaks for a side), `pair` (the principals of the exchange), `sides` (the two
            countries), `group` (an unnamed plurality) or `role` (the person last named with such an office).
    """

    nouns: Words
    meaning: str
    plural: bool = False
    kind: str = "Group"
    principals: str = "Person"


@dataclass(frozen=True, slots=True)
class Rules:
    """All rules, in order of file and line, the word lists and the named patterns."""

    lists: Mapping[str, Words]
    patterns: Mapping[str, re.Pattern[str]]
    events: tuple[EventRule, ...]
    topics: tuple[TopicRule, ...]
    cues: tuple[CueRule, ...]
    types: tuple[TypeRule, ...]
    groups: tuple[GroupRule, ...]

    def all(self) -> Iterator[Rule]:
        """Every rule."""
        yield from (*self.events, *self.topics, *self.cues, *self.types, *self.groups)


SECTIONS: dict[str, type[Rule]] = {
    "events": EventRule,
    "topics": TopicRule,
    "cues": CueRule,
    "types": TypeRule,
    "groups": GroupRule,
}
R = TypeVar("R", bound=Rule)


@cache
def load(folder: Path = FOLDER) -> Rules:
    """The rules of a folder.

    Raises:
        ResourceError: a file does not parse, or a rule has an unknown key, word list or value.
    """
    documents = [(path, _read(path)) for path in sorted(folder.glob("*.yaml"))]
    lists: dict[str, Words] = {}
    for path, document in documents:
        for name, words in document.get("lists", {}).items():
            if name != LINE_KEY:
                lists[name] = _words(words, lists, f"{path.name}: list {name!r}")
    found: dict[str, list[Any]] = {section: [] for section in SECTIONS}
    for path, document in documents:
        for section, kind in SECTIONS.items():
            found[section] += [_rule(raw, kind, lists, path) for raw in document.get(section, [])]
    _check_ids([rule.id for rules in found.values() for rule in rules])
    patterns = {name: re.compile(_pattern(value, f"{path.name}: pattern {name!r}"), re.IGNORECASE)
                for path, document in documents
                for name, value in document.get("patterns", {}).items() if name != LINE_KEY}  # fmt: skip
    return Rules(lists, patterns, **{section: tuple(rules) for section, rules in found.items()})


class _LineLoader(yaml.SafeLoader):
    """Keeps the line of every mapping."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        mapping = super().construct_mapping(node, deep=deep)
        mapping[LINE_KEY] = node.start_mark.line + 1
        return mapping


def _read(path: Path) -> dict[str, Any]:
    try:
        document = yaml.load(path.read_text(encoding="utf-8"), Loader=_LineLoader)  # a SafeLoader
    except yaml.YAMLError as error:
        raise ResourceError(f"{path.name}: {error}") from error
    if not isinstance(document, dict):
        raise ResourceError(f"{path.name}: a rule file is a mapping with the sections {', '.join(SECTIONS)}")
    unknown = document.keys() - {LINE_KEY, "lists", "patterns", *SECTIONS}
    if unknown:
        raise ResourceError(
            f"{path.name}: unknown section {sorted(unknown)[0]!r}; known: lists, {', '.join(SECTIONS)}"
        )
    return document


def _rule(raw: dict[str, Any], kind: type[R], lists: Mapping[str, Words], path: Path) -> R:
    where = f"{path.name}:{raw.get(LINE_KEY, 1)}"
    hints = get_type_hints(kind)
    values: dict[str, Any] = {}
    for name, value in raw.items():
        if name == LINE_KEY:
            continue
        if name not in hints:
            raise ResourceError(f"{where}: unknown key {name!r}; known: {', '.join(sorted(hints))}")
        values[name] = _value(value, hints[name], lists, f"{where}: {name}")
    missing = [f.name for f in fields(kind) if f.default is MISSING and f.default_factory is MISSING
               and f.name not in values]  # fmt: skip
    if missing:
        raise ResourceError(f"{where}: the key {missing[0]!r} is missing")
    return kind(**values)


def _value(value: Any, hint: Any, lists: Mapping[str, Words], where: str) -> Any:
    if hint == Words:
        return _words(value, lists, where)
    if hint == tuple[str, ...]:
        return tuple(_strings(value, where))
    if hint == Mapping[str, tuple[str, ...]]:
        return {name: tuple(_strings(paths, where)) for name, paths in value.items() if name != LINE_KEY}
    if "pattern" in where:
        return _pattern(value, where)
    return value


def _words(value: Any, lists: Mapping[str, Words], where: str) -> Words:
    words: set[str] = set()
    for word in _strings(value, where):
        if word.startswith("$"):
            if word[1:] not in lists:
                raise ResourceError(f"{where}: unknown word list {word!r}; known: {', '.join(sorted(lists))}")
            words |= lists[word[1:]]
        else:
            words.add(word)
    return frozenset(words)


def _strings(value: Any, where: str) -> list[str]:
    values = value if isinstance(value, list) else [value]
    if not all(isinstance(item, str) for item in values):
        raise ResourceError(f"{where}: words must be text; put quotes around yes, no, on, off and numbers")
    return values


def _pattern(value: Any, where: str) -> str:
    try:
        re.compile(value)
    except (re.error, TypeError) as error:
        raise ResourceError(f"{where}: not a regular expression: {error}") from error
    return str(value)


def _check_ids(ids: list[str]) -> None:
    twice = sorted({name for name in ids if ids.count(name) > 1})
    if twice:
        raise ResourceError(f"the rule name {twice[0]!r} is used twice")

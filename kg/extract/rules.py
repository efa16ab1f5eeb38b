"""What rules say, and where they come from: `rules/*.yaml` and the user's own folder."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TypeVar

from kg.errors import ResourceError
from kg.extract.schema import ALLOWED, GIVEN, PATTERN, TERM, Part, Place, Schema, Words
from kg.package_cache import kept
from kg.resources import overlay_files, shown

__all__ = ["FOLDER", "SECTIONS", "CueRule", "EventRule", "GroupRule", "Rule", "Rules", "TopicRule",
           "TypeRule", "Words", "check", "files", "load"]  # fmt: skip

FOLDER = Path(__file__).parent / "rules"
_TAKES = frozenset({"clause", "quote", "noun", "infinitive", "gerund", "judgement", "state"})
_MEANINGS = frozenset({"country", "pair", "sides", "group", "role"})
_SUBJECTS = frozenset({"own", "we", "other", "both", "none"})


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Rule:
    """What all rules share.

    Attributes:
        id: Name that tests and explanations use.
        examples: Texts in which the rule fires.
        counterexamples: Texts in which it does not.
        where: File and line.
    """

    where: str = field(default="", metadata={GIVEN: True})
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
        objects: One of these must head the verb's object.
        effects: Of a measure, the verbs and the nouns made of them by the effect that they tell.
        phrases: One of these must stand in the clause.
        not_phrases: None of these may stand in the clause.
        roles: Where the parties stand, by property: `subject`, `object`, `possessor`, `of`, `with`, …
        medium: Means, if the words imply it.
        status: Status, if the words imply it.
        sides: Whether the two countries are meant if the text names no parties.
        topical: Whether the topics named in its clause are its subject.
        own_subject: Whether talks on something other than the topics of the class are of another kind
            (“consultations *on arms control*” are no trade talks).
        apart: Whether it is an occasion of its own among the exchanges of a day (“the *dinner*”).
        dated: Whether it is told of only with a day or a place (“exchanged views *in Beijing*”).
        attends: Whether its subject takes part in the exchange that is told of (“*A* will lead the team”).
        minimum: Fewest parties.
    """

    event: str = field(metadata={TERM: True})
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
    objects: Words = frozenset()
    effects: Mapping[str, Words] = field(default_factory=dict, metadata={TERM: True})
    roles: Mapping[str, tuple[str, ...]] = field(default_factory=dict, metadata={TERM: True})
    medium: str | None = field(default=None, metadata={TERM: True})
    status: str | None = field(default=None, metadata={TERM: True})
    sides: bool = False
    topical: bool = False
    own_subject: bool = False
    apart: bool = False
    dated: bool = False
    attends: bool = False
    minimum: int = 2

    def __post_init__(self) -> None:
        """A noun that stands for a measure needs one of the words that tell its effect."""
        if self.nouns and self.effects:
            words = frozenset(word for words in self.effects.values() for word in words)
            object.__setattr__(self, "governors", self.governors | words)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class TopicRule(Rule):
    """Words that tell what an exchange was about.

    Attributes:
        verbs: Verbs whose arguments hold the topics; or
        nouns: nouns that do (“no *mention* of”), or of what a document is silent about.
        objects: One of these must be the verb's object (“exchanged *views* on”).
        pattern: A regular expression instead; the group `topics` holds the topics.
        subjects: One of these must be the verb's subject (“the *talks* did not include”).
        particles: One of these must hang on the verb (“came *up*”).
        complements: One of these must follow the verb in its clause (“was *off the table*”).
        topics: Where they stand: `object`, `subject` or a preposition.
        property: `discussedTopic`, `mainTopic` or `excludedTopic`.
    """

    verbs: Words = frozenset()
    nouns: Words = frozenset()
    objects: Words = frozenset()
    subjects: Words = frozenset()
    particles: Words = frozenset()
    complements: tuple[str, ...] = ()
    pattern: str = field(default="", metadata={PATTERN: True})
    topics: tuple[str, ...] = ()
    property: str = field(default="discussedTopic", metadata={TERM: True})


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class CueRule(Rule):
    """Words that attribute a statement to somebody.

    Attributes:
        verbs: Reporting verbs; or
        nouns: nouns of saying whose possessor is the source (“*his warning* that …”).
        takes: What they report: `clause`, `quote`, `noun`, `infinitive`, `gerund`, `judgement`
            (“called the talks *useful*”), `state` (“was *willing* to talk”).
        objects: Head nouns that `noun` is limited to; none means any.
        prepositions: Prepositions whose object is the content (“committed *to* …”).
        type: Class of the claim, where the words decide it.
        polarity: `Negated` for words of denial.
        own_voice: Whether its participle gives the author's own view (“…, *suggesting* that …”).
        attitude: Whether the reporting word belongs to the proposition (“opposes”, “raised concerns”).
    """

    verbs: Words = frozenset()
    nouns: Words = frozenset()
    takes: Words = field(default=frozenset(), metadata={ALLOWED: _TAKES})
    objects: Words = frozenset()
    prepositions: Words = frozenset()
    type: str | None = field(default=None, metadata={TERM: True})
    polarity: str | None = field(default=None, metadata={TERM: True})
    own_voice: bool = False
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
        subject: Whose doing the main clause is about, seen from the claimant: `own`, `we`, `other`, `both`,
            `none`; `own` holds “we” too.
        conduct: The same of the innermost clause, where “we” is no one's own (“I hope that *we* meet”).
        governors: One of these predicates must stand above the innermost clause (“*hopes* that …”).
        verbs: One of these must be the verb of the innermost clause.
        modals: One of these auxiliaries must stand on that verb.
        claimants: What the claimant must be: a class, `several`, `document` or `outsider`, a person of
            neither side.
        tentative: Whether the model may decide otherwise.
    """

    type: str = field(metadata={TERM: True, ALLOWED: frozenset({"None"})})
    pattern: str = field(default="", metadata={PATTERN: True})
    not_pattern: str = field(default="", metadata={PATTERN: True})
    cues: Words = frozenset()
    cue_nouns: Words = frozenset()
    subject: Words = field(default=frozenset(), metadata={ALLOWED: _SUBJECTS})
    conduct: Words = field(default=frozenset(), metadata={ALLOWED: _SUBJECTS})
    governors: Words = frozenset()
    verbs: Words = frozenset()
    modals: Words = frozenset()
    claimants: Words = field(
        default=frozenset(), metadata={TERM: True, ALLOWED: frozenset({"several", "document", "outsider"})}
    )
    tentative: bool = False


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
    meaning: str = field(metadata={ALLOWED: _MEANINGS})
    plural: bool = False
    kind: str = field(default="Group", metadata={TERM: True})
    principals: str = field(default="Person", metadata={TERM: True})


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


def files(overlay: Path | None = None) -> list[Path]:
    """The files from which rules are made, those of the user's own folder first.

    Args:
        overlay: That folder; by default the one of the settings, if there is one.

    Raises:
        InputError: the folder does not exist.
    """
    own = [path for name in ("rules", "lexicons") for path in overlay_files(name, ".yaml", overlay)]
    return [*own, *sorted(FOLDER.glob("*.yaml"))]


def load(folder: Path | None = None, *, overlay: Path | None = None) -> Rules:
    """The rules of the package and of the user's own folder, whose rules come first.

    A rule of the own folder takes the place of one of the package that has its name; word lists of one name
    are put together.

    Args:
        folder: Reads the files of this folder and nothing else.
        overlay: The own folder; by default the one of the settings, if there is one.

    Raises:
        InputError: the own folder does not exist.
        ResourceError: a file does not parse, or a rule has an unknown key, word list or value.
    """
    return _load(tuple(files(overlay) if folder is None else sorted(folder.glob("*.yaml"))))


def check(overlay: Path | None = None) -> list[str]:
    """What is wrong with the files of `load`, each problem with its file and line."""
    schema = Schema()
    _rules(files(overlay), schema)
    return schema.problems


@cache
def _load(paths: tuple[Path, ...]) -> Rules:
    return kept("rules", paths, lambda: _checked(paths))


def _checked(paths: tuple[Path, ...]) -> Rules:
    schema = Schema()
    rules = _rules(paths, schema)
    if schema.problems:
        more = len(schema.problems) - 1
        note = f" (and {more} more problems; kg rules check lists them)" if more else ""
        raise ResourceError(schema.problems[0] + note)
    return rules


def _rules(paths: Iterable[Path], schema: Schema) -> Rules:
    sections = ("lists", "patterns", *SECTIONS)
    part_by_path = {path: schema.read(path, shown(path), sections) for path in paths}
    parts = [*part_by_path.values()]
    package_first = sorted(part_by_path, key=lambda path: path.parent != FOLDER)
    _read_lists([part_by_path[path] for path in package_first], schema)
    patterns = _read_patterns(parts, schema)
    rules = Rules(
        lists=schema.lists,
        patterns=patterns,
        events=_section(parts, "events", EventRule, schema),
        topics=_section(parts, "topics", TopicRule, schema),
        cues=_section(parts, "cues", CueRule, schema),
        types=_section(parts, "types", TypeRule, schema),
        groups=_section(parts, "groups", GroupRule, schema),
    )
    _check_names(rules, schema)
    return rules


def _inside(parts: Iterable[Part], section: str, schema: Schema) -> Iterator[Part]:
    """A section of each file that has it, as a mapping."""
    for part in parts:
        if section in part.values:
            yield schema.part(part.values[section], part.at(section), f"{section} is a mapping of names")


def _read_lists(parts: Iterable[Part], schema: Schema) -> None:
    """Put the word lists of one name together; a list may use those that stand before it."""
    for part in _inside(parts, "lists", schema):
        for name, words in part.values.items():
            found = schema.words(words, part.at(name))
            schema.lists[name] = schema.lists.get(name, frozenset()) | found


def _read_patterns(parts: Iterable[Part], schema: Schema) -> dict[str, re.Pattern[str]]:
    """The named patterns, each name once; the own folder wins."""
    found: dict[str, re.Pattern[str]] = {}
    first: dict[str, Place] = {}
    for part in _inside(parts, "patterns", schema):
        for name, value in part.values.items():
            other = first.setdefault(name, place := part.at(name))
            if other is not place and Path(other.file).parent == Path(part.file).parent:
                schema.refuse(place, f"the pattern name {name!r} is used twice; see {other}")
            before = len(schema.problems)
            text = schema.pattern(value, part.at(name))
            if len(schema.problems) == before:
                found.setdefault(name, re.compile(text, re.IGNORECASE))
    return found


def _section(parts: Iterable[Part], section: str, kind: type[R], schema: Schema) -> tuple[R, ...]:
    """The rules of one kind in order of file and line, each name once; the own folder wins."""
    by_id: dict[str, R] = {}
    first: dict[str, Part] = {}
    for part in parts:
        listed = part.values.get(section) or []
        if not isinstance(listed, list):
            schema.refuse(part.at(section), f"{section} is a list of rules")
            continue
        for raw in listed:
            place = schema.part(raw, part.at(section), "a rule is a mapping").at()
            rule = schema.record(raw, kind, place, where=str(place))
            if rule is None:
                continue
            if (
                Path(first.setdefault(rule.id, part).file).parent == Path(part.file).parent
                and rule.id in by_id
            ):
                schema.refuse(place, f"the rule name {rule.id!r} is used twice; see {by_id[rule.id].where}")
            by_id.setdefault(rule.id, rule)
    return tuple(by_id.values())


def _check_names(rules: Rules, schema: Schema) -> None:
    """Refuse a name that rules of different kinds share."""
    first: dict[str, Rule] = {}
    for rule in rules.all():
        other = first.setdefault(rule.id, rule)
        if other is not rule:
            schema.problems.append(
                f"{rule.where}: the rule name {rule.id!r} is used twice; see {other.where}"
            )

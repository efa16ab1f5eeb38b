"""`kg rules`: lists the rules, checks them, and tells what they make of a sentence."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import click

from kg import ingest
from kg.cli import options, output
from kg.errors import RefusedError
from kg.evaluate.rule_checks import check_overlay
from kg.extract.explain import Explanation, explain
from kg.extract.rules import SECTIONS, Rule, Rules, load
from kg.ingest import Pipeline
from kg.lexicon import Lexicon
from kg.model import Claim, Entity, Event, Fact, Literal, Statement, Term
from kg.store import open_store
from kg.terms import BASE

_STATEMENT = re.compile(r"(?:[a-z]{1,9}://\S{1,300}/)?(?:fact|claim)/[0-9a-f]{8,}")
KINDS = ("Article", "Readout", "Post", "JointStatement", "Transcript")


@click.group()
def command() -> None:
    """List the rules that read texts, check them, or see what they make of a sentence.

    \b
    kg rules list
    kg rules explain "President Biden called President Xi Jinping on Friday."
    kg rules check ~/my-rules
    """


@command.command("list")
@options.json_output
@options.verbose
def list_rules(as_json: bool) -> None:
    """List all rules: kind, name, what they give, file and line, examples.

    \b
    kg rules list
    kg rules list --json
    """
    rows = [*_listed(load())]
    if as_json:
        click.echo(json.dumps([row.__dict__ for row in rows], ensure_ascii=False, indent=1))
        return
    output.table(
        ("kind", "rule", "gives", "file", "examples"),
        [(row.kind, row.rule, row.gives, row.where, str(row.examples + row.counterexamples)) for row in rows],
    )


@command.command()
@click.argument("folder", required=False, type=click.Path(exists=True, file_okay=False, path_type=Path))
@options.quiet
@options.verbose
def check(folder: Path | None, quiet: bool) -> None:
    """Check the rules and the user's own folder: the form of every file, then every example.

    FOLDER has rules/*.yaml, lexicons/*.yaml and ontology/*.ttl; without it the one of the setting `overlay`
    is meant. Rules need an example each; examples must fire, counter-examples must not. Exit code 1:
    something is wrong; each problem is told with its file and line.

    \b
    kg rules check
    kg rules check ~/my-rules && KG_OVERLAY=~/my-rules kg load readouts
    """
    problems = [*check_overlay(folder)]
    if problems:
        raise RefusedError("\n".join(problems))
    if not quiet:
        rules = [*load(overlay=folder).all()]
        tried = sum(len(rule.examples) + len(rule.counterexamples) for rule in rules)
        click.echo(f"{len(rules)} rules and {tried} examples are sound")


@command.command("explain")
@click.argument("text", metavar="TEXT|STATEMENT")
@click.option(
    "--date", "published", metavar="DATE", help="Day of publication, for “Friday” and “last month”."
)
@click.option(
    "--kind", type=click.Choice(KINDS), default="Article", show_default=True, help="Class of document."
)
@options.json_output
@options.store
@options.verbose
def explain_text(text: str, published: str | None, kind: str, as_json: bool, store_url: str) -> None:
    """Tell which rules fire on TEXT, which almost do and why not, and what comes out.

    Of a STATEMENT of the store, by path or IRI, also of one that reviews reject: which rules gave it.

    \b
    kg rules explain fact/4432e3aad3beea339840
    kg rules explain "President Biden called President Xi Jinping on Friday." --date 2022-03-20
    kg rules explain "The ministry renewed its call for restraint."
    """
    if _STATEMENT.fullmatch(text):
        _explain_statement(text, store_url, as_json=as_json)
        return
    found = explain(text, Lexicon.load(), published=published, kind=kind)
    if as_json:
        click.echo(json.dumps(_fields(found), ensure_ascii=False, indent=1))
    else:
        _show(found)


def _explain_statement(name: str, store_url: str, *, as_json: bool) -> None:
    with open_store(store_url) as store:
        document, applied, source = ingest.statement_at(name, store, Pipeline().read)
    statement = applied.shown(name if "://" in name else f"{BASE}id/{name}", document) or source
    names = statement.rules or source.rules
    where = {rule.id: rule.where for rule in load().all()}
    found = {
        "statement": _described(statement),
        "document": document.id,
        "holds": statement in applied.statements,
        "rules": [{"rule": it, "where": where.get(it, "")} for it in names],
        "passages": [it.exact for it in statement.evidence],
    }
    if as_json:
        click.echo(json.dumps(found, ensure_ascii=False, indent=1))
        return
    click.echo(f"{found['statement']}\nin {document.id}{'' if found['holds'] else ', rejected by a review'}")
    for words in statement.evidence:
        click.echo(f"“{' '.join(words.exact.split())}”")
    rows = [(it, where.get(it, "")) for it in names] or [("none: a reviewer wrote it", "")]
    output.table(("rule", "file"), rows)


@dataclass(frozen=True)
class _Row:
    """A rule as it is listed."""

    kind: str
    rule: str
    gives: str
    where: str
    examples: int
    counterexamples: int


def _listed(rules: Rules) -> Iterator[_Row]:
    for kind in SECTIONS:
        for rule in getattr(rules, kind):
            counts = len(rule.examples), len(rule.counterexamples)
            yield _Row(kind, rule.id, _gives(rule), rule.where, *counts)


def _gives(rule: Rule) -> str:
    """What a rule is for: the class or property that it gives, or whom its noun means."""
    names = ("event", "property", "type", "meaning")
    return next((str(value) for name in names if (value := getattr(rule, name, None))), "")


def _fields(found: Explanation) -> dict[str, object]:
    return {
        "fired": [{"rule": rule.id, "where": rule.where, "words": words} for rule, words in found.fired],
        "almost": [
            {"rule": miss.rule.id, "where": miss.rule.where, "word": miss.word, "reason": miss.reason}
            for miss in found.almost
        ],
        "statements": [_described(statement) for statement in found.statements],
    }


def _show(found: Explanation) -> None:
    for title, columns, rows in (
        ("fired", ("rule", "words", "file"), [(rule.id, words, rule.where) for rule, words in found.fired]),
        ("almost", ("rule", "word", "why not", "file"),
         [(miss.rule.id, miss.word, miss.reason, miss.rule.where) for miss in found.almost]),
        ("statements", ("statement",), [(_described(statement),) for statement in found.statements]),
    ):  # fmt: skip
        click.secho(title if rows else f"{title}: none", bold=True)
        if rows:
            output.table(columns, rows)
        click.echo()


def _described(statement: Statement) -> str:
    """A statement as one line."""
    who = ", ".join(claimant.label for claimant in statement.claimants) or "the text"
    if isinstance(statement, Fact):
        sign = "" if statement.polarity == "Affirmed" else "not "
        return f"{_name(statement.subject)} {sign}{statement.predicate} {_name(statement.object)}  ({who})"
    if isinstance(statement, Claim):
        sign = "" if statement.polarity == "Affirmed" else ", negated"
        about = ", ".join(topic.label for topic in (*statement.about, *statement.affirms))
        return f"{statement.kind}{sign} of {who}{f' about {about}' if about else ''}: “{statement.content}”"
    return str(statement)


def _name(term: Term) -> str:
    match term:
        case Entity():
            return term.label
        case Event():
            parties = ", ".join(party.label for party in term.principals)
            return " ".join(filter(None, [term.kind, term.date, f"({parties})" if parties else ""]))
        case Literal():
            return term.lexical
        case _:
            return term.name

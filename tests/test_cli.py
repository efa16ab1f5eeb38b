"""The command line as a user meets it: on a real store on disk, in its own process where that matters."""

import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from kg.cli import COMMANDS, cli

ROOT = Path(__file__).parents[1]
SEED = ROOT / "seeds" / "2025-06-07-trump-xi-90-minute-call.txt"
Kg = Callable[..., Result]


@pytest.fixture(scope="session")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The URL of a store that holds the seed."""
    url = f"oxigraph:{tmp_path_factory.mktemp('cli') / 'store'}"
    result = CliRunner().invoke(cli, ["load", str(SEED), "--store", url])
    assert result.exit_code == 0, result.output
    return url


@pytest.fixture
def kg(loaded: str, tmp_path: Path) -> Kg:
    """Runs a command on a copy of the loaded store."""
    shutil.copytree(loaded.removeprefix("oxigraph:"), tmp_path / "store", copy_function=shutil.copy)

    def run(*arguments: str) -> Result:
        return CliRunner().invoke(cli, [*arguments, "--store", f"oxigraph:{tmp_path / 'store'}"])

    return run


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_explains_itself_with_an_example(name: str) -> None:
    result = CliRunner().invoke(cli, [name, "--help"])
    assert result.exit_code == 0
    assert f"kg {name}" in result.output.split("Options:")[0].split("\n", 1)[1]


def imported(*arguments: str) -> set[str]:
    """The libraries that a process has imported when a command is done."""
    script = """import sys
from kg.cli import main
try:
    main(sys.argv[1:])
except SystemExit:
    pass
print("imported:", *{name.partition(".")[0] for name in sys.modules})"""
    done = subprocess.run([sys.executable, "-c", script, *arguments], capture_output=True, text=True, timeout=60,
                          check=True)  # fmt: skip
    return {*done.stdout.rpartition("imported:")[2].split()}


def test_help_imports_no_command() -> None:
    heavy = {"spacy", "fastapi", "rdflib", "pyoxigraph", "pydantic", "yaml", "rich"}
    assert not heavy & imported("--help")


def test_question_in_words_imports_neither_the_language_model_nor_the_server(loaded: str) -> None:
    found = imported("ask", "Which topics were excluded from the June 5 call?", "--store", loaded)
    assert not {"spacy", "numpy", "fastapi", "uvicorn", "pyshacl", "owlrl"} & found


def test_list_of_commands_says_what_each_does_in_one_line() -> None:
    listed = CliRunner().invoke(cli, ["--help"]).output
    assert all(f"\n  {name}  " in listed and text in listed for name, text in COMMANDS.items())


@pytest.mark.parametrize(
    "question", [["Which topics were excluded from the June 5 call?"], ["excluded-topics"]]
)
def test_options_stand_before_or_after_a_question(loaded: str, question: list[str]) -> None:
    options = ["--json", "--store", loaded]
    before = CliRunner().invoke(cli, ["ask", *options, *question])
    after = CliRunner().invoke(cli, ["ask", *question, *options])
    assert (before.exit_code, before.output) == (0, after.output)
    assert "Iran" in str(json.loads(before.output))
    assert "all questions" in CliRunner().invoke(cli, ["ask", "--json", "--help"]).output


@pytest.mark.parametrize(
    ("query", "position"),
    [
        ("SELECT * { nonsense }", "line 1, column 20"),
        ("SELECT *\n{ ?s kg:date }", "line 2, column 14"),
        ("PREFIX kg: <http://own/>\nSELECT * {\n?s kg:date %", "line 3, column 12"),
    ],
)
def test_position_of_an_error_is_that_of_the_text(kg: Kg, query: str, position: str) -> None:
    result = kg("query", query)
    assert (result.exit_code, f"syntax error in {position}:" in result.output) == (2, True), result.output


def test_prefix_of_a_query_stands_before_that_of_the_project(kg: Kg) -> None:
    own = kg("query", "PREFIX kg: <http://own/> SELECT (STR(kg:x) AS ?iri) {}", "--format", "csv")
    assert own.output.split() == ["iri", "http://own/x"]
    ours = kg("query", "SELECT (STR(kg:x) AS ?iri) {}", "--format", "csv")
    assert ours.output.split() == ["iri", "https://w3id.org/uschina-kg/ontology#x"]


def test_seed_answers_its_question(kg: Kg) -> None:
    """The excluded topics and no other, each with the sentence of the article that says so."""
    result = kg("ask", "excluded-topics", "--date", "2025-06-05")
    header, *rows = result.output.splitlines()
    assert [row.split("  ")[0] for row in rows if "Iran" in row.split("Topics such")[0]]
    assert [row for row in rows if "Russia–Ukraine war" in row.split("Topics such")[0]]
    assert len(rows) == 2
    sentence = next(line for line in SEED.read_text(encoding="utf-8").split(". ") if "not discussed" in line)
    assert all(sentence in row for row in rows)
    assert "topic" in header


def test_question_with_values_that_lead_nowhere_finds_nothing(kg: Kg) -> None:
    result = kg("ask", "excluded-topics", "--date", "1999-01-01")
    assert (result.exit_code, result.stdout) == (0, "")
    assert "no rows" in result.stderr


def test_wrong_kind_of_value_is_told_with_what_would_be_right(kg: Kg) -> None:
    result = kg("ask", "excluded-topics", "--date", "June 5")
    assert result.exit_code == 2
    assert "2025-06-05" in result.stderr


def test_second_load_changes_nothing(kg: Kg) -> None:
    before = kg("dump", "--format", "nquads").output
    result = kg("load", str(SEED), "--json")
    assert json.loads(result.stdout)["status"] == "unchanged"
    assert kg("dump", "--format", "nquads").output == before


def test_load_goes_on_past_a_bad_file_and_says_so_by_exit_code(kg: Kg, tmp_path: Path) -> None:
    folder = tmp_path / "mixed"
    folder.mkdir()
    (folder / "a-empty.txt").write_bytes(b"")
    (folder / "b-latin.txt").write_bytes("Café".encode("latin-1"))
    (folder / "c-good.txt").write_text(
        "On 7 June 2013 President Obama met President Xi Jinping.", encoding="utf-8"
    )
    result = kg("load", str(folder), "--json")
    statuses = [json.loads(line)["status"] for line in result.stdout.splitlines()]
    assert (statuses, result.exit_code) == (["unreadable", "unreadable", "stored"], 2)


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("empty.md", b"", "is empty"),
        ("binary.txt", bytes(range(256)) * 8, "is binary"),
        ("latin.txt", b"Talks were held.\nCaf\xe9 talks", "latin.txt:2: byte 0xE9 is not UTF-8"),
        ("large.txt", b"a" * 10_000_001, "is larger than 10,000,000 bytes"),
        ("graph.ttl", b"<a:b> <a:c> <a:d> .", "suffix '.ttl' is not read"),
    ],
)
def test_bad_file_is_one_line_and_leaves_the_store_as_it_was(
    kg: Kg, tmp_path: Path, name: str, content: bytes, told: str
) -> None:
    before = kg("dump", "--format", "nquads").output
    (tmp_path / name).write_bytes(content)
    result = kg("load", str(tmp_path / name), "--quiet")
    assert (result.exit_code, len(result.stderr.splitlines())) == (2, 1)
    assert told in result.stderr
    assert kg("dump", "--format", "nquads").output == before


def test_document_without_a_day_is_stored_with_a_warning(kg: Kg, tmp_path: Path) -> None:
    (tmp_path / "undated.txt").write_text("President Biden met President Xi on Thursday.", encoding="utf-8")
    result = kg("load", str(tmp_path / "undated.txt"))
    assert result.exit_code == 0
    assert "no day of publication" in result.stderr


def test_validate_goes_on_past_a_bad_file(tmp_path: Path) -> None:
    (tmp_path / "bad.ttl").write_text("<a:b> <a:c>", encoding="utf-8")
    result = CliRunner().invoke(cli, ["validate", str(tmp_path / "bad.ttl"), str(SEED)])
    assert result.exit_code == 2
    assert "bad.ttl:1:" in result.stderr
    assert "conforms" in result.stdout


def test_extract_prints_what_load_would_store_but_stores_nothing(kg: Kg) -> None:
    printed = CliRunner().invoke(cli, ["extract", str(SEED), "--format", "nquads"])
    stored = kg("dump", "--format", "nquads", "--no-ontology")
    assert printed.output == stored.output


def test_show_finds_by_name_slug_and_chinese_name(kg: Kg) -> None:
    outputs = {
        kg("show", name).output for name in ("Xi Jinping", "person/xi-jinping", "xi-jinping", "习近平")
    }
    assert len(outputs) == 1
    assert "handle the Taiwan issue with caution" in outputs.pop()


def test_show_of_an_unknown_name_says_what_to_give(kg: Kg) -> None:
    result = kg("show", "nobody at all")
    assert result.exit_code == 2
    assert "give a name" in result.stderr


def test_query_takes_text_file_name_and_standard_input(kg: Kg, tmp_path: Path) -> None:
    text = "SELECT ?call WHERE { ?call a kg:Call }"
    file = tmp_path / "mine.rq"
    file.write_text(text, encoding="utf-8")
    assert kg("query", text, "--format", "csv").output == kg("query", str(file), "--format", "csv").output
    assert kg("query", "documents", "--json").exit_code == 0


def test_query_with_a_syntax_error_is_one_clear_line(kg: Kg) -> None:
    result = kg("query", "SELECT WHERE")
    assert result.exit_code == 2
    assert len(result.stderr.splitlines()) == 1
    assert result.stderr.startswith("kg: syntax error in line 1, column ")


def test_documents_info_and_remove(kg: Kg) -> None:
    assert SEED.stem in kg("documents").output
    assert json.loads(kg("info", "--json").output)["documents"] == 1
    assert kg("remove", SEED.stem).exit_code == 0
    assert json.loads(kg("info", "--json").output)["documents"] == 0
    assert kg("remove", SEED.stem).exit_code == 2


def test_missing_store_says_how_to_make_one(tmp_path: Path) -> None:
    result = CliRunner().invoke(cli, ["info", "--store", f"oxigraph:{tmp_path / 'none'}"])
    assert result.exit_code == 3
    assert "kg load" in result.stderr


def test_validate_tells_a_misspelt_term_in_anybodys_turtle(tmp_path: Path) -> None:
    file = tmp_path / "mine.ttl"
    file.write_text(
        "@prefix kg: <https://w3id.org/uschina-kg/ontology#> .\n"
        "<http://example.org/c> kg:exludedTopic <http://example.org/t> .\n",
        encoding="utf-8",
    )
    result = CliRunner().invoke(cli, ["validate", str(file)])
    assert result.exit_code == 1
    assert "exludedTopic" in result.output


def test_validate_names_the_line_of_a_syntax_error(tmp_path: Path) -> None:
    file = tmp_path / "broken.ttl"
    file.write_text("<http://example.org/a> <http://example.org/b>\n\n;; .\n", encoding="utf-8")
    result = CliRunner().invoke(cli, ["validate", str(file)])
    assert result.exit_code == 2
    assert f"{file}:3" in result.stderr


def test_reader_that_goes_away_ends_the_command_quietly(loaded: str) -> None:
    command = f"{sys.executable} -m kg dump --store {loaded} --format nquads | head -n 1"
    done = subprocess.run(["bash", "-c", command], capture_output=True, text=True, check=True)
    assert (done.stdout.count("\n"), done.stderr) == (1, "")

"""Columns side by side on a page of a PDF are read one after the other."""

from kg.read.columns import Fragment, unwoven


def _page(*rows: tuple[str, ...], edges: tuple[int, ...] = (50, 310)) -> list[Fragment]:
    return [
        Fragment(left, 780 - 14 * number, words)
        for number, row in enumerate(rows)
        for left, words in zip(edges, row, strict=False)
        if words
    ]


LEFT = ("The ministers held a call with", "their colleagues from the port", "and spoke of trade.")
RIGHT = ("Prices of beans rose on", "Friday, and farmers were", "glad of the news.")


def test_columns_are_read_one_after_the_other() -> None:
    assert unwoven(_page(*zip(LEFT, RIGHT, strict=True))) == ["\n".join(LEFT), "\n".join(RIGHT)]


def test_what_stands_above_and_below_is_no_part_of_them() -> None:
    page = _page(("A week of talks",), *zip(LEFT, RIGHT, strict=True), ("Page three",))
    assert unwoven(page) == ["A week of talks", "\n".join(LEFT), "\n".join(RIGHT), "Page three"]


def test_the_longer_column_is_read_to_its_end() -> None:
    page = _page(*zip((*LEFT[:2], "and spoke of trade and"), RIGHT, strict=True), ("of the weather.",))
    assert unwoven(page) == [
        "\n".join((*LEFT[:2], "and spoke of trade and", "of the weather.")),
        "\n".join(RIGHT),
    ]


def test_three_columns() -> None:
    rows = zip(LEFT, RIGHT, LEFT, strict=True)
    found = unwoven(_page(*rows, edges=(50, 220, 390)))
    assert found == ["\n".join(LEFT), "\n".join(RIGHT), "\n".join(LEFT)]


def test_one_column_and_tables_stay_as_they_are() -> None:
    assert unwoven(_page(*((line,) for line in LEFT))) is None
    table = _page(
        ("Date", "Who"), ("May 10, 2025", "He met him"), ("June 9, 2025", "He met her"), ("July", "They met")
    )
    assert unwoven(table) is None


def test_words_in_bold_make_no_column() -> None:
    page = [*_page(*((line,) for line in LEFT)), Fragment(150, 780, "bold"), Fragment(210, 766, "bold")]
    assert unwoven(page) is None

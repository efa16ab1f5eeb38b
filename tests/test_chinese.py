"""Both scripts of Chinese."""

from kg.chinese import folded, simplified


def test_traditional_and_simplified_fold_into_one() -> None:
    assert (
        folded("國務院副總理何立峰談臺灣") == folded("国务院副总理何立峰谈台湾") == "国务院副总理何立峰谈台湾"
    )


def test_folding_keeps_offsets() -> None:
    text = "乾坤，著名的 Taiwan 後來發生 café 𠀀"
    assert len(folded(text)) == len(text)


def test_words_of_taiwan_become_those_of_the_mainland() -> None:
    assert simplified("晶片") == "芯片"
    assert simplified("chips") == "chips"

"""The lexicon: printed words → concepts, read from `lexicon.toml` (词库).

Matching rules stand at the head of that file. Nothing here knows a form; only how words are compared.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import product
from pathlib import Path
from typing import Any

from schemas.errors import ConfigError
from schemas.traditional import simplified
from schemas.vocabulary import pattern

LONGEST_LABEL = 28
"""Characters of the longest funding label: a sentence that mentions money is no label."""

_STANDS_UNDER = {
    "satisfaction": {"satisfaction", "benefit"},
    "cost": {"cost", "output"},
    "decision": {"decision", "process"},
    "process": {"decision", "process"},
    "execution": {"execution", "decision", "input", "process"},
}
"""Categories of level 1 under which level-2 names of some category are printed, where there are more than its own."""

_BRACKETS = re.compile(r"\([^()]*\)|\[[^\[\]]*\]|【[^【】]*】")
_LAST_BRACKET = re.compile(r"\([^()]*\)$")
_BRACKET_MARKS = str.maketrans("", "", "()[]【】")
_ENDS = " :;,.、。，；：*※\u200b-—"


def squeeze(text: str) -> str:
    """`text` without any white space (去空白); the characters stay as printed."""
    return "".join(text.replace("\u200b", "").replace("\ufeff", "").split())


@lru_cache(maxsize=65536)
def normalise(text: str) -> str:
    """`text` as words are compared: half-width, simplified, no white space, no brackets with content, no end colon."""
    plain = simplified(squeeze(unicodedata.normalize("NFKC", text)))
    previous = None
    while previous != plain:
        previous, plain = plain, _BRACKETS.sub("", plain)
    return plain.strip(_ENDS)


@dataclass(frozen=True, slots=True)
class Concept:
    """One concept with its Chinese name: words that are it, parts of words that mean it, parts that rule it out.

    `hints` are parts of an unknown word that may well mean it. A column of this concept `stands_for` another in a table
    that has no column of that one.
    """

    name: str
    zh: str
    words: frozenset[str]
    contains: tuple[str, ...]
    unless: tuple[str, ...]
    hints: tuple[str, ...]
    stands_for: str | None


@dataclass(frozen=True, slots=True)
class Match:
    """What a printed word means, and which word of the lexicon says so.

    Where `whole` is false only a part of the text is listed (`contains`): the meaning is a guess.
    """

    concept: str
    word: str
    whole: bool


@dataclass(frozen=True, eq=False)
class Lexicon:
    """All word lists; build it with `load_lexicon`, get the shipped one with `lexicon()`."""

    columns: tuple[Concept, ...]
    keys: tuple[Concept, ...]
    sources: tuple[tuple[str, tuple[str, ...]], ...]
    totals: Concept
    categories: Mapping[str, str]
    level1: frozenset[str]
    level2: frozenset[str]
    upper_levels: Mapping[str, str]
    titles: Mapping[str, tuple[str, ...]]
    placeholders: frozenset[str]
    grades: frozenset[str]
    column_numbers: frozenset[str]
    column_mark: re.Pattern[str]
    yearly: tuple[str, ...]
    block_money: Mapping[str, str]
    formula: re.Pattern[str]

    def column(self, text: str) -> str | None:
        """The concept of a column header, or None where the word is unknown."""
        match = self._column_match(text)
        return match.concept if match else None

    def guesses_column(self, text: str) -> bool:
        """Whether only a part of a column header is listed: what it means is a guess."""
        match = self._column_match(text)
        return match is not None and not match.whole

    def _column_match(self, text: str) -> Match | None:
        """What a column header is; one of targets or results that begins with a year (2023年完成) is one of its year.

        Money of a year (2021年决算数) is a funding block's no more than another table's.
        """
        found = self._cached(self._columns_seen, self.columns, text)
        year = None if found else _YEAR_LEAD.match(text)
        if year is None:
            return found
        rest = text[year.end() :]
        this_year = self._cached(self._columns_seen, self.columns, f"{self.yearly[1]}{rest}")
        of_year = this_year or self._cached(self._columns_seen, self.columns, rest)
        return of_year if of_year is not None and of_year.concept in _OF_A_YEAR else None

    def column_title(self, concept: str) -> str:
        """The Chinese name of a column's concept."""
        return self._columns_named[concept].zh if concept in self._columns_named else concept

    def column_hints(self, concept: str) -> tuple[str, ...]:
        """Parts of an unknown column header that may mean that concept."""
        return self._columns_named[concept].hints

    def column_stands_for(self, concept: str) -> str | None:
        """The concept whose place a column of that one takes in a table without it (下达数 for 预算数)."""
        return self._columns_named[concept].stands_for if concept in self._columns_named else None

    @cached_property
    def _columns_named(self) -> dict[str, Concept]:
        return {concept.name: concept for concept in self.columns}

    def key(self, text: str) -> str | None:
        """The concept of a label cell (`项目名称` → project_name), or None."""
        match = self._key_match(text)
        return match.concept if match else None

    def _key_match(self, text: str) -> Match | None:
        """What a label is, its number (四、自评结论；1.（一）主管部门) left out where that tells more."""
        found = self._cached(self._keys_seen, self.keys, text)
        found = found or self._cached(self._keys_seen, self.keys, _SECTION_NUMBER.sub("", text))
        if found:
            return found
        numbered = self._cached(self._keys_seen, self.keys, _LABEL_NUMBER.sub("", squeeze(text)))
        return None if numbered and numbered.concept in _BLOCKS else numbered

    def whole_key(self, text: str) -> str | None:
        """The concept of a label of which the whole is listed, not merely a part of it."""
        match = self._key_match(text)
        return match.concept if match is not None and match.whole else None

    def source(self, label: str) -> str:
        """The code of a funding line's source (资金来源); `total` for the line of the whole."""
        plain = normalise(label)
        if self.is_funding_total(label):
            return "total"
        for code, parts in self.sources:
            if any(part in plain for part in parts):
                return code
        return "other"

    def knows_source(self, label: str) -> bool:
        """Whether the label is a funding line this lexicon has words for."""
        return _knows_source(self, label)

    def is_funding_total(self, label: str) -> bool:
        """Whether a funding line's label states the whole (总额行)."""
        return _is_funding_total(self, label)

    def category(self, *labels: str | None) -> str | None:
        """The indicator category of the first label (level 2 before level 1) that has a known word."""
        for label in labels:
            plain = simplified(label) if label else ""
            found = [word for word in self.categories if word in plain]
            if found:
                return self.categories[max(found, key=len)]
        return None

    def is_level1(self, text: str) -> bool:
        return _level_name(text) in self.level1

    def is_level2(self, text: str) -> bool:
        return _level_name(text) in self.level2

    def is_level(self, text: str) -> bool:
        """Whether a text is a level-1 or level-2 name."""
        name = _level_name(text)
        return name in self.level1 or name in self.level2

    def section_label(self, text: str) -> str | None:
        """A level-1 label that stands alone in a row, without its number (一、产出指标); None for other texts."""
        plain = _LIST_NUMBER.sub("", squeeze(text))
        return plain if self.is_level1(plain) else None

    def is_foreign(self, level2: str, level1: str) -> bool:
        """Whether a level-2 name never stands under this level-1 name (质量指标 under 效益指标); both must be known."""
        if not (self.is_level2(level2) and self.is_level1(level1)):
            return False
        below, above = ((self.category(text) or "").split(".")[0] for text in (level2, level1))
        return bool(below and above) and above not in _STANDS_UNDER.get(below, {below})

    def is_placeholder(self, text: str) -> bool:
        """Whether the text is a skeleton left in the form (`指标2`, `……`, `指标1：/`)."""
        plain = normalise(text)
        name, colon, rest = squeeze(text).replace("：", ":").partition(":")
        if colon and pattern("none_mark").fullmatch(rest):
            plain = normalise(name)
        return not plain or plain in self.placeholders or set(plain) <= set(".…·。")

    def is_yearly(self, label: str) -> bool:
        """Whether a sum's label says that it is the year's."""
        return any(word in normalise(label) for word in self.yearly)

    def money_of_block(self, name: str) -> str:
        """The column that a sum stands for behind the name of its block; empty where the name does not tell."""
        return self.block_money.get(normalise(name), "")

    def is_derived(self, header: str) -> bool:
        """Whether a header says that its column is worked out from others (C=A-B)."""
        return self.formula.search(unicodedata.normalize("NFKC", header)) is not None

    def unnumbered(self, text: str) -> str:
        """A level's name without its list number (一、产出指标); other texts as they are."""
        plain = _LIST_NUMBER.sub("", text)
        return plain if plain != text and (self.is_level1(plain) or self.is_level2(plain)) else text

    def total_in(self, line: str) -> str | None:
        """The score that a line states without a colon (项目总得分99分), or None."""
        match = _LABELLED_NUMBER.match(unicodedata.normalize("NFKC", squeeze(line)))
        return match[2] if match and self.key(match[1]) == "total" else None

    def counts_columns(self, text: str) -> bool:
        """Whether a label says that its row numbers the columns (列次)."""
        return normalise(text) in self.column_numbers

    def is_column_mark(self, text: str) -> bool:
        """Whether a text is the number of a column: 3, (2), A, C=A-B."""
        return self.column_mark.fullmatch(unicodedata.normalize("NFKC", squeeze(text))) is not None

    def title_has(self, kind: str, text: str) -> bool:
        """Whether a title holds one of the words listed under `titles.<kind>`."""
        plain = simplified(squeeze(unicodedata.normalize("NFKC", text)))
        return any(unicodedata.normalize("NFKC", word) in plain for word in self.titles[kind])

    def title_ends(self, kind: str, text: str) -> bool:
        """Whether a title ends with one of the words listed under `titles.<kind>`, but for brackets behind it."""
        plain = simplified(squeeze(unicodedata.normalize("NFKC", text)))
        return _LAST_BRACKET.sub("", plain).endswith(self.titles[kind])

    @cached_property
    def longest_grades_first(self) -> tuple[str, ...]:
        """The words for grades as a pattern tries them: 优秀 before 优."""
        return tuple(sorted(self.grades, key=len, reverse=True))

    @cached_property
    def _columns_seen(self) -> dict[str, Match | None]:
        return {}

    @cached_property
    def _keys_seen(self) -> dict[str, Match | None]:
        return {}

    @staticmethod
    def _cached(seen: dict[str, Match | None], concepts: tuple[Concept, ...], text: str) -> Match | None:
        if len(text) > 60:
            return None
        if text not in seen:
            seen[text] = _match(concepts, text)
        return seen[text]


_LIST_NUMBER = pattern("list_number")
_SECTION_NUMBER = pattern("section_number")
_YEAR_LEAD = pattern("year_lead")
_OF_A_YEAR = frozenset({"target", "actual"})
_LABEL_NUMBER = pattern("label_number")
_BLOCKS = frozenset({"goal", "goal_expected", "goal_actual"})
"""What a name with a number (1.目标完成情况) is a block of its form by, and not the label of the value beside it."""
_LABELLED_NUMBER = pattern("labelled_number")
_LEVEL_POINTS = pattern("level_points")


@lru_cache(maxsize=16384)
def strip_points(text: str) -> tuple[str, str | None]:
    """A level label without the points printed in it: `产出指标（50分）` → (`产出指标`, `50`)."""
    plain = squeeze(text)
    match = _LEVEL_POINTS.search(plain)
    if match is None:
        return plain, None
    return plain[: match.start()], match[1] or match[2]


@lru_cache(maxsize=16384)
def _level_name(text: str) -> str:
    """A text as names of levels are compared."""
    return simplified(strip_points(text)[0])


@lru_cache(maxsize=16384)
def _is_funding_total(lexicon: Lexicon, label: str) -> bool:
    return _match((lexicon.totals,), label) is not None


@lru_cache(maxsize=16384)
def _knows_source(lexicon: Lexicon, label: str) -> bool:
    plain = normalise(label)
    if len(plain) > LONGEST_LABEL:
        return False
    return _is_funding_total(lexicon, label) or any(part in plain for _, parts in lexicon.sources for part in parts)


_LETTERS = re.compile(r"^[A-Z]\.?(?=[^\x00-\x7f])|(?<=[^\x00-\x7f])[A-Z0-9=/×*%+-]{1,12}$")


def _without_letters(text: str) -> str:
    """A column header without the letter that names its column and what is made of such: 执行数B, 执行率B/A×100%."""
    return _LETTERS.sub("", text)


@lru_cache(maxsize=65536)
def _unbracketed(text: str) -> str:
    """Like `normalise`, but what stands in brackets stays: it may decide (`预算数（年初）`)."""
    plain = simplified(squeeze(unicodedata.normalize("NFKC", text)))
    return plain.translate(_BRACKET_MARKS).strip(_ENDS)


def _match(concepts: tuple[Concept, ...], text: str) -> Match | None:
    plain, whole = normalise(text), _unbracketed(text)
    if not plain and not whole:
        return None
    for form in dict.fromkeys((whole, plain, _without_letters(whole), _without_letters(plain))):
        for concept in concepts:
            if form in concept.words:
                return Match(concept.name, form, whole=True)
    best: Match | None = None
    for concept in concepts:
        if len(plain) > 24 or any(part in plain for part in concept.unless):
            continue
        for part in concept.contains:
            if part in plain and (best is None or len(part) > len(best.word)):
                best = Match(concept.name, part, whole=False)
    return best


def load_lexicon(path: Path) -> Lexicon:
    """Read a lexicon file; ConfigError says which entry is wrong."""
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8-sig"))
        return Lexicon(
            columns=_concepts(data["columns"]),
            keys=_concepts(data["keys"]),
            sources=tuple((entry["code"], tuple(entry["contains"])) for entry in data["sources"]),
            totals=_concept("total", data["funding_totals"]),
            categories=data["indicator_categories"],
            level1=frozenset(data["levels"]["level1"]),
            level2=frozenset(data["levels"]["level2"]),
            upper_levels={below: above for above, names in data["upper_levels"].items() for below in names},
            titles={kind: tuple(words) for kind, words in data["titles"].items()},
            placeholders=frozenset(normalise(word) for word in data["placeholders"]["words"]),
            grades=frozenset(data["grades"]["words"]),
            column_numbers=frozenset(data["column_numbers"]["words"]),
            column_mark=re.compile(data["column_numbers"]["mark"]),
            yearly=tuple(data["yearly"]["words"]),
            block_money=data["block_money"],
            formula=re.compile(data["derived"]["formula"]),
        )
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise ConfigError(f"词库 {path} 无法读取：{error}。请检查文件是否存在、TOML 格式是否正确。") from error
    except (KeyError, TypeError) as error:
        raise ConfigError(f"词库 {path} 缺少或写错了条目 {error}，请对照随程序提供的 lexicon.toml 补齐。") from error


def _concepts(data: Mapping[str, Any]) -> tuple[Concept, ...]:
    return tuple(_concept(name, entry) for name, entry in data.items())


def _concept(name: str, entry: Mapping[str, Any]) -> Concept:
    return Concept(
        name,
        entry.get("zh", name),
        frozenset(map(normalise, entry["words"])).union(_made_of(entry.get("made_of", ()))),
        tuple(entry.get("contains", ())),
        tuple(entry.get("unless", ())),
        tuple(entry.get("hints", ())),
        entry.get("stands_for"),
    )


def _made_of(rows: Sequence[Sequence[str]]) -> Iterator[str]:
    """The words that one choice of each part makes: `全年|年度`, `计划|安排`, `数|金额`."""
    return ("".join(choice) for parts in rows for choice in product(*(part.split("|") for part in parts)))


@lru_cache(maxsize=1)
def lexicon() -> Lexicon:
    """The lexicon shipped with the project."""
    return load_lexicon(Path(__file__).with_name("lexicon.toml"))

"""Private data kept out of the dataset (个人信息): phone numbers, identity numbers, mail addresses, persons' names.

`redact` replaces them by a bracketed word that says what stood there. A name is recognised by the word it follows
(填表人, 组长, 成员 …) or the office it is joined to (局长张某), never by itself: reports are full of words that look
like names.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from schemas.errors import ConfigError

NAME = "[姓名]"
PHONE = "[电话]"
IDENTITY = "[证件号]"
MAIL = "[邮箱]"

_GAP = r"[ \t\u3000]"
_HAN = r"[\u4e00-\u9fff]"
_NOT_BEFORE = r"(?<![0-9A-Za-z.,，])"
_NOT_AFTER = r"(?![0-9A-Za-z]|[.,，]\d|\s?[元万亿%％人次个])"
_PHONES = tuple(
    re.compile(_NOT_BEFORE + number + _NOT_AFTER, re.ASCII)
    for number in (
        r"(?:\+?86[- ]?)?1[3-9]\d[- ]?\d{4}[- ]?\d{4}",
        r"(?:[(（]0\d{2,3}[)）]|0\d{2,3}[-—－ ]?) ?\d{7,8}(?:[-—－转]\d{1,5})?",
        r"[48]00[- ]?\d{3}[- ]?\d{4}",
    )
)
_MAIL_ADDRESS = re.compile(
    r"(?<![A-Za-z0-9._%+-])[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,4}"
)
_IDENTITY_NUMBER = re.compile(r"(?<![0-9A-Za-z])[1-9]\d{16}[\dXx](?![0-9A-Za-z])", re.ASCII)
_CHECK_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_SIGNATURE = rf"(?:{_GAP}*[(（]?(?:签字盖章|签字|签名|签章|盖章)[)）]?)?"
_ASIDE = re.compile(rf"{_GAP}*[(（][^()（）\n]{{0,20}}[)）]")
_BETWEEN = re.compile(r"[\s、,，;；/和及与]+")
_OFFICE = r"(?:常务)?(?:副?组长|成员|组员|总?负责人|联络员|牵头人)"


@dataclass(frozen=True, slots=True)
class _Rules:
    """The patterns that the words of `privacy.toml` make (识别规则)."""

    phone: re.Pattern[str]
    label: re.Pattern[str]
    any_name: re.Pattern[str]
    surnamed: re.Pattern[str]
    title: re.Pattern[str]
    officer: re.Pattern[str]


def redact(text: str) -> str:
    """`text` with phone and identity numbers, mail addresses and persons' names replaced; the rest is unchanged."""
    rules = _rules()
    text = _MAIL_ADDRESS.sub(MAIL, text)
    text = _IDENTITY_NUMBER.sub(lambda match: IDENTITY if _is_identity_number(match[0]) else match[0], text)
    for pattern in _PHONES:
        text = pattern.sub(PHONE, text)
    text = rules.phone.sub(rf"\1{PHONE}", text)
    text = "".join(_without_listed_names(text, rules))
    return rules.officer.sub(lambda match: f"{match[1] or ''}{NAME}", text)


def _is_identity_number(digits: str) -> bool:
    """The check digit of an 18-digit resident identity number (居民身份证校验码)."""
    total = sum(int(digit) * weight for digit, weight in zip(digits, _CHECK_WEIGHTS, strict=False))
    return "10X98765432"[total % 11] == digits[17].upper()


def _without_listed_names(text: str, rules: _Rules) -> Iterator[str]:
    """The text in pieces, with the names behind each label replaced (组长：…、…（局长），…)."""
    position = 0
    while (label := rules.label.search(text, position)) is not None:
        yield text[position : label.end()]
        position = label.end()
        names = rules.any_name if label["strong"] else rules.surnamed
        if not label["strong"] and not label["mark"].strip():
            continue
        while (name := names.match(text, _after(rules.title, text, position))) is not None:
            yield text[position : name.start()] + NAME
            position = name.end()
            following = _after(rules.title, text, _after(_ASIDE, text, position))
            between = _BETWEEN.match(text, following)
            if between is None or not names.match(text, _after(rules.title, text, between.end())):
                break
            yield text[position : between.end()]
            position = between.end()
    yield text[position:]


def _after(pattern: re.Pattern[str], text: str, position: int) -> int:
    """Behind what `pattern` finds at `position`, or `position` itself."""
    match = pattern.match(text, position)
    return match.end() if match else position


@cache
def _rules() -> _Rules:
    try:
        data = tomllib.loads(files("schemas").joinpath("privacy.toml").read_text("utf-8-sig"))
        strong, weak, phones = (_spaced(data[key]) for key in ("strong_labels", "weak_labels", "phone_labels"))
        titles, not_names = "|".join(_longest_first(data["titles"])), "|".join(map(re.escape, data["not_names"]))
        surname = "|".join([*map(re.escape, data["compound_surnames"]), f"[{re.escape(data['surnames'])}]"])
        followers = "|".join(map(re.escape, data["strong_labels"] + data["phone_labels"]))
    except (tomllib.TOMLDecodeError, KeyError, TypeError) as error:
        raise ConfigError(f"个人信息线索表 schemas/privacy.toml 无法读取（{error}），请改正后重试。") from error
    dotted = rf"{_HAN}{{1,6}}(?:[·•]{_HAN}{{1,8}})+"
    surnamed = rf"(?:{dotted}|(?!{not_names})(?:{surname})(?:{_GAP}?{_HAN}){{1,2}}?)"
    short = rf"(?:{dotted}|(?!{not_names}|{followers}){_HAN}{_GAP}?{_HAN}{{1,3}}?)"
    end = rf"(?=$|[^\u4e00-\u9fff:：]|{titles}|{followers}|等|及|和|与|同志|担任|填报|报告|日期)(?!{_GAP}*[:：])"
    return _Rules(
        phone=re.compile(rf"((?:{phones})\s{{0,4}}[:：]?\s{{0,4}})\d{{3,4}}[- ]?\d{{4}}(?!\d)", re.ASCII),
        label=re.compile(rf"(?:(?P<strong>{strong})|(?:{weak})){_SIGNATURE}(?P<mark>{_GAP}*[:：]\s*|[由为是]|{_GAP}+)"),
        any_name=re.compile(short + end, re.MULTILINE),
        surnamed=re.compile(surnamed + end, re.MULTILINE),
        title=re.compile(rf"{_GAP}*(?:{titles})(?!{_GAP}*[:：])"),
        officer=re.compile(
            rf"({titles}){surnamed}(?=(?:{titles})?(?:同志|担任|带队|牵头|(?:兼任|任|为){_OFFICE}))"
            rf"|(?<!{_HAN}){surnamed}(?=(?:{titles})?(?:同志)?(?:担任|兼任|任|为){_OFFICE})"
        ),
    )


def _longest_first(words: list[str]) -> list[str]:
    return sorted(words, key=lambda word: (-len(word), word))


def _spaced(words: list[str]) -> str:
    """The words as alternatives, longest first, with blanks allowed between their characters (组  长)."""
    return "|".join(f"{_GAP}*".join(map(re.escape, word)) for word in _longest_first(words))

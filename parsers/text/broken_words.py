"""Words of forms that a dump has broken into pieces, made whole (断词复原)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import regex

from parsers.interpret.concepts import LEVEL_COLUMNS
from parsers.interpret.recognise import is_figure
from parsers.text.placing import is_level, names_column
from parsers.text.tokens import Token
from schemas.lexicon import lexicon, normalise

_FRAGMENTS = 6
"""Most pieces that one word of a form may be printed in."""
LABEL_CHARS = 24
_LONGEST_REST = 4
_UNIT_ALONE = regex.compile(r"[(（][^()（）\s]{1,8}[)）]")


def whole_words(tokens: Sequence[Token]) -> list[Token]:
    """Words of forms that were printed in pieces (一级 | 指标, 产 | 出 | 指 | 标) made whole again."""
    joined: list[Token] = []
    at = 0
    while at < len(tokens):
        size = next((n for n in range(_FRAGMENTS, 1, -1) if _is_broken_word(tokens[at : at + n], n)), 1)
        text = "".join(token.text for token in tokens[at : at + size])
        if joined and size == 1 and _UNIT_ALONE.fullmatch(text) and is_form_word(joined[-1].text + text):
            joined[-1] = replace(joined[-1], text=joined[-1].text + text)
        else:
            joined.append(Token(text, tokens[at].line))
        at += size
    return joined


def _is_broken_word(tokens: Sequence[Token], size: int) -> bool:
    if len(tokens) < size or any(is_figure(token.text) or len(token.text) > LABEL_CHARS for token in tokens):
        return False
    pieces = [normalise(token.text) for token in tokens]
    whole = "".join(pieces)
    if not all(pieces) or not _is_exact_word(whole):
        return size == 2 and _is_broken_source(*pieces)
    # 一级 | 指标 are words, too; 产出指标 | 数量指标 are two names.
    heads = any(whole in concept.words for concept in lexicon().columns)
    known = names_column if heads else _is_exact_word  # 年度 | 指标值 is a label and a head, and one head together
    if not all(map(known, pieces)):
        return True
    one_level = not is_level(pieces[-1]) or not lexicon().is_level1(pieces[0])  # 服务对象 | 满意度指标
    return _names_level(whole) and one_level


def _is_broken_source(first: str, rest: str) -> bool:
    """Whether two pieces are the name of a source of funds that neither is: 其中:当年财政 | 拨款."""
    words = lexicon()
    parted = not (words.knows_source(first) or words.knows_source(rest) or is_form_word(rest))
    return parted and len(rest) <= _LONGEST_REST and words.knows_source(first + rest)


def _names_level(plain: str) -> bool:
    return is_level(plain) or lexicon().column(plain) in LEVEL_COLUMNS


def _is_exact_word(plain: str) -> bool:
    words = lexicon()
    concepts = (*words.columns, *words.keys)
    return bool(plain) and (plain in words.level1 or plain in words.level2 or any(plain in c.words for c in concepts))


def is_form_word(text: str) -> bool:
    if not 0 < len(text) <= LABEL_CHARS:
        return False
    return names_column(text) or lexicon().key(text) is not None or is_level(text) or is_figure(text)

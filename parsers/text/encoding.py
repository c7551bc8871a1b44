"""From bytes to text without mojibake (编码识别).

Candidate encodings are judged by how plausible the decoded text is as Chinese: common characters and punctuation speak
for it, control, private-use and replacement characters against it. When no candidate convinces, nothing is guessed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from schemas.errors import UndecodableText
from schemas.vocabulary import pattern

SAMPLE_BYTES = 8 * 1024
"""How much of a file is decoded with every candidate; the whole is decoded only once."""

_BOMS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))
_WITHOUT_NUL = ("gb18030", "utf-8", "big5", "utf-16-le", "utf-16-be")
_WITH_NUL = ("utf-16-le", "utf-16-be", "utf-8", "gb18030", "big5")
_CODECS = {"utf-8-sig": "utf-8", "big5": "cp950"}

_STRETCH_CHARS = 1000
_MIN_STRETCH_CHARS = 100
"""Text is judged in stretches of this many characters (a last one too short to judge is not)."""
_CONCLUSIVE = 0.97
"""Plausibility no wrong decoding reaches; rivals need no look."""
_CONVINCING = 0.8
"""Least plausibility of a decoding that is accepted for lack of a better one."""
_NATURAL = 0.6
"""Plausibility above which well-formed UTF-8 is taken without looking at rivals."""
_MAX_BAD_SHARE = 0.01
"""Most bad characters per character in a file that is still "otherwise good"."""
_FEW_BAD = 2
"""Bad characters that are forgiven in however short a file."""

_BAD = re.compile("[\x00-\x06\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ufdd0-\ufdef\ufffd-\uffff]")
_NON_ASCII = re.compile(rb"[\x80-\xff]")
_NON_ASCII_RUN = re.compile(rb"[\x80-\xff]+")
_PROOF_BYTES = 16
"""Bytes above 0x7F that are well-formed UTF-8 by chance in one text of ten million."""
_TWO_CHARACTERS = 4
"""Bytes of two characters of GB18030; fewer, in a run, are an accented letter (café)."""
_HAN = pattern("han")
_ACCENTED = re.compile("[\xc0-\xff]")
_SYMBOLS = (
    "\xa0-\xbf\xd7\xf7\u2010-\u203b\u20ac\u2100-\u2138\u2150-\u218b\u2190-\u21ff\u2200-\u22ff\u2460-\u24ff"
    "\u2500-\u27bf\u3000-\u301f\u3220-\u33ff\ufe30-\ufe4f\uff01-\uff5e\uffe0-\uffe6"
)


@dataclass(frozen=True, slots=True)
class Decoded:
    """Text and the encoding it came in. Bytes that could not be decoded stand as U+FFFD in the text."""

    text: str
    encoding: str


def decode(data: bytes, name: str) -> Decoded:
    """Decode a file's bytes; `name` is the file's name for messages.

    Raises UndecodableText when no encoding gives readable text (code "binary" when it is no text at all).
    """
    encoding = guess(data)
    if encoding is None:
        raise _undecodable(data, name)
    body = data[_bom_length(data) :]
    text = _BAD.sub("\ufffd", body.decode(_CODECS.get(encoding, encoding), "replace"))
    garbled = _garbled_at(text, encoding)
    if garbled is not None:
        line = text.count("\n", 0, garbled) + 1
        raise UndecodableText(
            f"文件“{name}”从第 {line} 行起不是 {encoding} 编码的文字，请用原软件另存为 UTF-8 文本后重试。"
        )
    return Decoded(text, encoding)


def _garbled_at(text: str, encoding: str) -> int | None:
    """Where text stops making sense, None if it never does.

    Well-formed UTF-8 proves itself; in the other encodings almost any bytes are characters, so all of it is looked at.
    """
    if _too_bad(text.count("\ufffd"), len(text)):
        return text.index("\ufffd")
    if encoding.startswith("utf-8"):
        return None
    for start in range(0, len(text), _STRETCH_CHARS):
        stretch = text[start : start + _STRETCH_CHARS]
        if len(stretch) > _MIN_STRETCH_CHARS and _plausibility(stretch) < _NATURAL:
            return start
    return None


def guess(data: bytes) -> str | None:
    """The encoding of these bytes (a whole file or its beginning), or None when none is convincing."""
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            sample = data[len(bom) : SAMPLE_BYTES]
            return encoding if _plausibility(_sample_text(sample, encoding)) >= 0 else None
    if _is_well_formed(data):
        if _plausibility(_sample_text(data, "utf-8")) >= _NATURAL:
            return "utf-8"
        if _cannot_be_chance(data):
            return "utf-8" if _is_other_language(data) else None
    scores: dict[str, float] = {}
    for encoding in _WITH_NUL if b"\0" in data[:SAMPLE_BYTES] else _WITHOUT_NUL:
        scores[encoding] = _plausibility(_sample_text(data, encoding))
        if scores[encoding] >= _CONCLUSIVE:
            return encoding
    best = max(scores, key=lambda encoding: scores[encoding])
    if scores[best] >= _CONVINCING:
        return best
    return "utf-8" if _is_other_language(data) else None


def _is_well_formed(data: bytes) -> bool:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return b"\0" not in data


def _cannot_be_chance(data: bytes) -> bool:
    """Whether well-formed UTF-8 is no text of another encoding: too many characters, or one alone among letters."""
    runs = _NON_ASCII_RUN.findall(data[:SAMPLE_BYTES])
    return sum(map(len, runs)) >= _PROOF_BYTES or any(len(run) < _TWO_CHARACTERS for run in runs)


def _sample_text(data: bytes, encoding: str) -> str:
    start = 0
    if not encoding.startswith("utf-16"):
        first = _NON_ASCII.search(data)
        # Everything before the first byte above 0x7F reads the same in every candidate; that byte begins a character.
        start = max(0, first.start() - SAMPLE_BYTES // 8) if first else 0
    sample = data[start : start + SAMPLE_BYTES]
    text = sample.decode(_CODECS.get(encoding, encoding), "replace")
    # A character cut by the end of the sample is not a fault of the file.
    return text.rstrip("\ufffd") if start + SAMPLE_BYTES < len(data) else text


def _plausibility(text: str) -> float:
    """How much this reads like Chinese or ASCII text: 1 is perfect, 0 or less is none."""
    if not text:
        return 1.0
    bad = len(_BAD.findall(text))
    if _too_bad(bad, len(text)):
        return -bad / len(text)
    foreign = len(text) - len(text.encode("ascii", "ignore")) - text.count("\ufffd")
    if foreign == 0:
        return _CONVINCING if bad else 1.0
    good = sum(map(len, _natural().findall(text)))
    return (good - 3 * bad) / foreign


def _too_bad(bad: int, length: int) -> bool:
    return bad > _FEW_BAD and bad > length * _MAX_BAD_SHARE


def _is_other_language(data: bytes) -> bool:
    """Well-formed UTF-8 whose letters are not mainly Chinese: readable, though not for this project."""
    text = _sample_text(data, "utf-8")
    letters = sum(map(str.isalpha, text))
    # Accented letters in bulk are no language but UTF-8 that somebody decoded as Latin-1 before.
    doubtful = len(_HAN.findall(text)) + len(_ACCENTED.findall(text))
    return _BAD.search(text) is None and doubtful * 2 < letters


@cache
def _natural() -> re.Pattern[str]:
    """Runs of what Chinese text is made of: GB 2312 level 1, Big5 level 1, punctuation and symbols."""
    simplified = (bytes((lead, trail)) for lead in range(0xB0, 0xD8) for trail in range(0xA1, 0xFF))
    trails = (*range(0x40, 0x7F), *range(0xA1, 0xFF))
    traditional = (bytes((lead, trail)) for lead in range(0xA4, 0xC7) for trail in trails)
    common = {*b"".join(simplified).decode("gb2312", "ignore"), *b"".join(traditional).decode("big5", "ignore")}
    return re.compile(f"[{''.join(sorted(filter(_HAN.match, common)))}{_SYMBOLS}]+")


def _bom_length(data: bytes) -> int:
    return next((len(bom) for bom, _ in _BOMS if data.startswith(bom)), 0)


def _undecodable(data: bytes, name: str) -> UndecodableText:
    controls = len(re.findall(rb"[\x00-\x06\x08\x0e-\x1f]", data[:SAMPLE_BYTES]))
    if controls > len(data[:SAMPLE_BYTES]) * _MAX_BAD_SHARE:
        return UndecodableText(
            f"文件“{name}”的内容是二进制数据而不是文字，请确认文件类型或重新取得原文件。", code="binary"
        )
    return UndecodableText(
        f"文件“{name}”按 UTF-8、GB18030、UTF-16、Big5 解码都得不到可读的文字，请用原软件另存为 UTF-8 文本后重试。"
    )

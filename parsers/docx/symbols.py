"""Symbol fonts: the code of a glyph to the character it shows (符号字体).

Check boxes, marks and relations in forms are often set in a symbol font: as `w:sym`, as a private-use character, or
as a plain letter in a run of that font. Only glyphs that occur in forms are listed; the rest stay unknown.
"""

from __future__ import annotations

UNKNOWN = "\ufffd"

_PRIVATE_USE = range(0xF000, 0xF100)


def _row(start: int, characters: str) -> dict[int, str]:
    return {start + i: c for i, c in enumerate(characters)}


_WINGDINGS = {
    **_row(0x6C, "●❍■□□□□⬧⧫◆❖⬥☒"),
    **_row(0x80, "⓪①②③④⑤⑥⑦⑧⑨⑩⓿❶❷❸❹❺❻❼❽❾❿"),
    **_row(0x9E, "·•▪○○○◉◎"),
    **_row(0xA7, "▪□"),
    **_row(0xDF, "←→↑↓"),
    **_row(0xFB, "✗✓☒☑"),
    0xAB: "★",
    0xD8: "➢",
    0xF0: "⇨",
}
_WINGDINGS_2 = {
    **_row(0x4F, "✗✓☒☑☒☒"),
    **_row(0x69, "⓪①②③④⑤⑥⑦⑧⑨⑩⓿❶❷❸❹❺❻❼❽❾❿"),
    **_row(0x97, "●●○"),
    **_row(0xA0, "▪▪■□□□□□▣"),
}
_WEBDINGS = {0x3D: "●", 0x61: "✓", 0x63: "□", 0x67: "■", 0x6E: "●", 0x72: "✗"}
_SYMBOL = {
    **_row(0x41, "ΑΒΧΔΕΦΓΗΙϑΚΛΜΝΟΠΘΡΣΤΥςΩΞΨΖ"),
    **_row(0x61, "αβχδεφγηιϕκλμνοπθρστυϖωξψζ"),
    **_row(0xA2, "′≤⁄∞"),
    **_row(0xAB, "↔←↑→↓°±″≥×∝∂•÷≠≡≈…"),
    **_row(0xC5, "⊕∅∩∪"),
    **_row(0xD5, "∏√⋅¬∧∨⇔⇐⇑⇒⇓"),
    0xE5: "∑",
    0xF2: "∫",
    0x2D: "−",
}
_FONTS = {"wingdings": _WINGDINGS, "wingdings 2": _WINGDINGS_2, "webdings": _WEBDINGS, "symbol": _SYMBOL}


def is_symbol_font(font: str | None) -> bool:
    """Whether codes in `font` are glyphs of a symbol font known here."""
    return font is not None and font.strip().lower() in _FONTS


def symbol(font: str | None, code: int) -> str:
    """The character `code` shows in `font`; UNKNOWN for a glyph this table does not hold.

    In an ordinary font the code is the character itself.
    """
    table = _FONTS.get((font or "").strip().lower())
    low = code - 0xF000 if code in _PRIVATE_USE else code
    if table is not None and low in table:
        return table[low]
    ordinary_codes = table is None or table is _SYMBOL
    if ordinary_codes and 0x20 <= low <= 0x7E:
        return chr(low)
    if table is None and code not in _PRIVATE_USE and 0x20 <= code <= 0x10FFFF and not 0xD800 <= code <= 0xDFFF:
        return chr(code)
    return UNKNOWN


def decode(font: str | None, text: str) -> str:
    """`text` of a run set in the symbol font `font`; characters that are no glyph codes stay as they are."""
    return "".join(symbol(font, ord(c)) if ord(c) in _PRIVATE_USE or 0x20 < ord(c) < 0x100 else c for c in text)

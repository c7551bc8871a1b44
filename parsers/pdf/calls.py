"""PDFium functions asked for every character and path, called without ctypes' conversions (PDFium 直接调用).

A page takes some ten thousand of these calls, and converting an argument costs ctypes as much as the call itself. So
the quick ones take what needs no conversion: a `Handle`, an int that fits into C's, a `Place` to write to. A handle as
a plain int would be cut to 32 bits: the types below keep it out. The others convert, and take it either way.
"""

from __future__ import annotations

import ctypes
from collections import deque
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pypdfium2.raw as pdfium_c

_INT, _UINT, _AT, _ADDRESS = ctypes.c_int, ctypes.c_uint, ctypes.c_void_p, ctypes.c_size_t


class Handle(ctypes.c_void_p):
    """What PDFium calls one of its things by: false for none; `value` is its address."""


Place = Any
"""A place in memory, as `ctypes.byref` makes it: where a function writes an answer."""


def handle(pointer: Any) -> Handle:
    """The handle that a typed pointer holds."""
    return ctypes.cast(pointer, Handle)


def passed(pointer: Any) -> Place:
    """What a typed pointer holds, made ready to be passed again and again, as the first argument of quick calls."""
    return ctypes.byref(ctypes.c_char.from_address(handle(pointer).value or 0))


def _quick(function: Any, result: Any) -> Callable[..., Any]:
    call: Callable[..., Any] = ctypes.PYFUNCTYPE(result)(handle(function).value or 0)
    return call


def _converting(function: Any, result: Any, *arguments: Any) -> Callable[..., Any]:
    call: Callable[..., Any] = ctypes.PYFUNCTYPE(result, *arguments)(handle(function).value or 0)
    return call


_Ask = Callable[[Handle], int]
_AskAt = Callable[[Handle, int], int]
_Find = Callable[[Handle, int], Handle]
_Write = Callable[[Handle, Place], int]
_WriteAt = Callable[[Handle, int, Place], int]
_WriteTwo = Callable[[Handle, Place, Place], int]
_WriteFour = Callable[[Handle, Place, Place, Place, Place], int]

text_object: _AskAt = _quick(pdfium_c.FPDFText_GetTextObject, _ADDRESS)
"""The address of a character's object, 0 for characters that PDFium made up."""
text_code: _AskAt = _quick(pdfium_c.FPDFText_GetUnicode, _UINT)
text_codes: Callable[[Handle, int, int, Place], int] = _quick(pdfium_c.FPDFText_GetText, _INT)
text_box: _WriteAt = _quick(pdfium_c.FPDFText_GetLooseCharBox, _INT)
text_origin: Callable[[Handle, int, Place, Place], int] = _quick(pdfium_c.FPDFText_GetCharOrigin, _INT)
text_matrix: _WriteAt = _quick(pdfium_c.FPDFText_GetMatrix, _INT)
text_size: Callable[[Handle, int], float] = _quick(pdfium_c.FPDFText_GetFontSize, ctypes.c_double)
text_map_error: _AskAt = _quick(pdfium_c.FPDFText_HasUnicodeMapError, _INT)
text_mode: _Ask = _quick(pdfium_c.FPDFTextObj_GetTextRenderMode, _INT)
text_font: _Ask = _quick(pdfium_c.FPDFTextObj_GetFont, _ADDRESS)
"""The address of a text object's font, 0 where it has none."""
set_text_mode = _converting(pdfium_c.FPDFTextObj_SetTextRenderMode, _INT, _AT, _INT)
font_embedded = _converting(pdfium_c.FPDFFont_GetIsEmbedded, _INT, _AT)
font_name = _converting(pdfium_c.FPDFFont_GetBaseFontName, ctypes.c_size_t, _AT, _AT, ctypes.c_size_t)

page_object: _Find = _quick(pdfium_c.FPDFPage_GetObject, Handle)
form_length: _Ask = _quick(pdfium_c.FPDFFormObj_CountObjects, _INT)
form_object: _Find = _quick(pdfium_c.FPDFFormObj_GetObject, Handle)
object_type: _Ask = _quick(pdfium_c.FPDFPageObj_GetType, _INT)
object_matrix: _Write = _quick(pdfium_c.FPDFPageObj_GetMatrix, _INT)
object_bounds: _WriteFour = _quick(pdfium_c.FPDFPageObj_GetBounds, _INT)
mark_count: _Ask = _quick(pdfium_c.FPDFPageObj_CountMarks, _INT)
stroke_colour: _WriteFour = _quick(pdfium_c.FPDFPageObj_GetStrokeColor, _INT)
fill_colour: _WriteFour = _quick(pdfium_c.FPDFPageObj_GetFillColor, _INT)
stroke_width: _Write = _quick(pdfium_c.FPDFPageObj_GetStrokeWidth, _INT)
transparent = _converting(pdfium_c.FPDFPageObj_HasTransparency, _INT, _AT)
mark = _converting(pdfium_c.FPDFPageObj_GetMark, _AT, _AT, _INT)
mark_name = _converting(pdfium_c.FPDFPageObjMark_GetName, _INT, _AT, _AT, ctypes.c_ulong, _AT)
set_active = _converting(pdfium_c.FPDFPageObj_SetIsActive, _INT, _AT, _INT)
set_stroke_width = _converting(pdfium_c.FPDFPageObj_SetStrokeWidth, _INT, _AT, ctypes.c_float)
transform = _converting(pdfium_c.FPDFPageObj_Transform, None, _AT, *[ctypes.c_double] * 6)

path_mode: _WriteTwo = _quick(pdfium_c.FPDFPath_GetDrawMode, _INT)
path_length: _Ask = _quick(pdfium_c.FPDFPath_CountSegments, _INT)
path_segment: _Find = _quick(pdfium_c.FPDFPath_GetPathSegment, Handle)
segment_point: _WriteTwo = _quick(pdfium_c.FPDFPathSegment_GetPoint, _INT)
segment_type: _Ask = _quick(pdfium_c.FPDFPathSegment_GetType, _INT)
segment_close: _Ask = _quick(pdfium_c.FPDFPathSegment_GetClose, _INT)

clip_path: Callable[[Handle], Handle] = _quick(pdfium_c.FPDFPageObj_GetClipPath, Handle)
clip_count: _Ask = _quick(pdfium_c.FPDFClipPath_CountPaths, _INT)
clip_length: _AskAt = _quick(pdfium_c.FPDFClipPath_CountPathSegments, _INT)
clip_segment: Callable[[Handle, int, int], Handle] = _quick(pdfium_c.FPDFClipPath_GetPathSegment, Handle)


class Answers:
    """Room for what a function writes when it is asked about many things, each answer of `width` numbers (答案区).

    Made once for each kind of answer, as PDFium knows one thread. `apart`: the function takes a place for each number
    instead of one for all of them; `missing` stands where it has no answer.
    """

    _AT_ONCE = 1024

    def __init__(self, kind: Any, width: int, *, apart: bool = False, missing: int = 0) -> None:
        room = (kind * (width * self._AT_ONCE))()
        size = ctypes.sizeof(kind)
        self._numbers = np.ctypeslib.as_array(room).reshape(self._AT_ONCE, width)
        self._missing = missing
        self._places: list[list[Place]] = [
            [ctypes.byref(room, size * at) for at in range(first, width * self._AT_ONCE, width)]
            for first in range(width if apart else 1)
        ]

    def of(self, function: Callable[..., int], *questions: Sequence[Any]) -> npt.NDArray[Any]:
        """One row for each question, given by its arguments."""
        asked = len(questions[0])
        rows = [self._some(function, questions, start) for start in range(0, asked, self._AT_ONCE)]
        return rows[0] if len(rows) == 1 else np.concatenate([self._numbers[:0], *rows])

    def _some(self, function: Callable[..., int], questions: Sequence[Sequence[Any]], start: int) -> npt.NDArray[Any]:
        some = [column[start : start + self._AT_ONCE] for column in questions]
        self._numbers[: len(some[0])] = self._missing
        deque(map(function, *some, *self._places), maxlen=0)
        return self._numbers[: len(some[0])].copy()


BOUNDS = Answers(ctypes.c_float, 4, apart=True)
"""Room for left, bottom, right, top."""

"""PDFium functions asked for every character and path, called without ctypes' conversions (PDFium 直接调用).

A page takes some ten thousand of these calls; with plain addresses instead of typed pointers one costs half as much.
Handles are integers here, 0 for none; places to write an answer to are addresses.
"""

from __future__ import annotations

import ctypes
from collections.abc import Callable
from typing import Any

import pypdfium2.raw as pdfium_c

_INT, _UINT, _AT = ctypes.c_int, ctypes.c_uint, ctypes.c_void_p


def handle(pointer: Any) -> int:
    """The address a typed pointer holds, 0 for none."""
    return ctypes.cast(pointer, ctypes.c_void_p).value or 0


def _direct(function: Any, result: Any, *arguments: Any) -> Callable[..., Any]:
    address = handle(function)
    call: Callable[..., Any] = ctypes.PYFUNCTYPE(result, *arguments)(address)
    return call


text_object = _direct(pdfium_c.FPDFText_GetTextObject, _AT, _AT, _INT)
text_code = _direct(pdfium_c.FPDFText_GetUnicode, _UINT, _AT, _INT)
text_box = _direct(pdfium_c.FPDFText_GetLooseCharBox, _INT, _AT, _INT, _AT)
text_origin = _direct(pdfium_c.FPDFText_GetCharOrigin, _INT, _AT, _INT, _AT, _AT)
text_matrix = _direct(pdfium_c.FPDFText_GetMatrix, _INT, _AT, _INT, _AT)
text_size = _direct(pdfium_c.FPDFText_GetFontSize, ctypes.c_double, _AT, _INT)
text_map_error = _direct(pdfium_c.FPDFText_HasUnicodeMapError, _INT, _AT, _INT)
text_mode = _direct(pdfium_c.FPDFTextObj_GetTextRenderMode, _INT, _AT)
text_font = _direct(pdfium_c.FPDFTextObj_GetFont, _AT, _AT)
set_text_mode = _direct(pdfium_c.FPDFTextObj_SetTextRenderMode, _INT, _AT, _INT)
font_embedded = _direct(pdfium_c.FPDFFont_GetIsEmbedded, _INT, _AT)
font_name = _direct(pdfium_c.FPDFFont_GetBaseFontName, ctypes.c_size_t, _AT, _AT, ctypes.c_size_t)

page_object = _direct(pdfium_c.FPDFPage_GetObject, _AT, _AT, _INT)
form_length = _direct(pdfium_c.FPDFFormObj_CountObjects, _INT, _AT)
form_object = _direct(pdfium_c.FPDFFormObj_GetObject, _AT, _AT, _INT)
object_type = _direct(pdfium_c.FPDFPageObj_GetType, _INT, _AT)
object_matrix = _direct(pdfium_c.FPDFPageObj_GetMatrix, _INT, _AT, _AT)
object_bounds = _direct(pdfium_c.FPDFPageObj_GetBounds, _INT, _AT, _AT, _AT, _AT, _AT)
transparent = _direct(pdfium_c.FPDFPageObj_HasTransparency, _INT, _AT)
mark_count = _direct(pdfium_c.FPDFPageObj_CountMarks, _INT, _AT)
mark = _direct(pdfium_c.FPDFPageObj_GetMark, _AT, _AT, _INT)
mark_name = _direct(pdfium_c.FPDFPageObjMark_GetName, _INT, _AT, _AT, ctypes.c_ulong, _AT)
set_active = _direct(pdfium_c.FPDFPageObj_SetIsActive, _INT, _AT, _INT)
stroke_colour = _direct(pdfium_c.FPDFPageObj_GetStrokeColor, _INT, _AT, _AT, _AT, _AT, _AT)
fill_colour = _direct(pdfium_c.FPDFPageObj_GetFillColor, _INT, _AT, _AT, _AT, _AT, _AT)
stroke_width = _direct(pdfium_c.FPDFPageObj_GetStrokeWidth, _INT, _AT, _AT)
set_stroke_width = _direct(pdfium_c.FPDFPageObj_SetStrokeWidth, _INT, _AT, ctypes.c_float)
transform = _direct(pdfium_c.FPDFPageObj_Transform, None, _AT, *[ctypes.c_double] * 6)

path_mode = _direct(pdfium_c.FPDFPath_GetDrawMode, _INT, _AT, _AT, _AT)
path_length = _direct(pdfium_c.FPDFPath_CountSegments, _INT, _AT)
path_segment = _direct(pdfium_c.FPDFPath_GetPathSegment, _AT, _AT, _INT)
segment_point = _direct(pdfium_c.FPDFPathSegment_GetPoint, _INT, _AT, _AT, _AT)
segment_type = _direct(pdfium_c.FPDFPathSegment_GetType, _INT, _AT)
segment_close = _direct(pdfium_c.FPDFPathSegment_GetClose, _INT, _AT)

clip_path = _direct(pdfium_c.FPDFPageObj_GetClipPath, _AT, _AT)
clip_count = _direct(pdfium_c.FPDFClipPath_CountPaths, _INT, _AT)
clip_length = _direct(pdfium_c.FPDFClipPath_CountPathSegments, _INT, _AT, _INT)
clip_segment = _direct(pdfium_c.FPDFClipPath_GetPathSegment, _AT, _AT, _INT, _INT)

"""What only drawing the page can tell: pictures with holes, layers that are switched off (透明图片、关闭的图层)."""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

from parsers.pdf import calls
from parsers.pdf.drawing import Drawing
from parsers.pdf.paint import Cover, Flags, Indices
from parsers.pdf.rawtext import RawText

OPAQUE_ALPHA = 200
"""Alpha of 255 from which a picture hides what is below it."""
SCALE = 2.0
"""Pixels a point at which layers are compared: a full stop of 6-point type still is a pixel."""
MAX_PIXELS = 16_000_000
"""Larger pages are drawn smaller."""
INKED = 12
"""Difference of 255 that ink makes at least."""

Pixels = npt.NDArray[np.uint8]


def see_through(
    document: pdfium.PdfDocument, page: pdfium_c.FPDF_PAGE, raw: RawText
) -> Callable[[Cover, Indices], Flags]:
    """Tells which characters show through a picture that lies over them."""

    def shows(cover: Cover, which: Indices) -> Flags:
        alpha = _alpha(document, page, cover.item)
        if alpha is None:
            return np.zeros(len(which), dtype=bool)
        left, bottom, right, top = _bounds(cover.item)
        rows, columns = alpha.shape
        boxes = raw.numbers[which, :4]
        x = np.clip(((boxes[:, 0] + boxes[:, 2]) / 2 - left) / max(right - left, 1e-6) * columns, 0, columns - 1)
        y = np.clip((top - (boxes[:, 1] + boxes[:, 3]) / 2) / max(top - bottom, 1e-6) * rows, 0, rows - 1)
        seen: Flags = alpha[y.astype(int), x.astype(int)] < OPAQUE_ALPHA
        return seen

    return shows


def _alpha(document: pdfium.PdfDocument, page: pdfium_c.FPDF_PAGE, item: int) -> Pixels | None:
    """How opaque each pixel of a picture is; None where all are."""
    if calls.transparent(item):
        return np.zeros((1, 1), dtype=np.uint8)
    bitmap = pdfium_c.FPDFImageObj_GetRenderedBitmap(document.raw, page, ctypes.cast(item, pdfium_c.FPDF_PAGEOBJECT))
    if not bitmap:
        return None
    try:
        pixels = _pixels(bitmap)
    finally:
        pdfium_c.FPDFBitmap_Destroy(bitmap)
    return pixels[:, :, 3].copy() if pixels.shape[2] == 4 else None


def switched_off(document: pdfium.PdfDocument, page: pdfium_c.FPDF_PAGE, drawing: Drawing, raw: RawText) -> set[int]:
    """The text objects whose ink is missing from the page as it is drawn: they are in a layer that is not shown.

    An object that leaves no ink even where its layer is shown (its font is not on this machine) tells nothing.
    """
    suspects = [handle for handle in raw.runs.handles if (paint := drawing.texts.get(handle)) and paint.in_layer]
    if not suspects:
        return set()
    canvas = _canvas(page)
    with_text = canvas.drawn()
    for item in suspects:
        calls.set_active(item, 0)
    without = canvas.drawn()
    for item in suspects:
        calls.set_active(item, 1)
    inked = np.abs(with_text.astype(np.int16) - without).max(axis=2) >= INKED
    shown = {item for item, box in _boxes(raw, set(suspects)) if canvas.any_in(inked, box)}
    return {item for item in suspects if item not in shown and _has_ink(item, document, page)}


def _boxes(raw: RawText, items: set[int]) -> Iterator[tuple[int, tuple[float, ...]]]:
    """The boxes of the characters of some text objects, in the page's own space."""
    for owner, box in zip(raw.owners.tolist(), raw.numbers[:, :4].tolist(), strict=True):
        if (item := raw.runs.handles[owner]) in items:
            yield item, tuple(box)


@dataclass(frozen=True, slots=True)
class _Canvas:
    """A page and the size in pixels at which it is drawn."""

    page: pdfium_c.FPDF_PAGE
    width: int
    height: int

    def drawn(self) -> Pixels:
        """The page on white paper."""
        bitmap = pdfium_c.FPDFBitmap_CreateEx(self.width, self.height, pdfium_c.FPDFBitmap_BGR, None, 0)
        try:
            pdfium_c.FPDFBitmap_FillRect(bitmap, 0, 0, self.width, self.height, 0xFFFFFFFF)
            pdfium_c.FPDF_RenderPageBitmap(bitmap, self.page, 0, 0, self.width, self.height, 0, 0)
            return _pixels(bitmap)
        finally:
            pdfium_c.FPDFBitmap_Destroy(bitmap)

    def any_in(self, inked: Flags, box: tuple[float, ...]) -> bool:
        """Whether there is ink in a box given in the page's own space."""
        (x0, y0), (x1, y1) = self._pixel(box[0], box[1]), self._pixel(box[2], box[3])
        rows, columns = slice(min(y0, y1), max(y0, y1) + 1), slice(min(x0, x1), max(x0, x1) + 1)
        return bool(inked[rows, columns].any())

    def _pixel(self, x: float, y: float) -> tuple[int, int]:
        across, down = ctypes.c_int(), ctypes.c_int()
        pdfium_c.FPDF_PageToDevice(self.page, 0, 0, self.width, self.height, 0, x, y, across, down)
        return max(across.value, 0), max(down.value, 0)


def _canvas(page: pdfium_c.FPDF_PAGE) -> _Canvas:
    width, height = pdfium_c.FPDF_GetPageWidthF(page), pdfium_c.FPDF_GetPageHeightF(page)
    scale = min(SCALE, (MAX_PIXELS / max(width * height, 1.0)) ** 0.5)
    return _Canvas(page, max(int(width * scale), 1), max(int(height * scale), 1))


def _has_ink(item: int, document: pdfium.PdfDocument, page: pdfium_c.FPDF_PAGE) -> bool:
    """Whether a text object has an outline at all, its layer aside."""
    handle = ctypes.cast(item, pdfium_c.FPDF_PAGEOBJECT)
    bitmap = pdfium_c.FPDFTextObj_GetRenderedBitmap(document.raw, page, handle, ctypes.c_float(SCALE))
    if not bitmap:
        return False
    try:
        pixels = _pixels(bitmap)
    finally:
        pdfium_c.FPDFBitmap_Destroy(bitmap)
    return bool(pixels[:, :, -1].any())


def _pixels(bitmap: pdfium_c.FPDF_BITMAP) -> Pixels:
    """The pixels of a bitmap, row by row, channels last."""
    width, height = pdfium_c.FPDFBitmap_GetWidth(bitmap), pdfium_c.FPDFBitmap_GetHeight(bitmap)
    stride = pdfium_c.FPDFBitmap_GetStride(bitmap)
    channels = _CHANNELS.get(pdfium_c.FPDFBitmap_GetFormat(bitmap), 4)
    buffer = ctypes.cast(pdfium_c.FPDFBitmap_GetBuffer(bitmap), ctypes.POINTER(ctypes.c_uint8 * (stride * height)))
    flat = np.frombuffer(buffer.contents, dtype=np.uint8).reshape(height, stride)
    return flat[:, : width * channels].reshape(height, width, channels).copy()


_CHANNELS = {pdfium_c.FPDFBitmap_Gray: 1, pdfium_c.FPDFBitmap_BGR: 3}


def _bounds(item: int) -> tuple[float, float, float, float]:
    left, bottom, right, top = calls.BOUNDS.of(calls.object_bounds, [calls.Handle(item)])[0].tolist()
    return left, bottom, right, top

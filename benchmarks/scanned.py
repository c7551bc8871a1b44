"""`python -m benchmarks.scanned CORPUS OUT --each N --seed S`: the PDFs of a corpus as scanners and cameras show them.

Every kind of page gets a folder of `N` files, drawn at random; `truth.json` beside them is that of the corpus, so that
`benchmarks.reliability OUT` tells what a confidence is worth on each. Nothing is kept of the text layer.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Sequence
from pathlib import Path
from random import Random
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt
import pypdfium2 as pdfium
from PIL import Image

Pixels = npt.NDArray[np.uint8]
MOST_PAGES = 3
DPI = 200
_PAPER = 255.0
_DESK = (70, 84, 96)
_INK_OF_SEALS = np.array((205.0, 45.0, 50.0))


def drawn(path: Path, dpi: int = DPI) -> list[Pixels]:
    """The pages of a PDF in colour."""
    document = pdfium.PdfDocument(path)
    return [np.array(page.render(scale=dpi / 72, rev_byteorder=True).to_numpy()[:, :, :3]) for page in document]


# -- what happens to a page --------------------------------------------------------------------------------------------


def slanted(page: Pixels, degrees: float) -> Pixels:
    """The page turned a little on white."""
    height, width = page.shape[:2]
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), degrees, 1.0)
    return np.asarray(cv2.warpAffine(page, matrix, (width, height), flags=cv2.INTER_CUBIC, borderValue=(255,) * 3))


def worn(page: Pixels, rng: Random, blur: float, noise: float, light: float) -> Pixels:
    """The page a little out of focus, noisy, and darker towards one side by `light`."""
    values = cv2.GaussianBlur(page, (0, 0), blur).astype(np.float32)
    height, width = page.shape[:2]
    slope = np.linspace(1 - light, 1, width) if rng.random() < 0.5 else np.linspace(1, 1 - light, width)
    values *= slope[None, :, None].astype(np.float32)
    values += np.random.default_rng(rng.randrange(2**31)).normal(0, noise, (height, width, 1))
    return np.clip(values, 0, _PAPER).astype(np.uint8)


def sealed(page: Pixels, rng: Random) -> Pixels:
    """A round seal somewhere over the lower half, with a star and strokes along its ring."""
    height, width = page.shape[:2]
    layer = np.zeros((height, width), np.uint8)
    radius = round(width * rng.uniform(0.09, 0.12))
    x, y = rng.randint(radius, width - radius), rng.randint(height // 3, height - radius)
    cv2.circle(layer, (x, y), radius, 255, max(radius // 22, 3), cv2.LINE_AA)
    star = [
        (
            x + round(radius * (0.32 if k % 2 == 0 else 0.13) * np.sin(np.pi * k / 5)),
            y - round(radius * (0.32 if k % 2 == 0 else 0.13) * np.cos(np.pi * k / 5)),
        )
        for k in range(10)
    ]
    cv2.fillPoly(layer, [np.array(star, np.int32)], 255)
    for k in range(14):
        angle = np.pi * (0.85 + 1.3 * k / 13)
        at = x + radius * 0.75 * np.cos(angle), y + radius * 0.75 * np.sin(angle)
        for _ in range(5):
            a, b = (np.array(at) + rng.uniform(-1, 1) * radius * 0.1 for _ in range(2))
            cv2.line(layer, (round(a[0]), round(a[1])), (round(b[0]), round(b[1] + 6)), 255, 3, cv2.LINE_AA)
    share = (layer / _PAPER * rng.uniform(0.55, 0.8))[:, :, None]
    return np.clip(page * (1 - share) + np.minimum(page, _INK_OF_SEALS) * share, 0, _PAPER).astype(np.uint8)


def photographed(page: Pixels, rng: Random) -> Pixels:
    """The page on a desk, seen at an angle, half of it in the shadow of a hand."""
    height, width = page.shape[:2]
    room = round(width * 0.06)
    canvas = (width + 2 * room, height + 2 * room)
    before = np.array([(0, 0), (width, 0), (width, height), (0, height)], np.float32)
    moved = [(x + room + rng.uniform(0, room) * 0.9, y + room + rng.uniform(-0.5, 0.9) * room) for x, y in before]
    after = np.clip(np.array(moved, np.float32), 6, np.array(canvas) - 6).astype(np.float32)
    matrix = cv2.getPerspectiveTransform(before, after)
    seen = cv2.warpPerspective(page, matrix, canvas, flags=cv2.INTER_CUBIC, borderValue=_DESK)
    rows, columns = np.mgrid[0 : canvas[1], 0 : canvas[0]]
    edge = (columns / canvas[0] - rng.uniform(0.3, 0.7)) + (rows / canvas[1] - 0.5) * rng.uniform(-1, 1)
    shadow = 1 - 0.3 / (1 + np.exp(-edge * 14))
    return worn(np.clip(seen * shadow[:, :, None], 0, 255).astype(np.uint8), rng, 0.8, 4, 0.1)


def grey(page: Pixels) -> Pixels:
    """The page without colour."""
    return np.asarray(cv2.cvtColor(page, cv2.COLOR_RGB2GRAY))


def faxed(page: Pixels, rng: Random) -> Pixels:
    """The page in black and white only, with specks."""
    light = cv2.GaussianBlur(grey(page), (0, 0), 0.6)
    plain = np.where(light < rng.randint(135, 185), 0, 255).astype(np.uint8)
    for _ in range(160):
        x, y = rng.randrange(plain.shape[1] - 4), rng.randrange(plain.shape[0] - 4)
        plain[y : y + rng.randint(1, 3), x : x + rng.randint(1, 3)] = rng.choice((0, 0, 255))
    return plain


def coarse(page: Pixels, dpi: int) -> Pixels:
    """The page in fewer pixels."""
    share = dpi / DPI
    return np.asarray(cv2.resize(page, None, fx=share, fy=share, interpolation=cv2.INTER_AREA))


def spreads(pages: Sequence[Pixels], rng: Random) -> list[Pixels]:
    """Two pages side by side, as a copied book shows them, dark along the fold."""
    out = []
    for at in range(0, len(pages), 2):
        pair = list(pages[at : at + 2])
        if len(pair) == 1:
            pair.append(np.full_like(pair[0], 255))
        height = max(page.shape[0] for page in pair)
        both = np.full((height, sum(page.shape[1] for page in pair), 3), 255, np.uint8)
        both[: pair[0].shape[0], : pair[0].shape[1]] = pair[0]
        both[: pair[1].shape[0], pair[0].shape[1] :] = pair[1]
        fold = np.abs(np.arange(both.shape[1]) - pair[0].shape[1]) / (0.12 * DPI)
        both = np.clip(both * (1 - 0.45 * np.exp(-fold))[None, :, None], 0, 255).astype(np.uint8)
        out.append(worn(slanted(both, rng.uniform(-0.4, 0.4)), rng, 0.6, 3, 0.05))
    return out


# -- the kinds of pages ------------------------------------------------------------------------------------------------

Kind = Callable[[list[Pixels], Random], tuple[list[Pixels], int]]


def _clean(pages: list[Pixels], rng: Random) -> tuple[list[Pixels], int]:
    return [grey(worn(slanted(p, rng.uniform(-0.3, 0.3)), rng, 0.5, 2, 0.0)) for p in pages], DPI


def _usual(pages: list[Pixels], rng: Random) -> tuple[list[Pixels], int]:
    coarser = rng.choice((150, 200))
    return [coarse(worn(slanted(p, rng.uniform(-2, 2)), rng, 0.7, 7, 0.12), coarser) for p in pages], coarser


def _stamped(pages: list[Pixels], rng: Random) -> tuple[list[Pixels], int]:
    return [worn(slanted(sealed(p, rng), rng.uniform(-1, 1)), rng, 0.6, 4, 0.05) for p in pages], DPI


def _turned(pages: list[Pixels], rng: Random) -> tuple[list[Pixels], int]:
    quarters = rng.randint(1, 3)
    return [np.ascontiguousarray(np.rot90(worn(p, rng, 0.6, 4, 0.05), quarters)) for p in pages], DPI


def _fax(pages: list[Pixels], rng: Random) -> tuple[list[Pixels], int]:
    return [faxed(slanted(p, rng.uniform(-0.6, 0.6)), rng) for p in pages], DPI


def _coarse(pages: list[Pixels], rng: Random) -> tuple[list[Pixels], int]:
    return [coarse(worn(slanted(p, rng.uniform(-0.5, 0.5)), rng, 0.5, 3, 0.0), 100) for p in pages], 100


def _photo(pages: list[Pixels], rng: Random) -> tuple[list[Pixels], int]:
    return [photographed(p, rng) for p in pages], DPI


def _spread(pages: list[Pixels], rng: Random) -> tuple[list[Pixels], int]:
    return spreads(pages, rng), DPI


KINDS: dict[str, Kind] = {
    "clean": _clean,
    "usual": _usual,
    "stamped": _stamped,
    "turned": _turned,
    "fax": _fax,
    "coarse": _coarse,
    "photo": _photo,
    "spread": _spread,
}


def write(pages: Sequence[Pixels], path: Path, dpi: int, quality: int) -> None:
    """The pages as a PDF of pictures; black and white ones lossless."""
    plain = all(set(np.unique(page).tolist()) <= {0, 255} for page in pages)
    images = [Image.fromarray(page).convert("1") if plain else Image.fromarray(page) for page in pages]
    more = {} if plain else {"quality": quality}
    images[0].save(path, "PDF", save_all=True, append_images=images[1:], resolution=dpi, **more)


def main() -> int:
    """Draw, damage, write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("corpus", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--each", type=int, default=5, help="files of every kind")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--kinds", default=",".join(KINDS))
    options = parser.parse_args()
    rng = Random(options.seed)
    known: dict[str, list[dict[str, Any]]] = json.loads((options.corpus / "truth.json").read_text("utf-8"))
    short = [name for name in known if name.endswith(".pdf") and _pages(options.corpus / name) <= MOST_PAGES]
    truth: dict[str, list[dict[str, Any]]] = {}
    waiting: list[str] = []
    for kind in options.kinds.split(","):
        for number in range(options.each):
            waiting = waiting or rng.sample(short, len(short))
            source = waiting.pop()
            pages, dpi = KINDS[kind](drawn(options.corpus / source), rng)
            name = f"{kind}/{Path(source).stem}_{kind}{number}.pdf"
            (options.out / kind).mkdir(parents=True, exist_ok=True)
            write(pages, options.out / name, dpi, rng.randint(60, 90))
            truth[name] = known[source]
    (options.out / "truth.json").write_text(json.dumps(truth, ensure_ascii=False, indent=0), encoding="utf-8")
    print(f"{len(truth)} files in {options.out}")
    return 0


def _pages(path: Path) -> int:
    return len(pdfium.PdfDocument(path)) if path.is_file() else MOST_PAGES + 1


if __name__ == "__main__":
    raise SystemExit(main())

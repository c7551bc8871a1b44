"""The drawing language of OFD: `M 0 0 L 10 0 C` to outlines (OFD 图元路径)."""

from __future__ import annotations

from collections.abc import Iterator

from parsers.pdf.geometry import Matrix, Point, apply
from parsers.pdf.paths import MAX_SEGMENTS, Subpath, corner

_ARGUMENTS = {"S": 2, "M": 2, "L": 2, "Q": 4, "B": 6, "A": 7, "C": 0}


def outlines(data: str, matrix: Matrix) -> Iterator[Subpath]:
    """The outlines of a path, led to the page by `matrix`; curves become the corners they round, or their ends."""
    points: list[Point] = []
    closed = False
    for command, numbers in commands(data):
        if command in "SM":
            if points:
                yield Subpath(points, closed)
            points, closed = [apply(matrix, (numbers[0], numbers[1]))], False
        elif command == "C":
            closed = True
        elif points:
            ends = [apply(matrix, (numbers[at], numbers[at + 1])) for at in range(len(numbers) % 2, len(numbers), 2)]
            if command == "B":
                points.extend(corner(points[-1], ends))
            points.append(ends[-1])
    if points:
        yield Subpath(points, closed)


def commands(data: str) -> Iterator[tuple[str, list[float]]]:
    """The commands of a path with their numbers; what does not fit ends the path."""
    words = data.split()
    at, seen = 0, 0
    while at < len(words) and seen < MAX_SEGMENTS:
        wanted = _ARGUMENTS.get(words[at])
        if wanted is None or at + wanted >= len(words) + (wanted == 0):
            return
        try:
            yield words[at], [float(word) for word in words[at + 1 : at + 1 + wanted]]
        except ValueError:
            return
        at += 1 + wanted
        seen += 1

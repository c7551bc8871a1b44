"""Boxes of characters that PDFium puts into another form (字框)."""

from __future__ import annotations

import numpy as np

from parsers.pdf.rawtext import with_white


def test_a_character_whose_ink_alone_is_told_gets_the_white_beside_it() -> None:
    # left, bottom, right, top, x and y of the origin: 项 whole, 目 by its ink, 自 of a text that is turned.
    numbers = np.array(
        [
            [230.8, 757.2, 242.8, 769.2, 230.8, 758.7],
            [244.7, 757.8, 252.8, 768.0, 242.8, 758.7],
            [304.8, 757.7, 313.0, 768.8, 302.8, 758.7],
        ]
    )
    whole = with_white(numbers, np.array([True, True, False]))
    assert whole[:, [0, 2]].round(1).tolist() == [[230.8, 242.8], [242.8, 254.7], [304.8, 313.0]]
    assert (whole[:, [1, 3, 4, 5]] == numbers[:, [1, 3, 4, 5]]).all()

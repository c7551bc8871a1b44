"""Exact numbers that arithmetic on figures needs everywhere (常用数)."""

from __future__ import annotations

from decimal import Decimal

ZERO, ONE, HUNDRED = Decimal(0), Decimal(1), Decimal(100)

CENT = Decimal("0.01")
"""The last digit of money in 元 and of a rate as it is printed; what findings round to."""

"""Figures read a second time by another engine than the first (复读).

Before a report is accused of a contradiction, the digits concerned are looked up once more: in PDF by pdfplumber's own
decoding of the page, in Word documents by python-docx, in text in the raw lines. Where no second engine can look (a
scan, a format with one reader, a file that the engine cannot open), nothing is said.
"""

from parsers.second_reading.engines import has_second_engine, read_again
from parsers.second_reading.spots import Spot

__all__ = ["Spot", "has_second_engine", "read_again"]

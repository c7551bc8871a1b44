"""OpenDocument text and spreadsheets, zipped or as one XML file (OpenDocument)."""

"""Scans, photographs and other pages that are pictures (扫描件、照片、图片页): a picture becomes a `PageContent`."""

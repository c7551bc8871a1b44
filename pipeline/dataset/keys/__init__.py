"""What rows are grouped and joined by: names made comparable, region codes, base units, rates (归并键与导出值)."""

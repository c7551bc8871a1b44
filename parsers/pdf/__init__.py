"""Reading PDF by its layout: PDFium's characters and paths become grids of cells and paragraphs (PDF 版面阅读)."""

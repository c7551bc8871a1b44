"""The text reader (文本读取): encodings, lines, and the dialects in which tables are dumped into plain text."""

"""Word 97 to 2003, WPS Writer and RTF (旧版 Word、WPS 文字与 RTF)."""

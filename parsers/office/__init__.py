"""Word 97 to 2003, WPS Writer and RTF (旧版 Word、WPS 文字与 RTF)."""

from loguru import logger

# docvortex tells a console of every record it does not know; what matters of it becomes an error or a problem.
logger.disable("docvortex")

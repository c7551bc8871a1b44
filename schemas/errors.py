"""The exceptions of this project, as one small tree (异常).

    ZipingError
    ├── ConfigError        a wrong option, setting, rule file or lexicon
    ├── ReadError          one file cannot be read; costs that file its status, nothing else
    │   ├── UnsupportedFormat   a format or content this project does not read
    │   ├── DamagedFile         broken, truncated, not what its name says
    │   ├── EncryptedFile       needs a password
    │   ├── UndecodableText     no encoding gives readable text
    │   ├── FileUnavailable     missing, no permission, still being written (may go away: transient)
    │   └── LimitExceeded       time, memory or size limit
    └── StoreError         the output cannot be written or read (full, read-only, locked)

Every message is one Chinese sentence that says which file, where in it, what was expected, and what to do.
"""

from __future__ import annotations


class ZipingError(Exception):
    """Base of every error this project raises on purpose."""

    code = "error"


class ConfigError(ZipingError):
    """A wrong option, setting, rule file or lexicon (配置错误)."""

    code = "config"


class ReadError(ZipingError):
    """One file cannot be read (文件无法读取).

    `code` is stable and goes to `documents.error_code`; `transient` says that trying again later may help.
    """

    code = "unreadable"
    transient = False

    def __init__(self, message: str, *, code: str | None = None) -> None:
        super().__init__(message)
        if code is not None:
            self.code = code

    def __reduce__(self) -> tuple[object, ...]:
        # Keyword-only `code` must survive the trip back from a worker process.
        return (_rebuild, (type(self), str(self), self.code))


def _rebuild(kind: type[ReadError], message: str, code: str) -> ReadError:
    return kind(message, code=code)


class UnsupportedFormat(ReadError):
    """A format or content this project does not read (不支持的格式)."""

    code = "unsupported"


class DamagedFile(ReadError):
    """Broken, truncated, or not what its name says (文件损坏)."""

    code = "damaged"


class EncryptedFile(ReadError):
    """Needs a password (文件加密)."""

    code = "encrypted"


class UndecodableText(ReadError):
    """No encoding gives readable text (编码无法识别)."""

    code = "undecodable"


class FileUnavailable(ReadError):
    """Missing, no permission, or still being written (文件暂不可用)."""

    code = "unavailable"
    transient = True


class LimitExceeded(ReadError):
    """A time, memory or size limit was reached (超出限制)."""

    code = "limit"


class Postponed(ReadError):
    """The pages that one run may recognise are used up; the next run goes on with the rest (留待下次).

    A file's pages that were recognised are kept, so that every run gets further.
    """

    code = "postponed"
    transient = True


class StoreError(ZipingError):
    """The output cannot be written or read (存储错误)."""

    code = "store"


class Unfinished(Exception):
    """Pages of a file were read and kept, but more wait: reading it again goes on where this ended (未读完)."""

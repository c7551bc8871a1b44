"""What a command's exit code means to the script or service that started it (退出码)."""

OK, FINDINGS, WRONG_USE, UNREADABLE, INTERRUPTED = 0, 1, 2, 3, 130

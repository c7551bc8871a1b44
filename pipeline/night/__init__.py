"""A night's work: settings, sources visited, what is told to whom (夜间运行)."""

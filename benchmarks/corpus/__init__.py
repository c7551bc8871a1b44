"""A corpus of invented self-evaluation forms with their truth: many templates, producers, fonts and planted errors."""

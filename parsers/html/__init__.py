"""Web pages and what is saved as one: .html, .mht (网页)."""

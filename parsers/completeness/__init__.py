"""Completeness (完整性): every figure printed in a document is in a record, left out on purpose, or said to be unread.

The counting walks the Document and looks each figure up in the records. It knows nothing of how they were made.
"""

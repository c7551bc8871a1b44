"""The auditor's desk in a browser on this machine: see, decide, correct, sign off, hand over (审核工作台)."""

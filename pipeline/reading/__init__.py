"""Files into records and checks, a batch at a time, and what is known of files (读取与入库)."""

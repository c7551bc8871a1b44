"""Records, tables, units and the lexicon (数据字典与词库): what the other rooms agree on."""

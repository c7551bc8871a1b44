"""Where new reports come from: folders, web list pages, object storage, archives (来源).

`config` reads ziping.toml, `gather` asks one source for its files, `archives` unpacks what came packed.
"""

"""One page to look at: what the dataset holds, how well it was read, what stands out (数据概览)."""

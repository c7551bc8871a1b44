"""The dataset on disk: part files, snapshots, one pointer (数据集存储)."""

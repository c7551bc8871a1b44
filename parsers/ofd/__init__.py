"""OFD, the national standard for fixed layouts, GB/T 33190 (OFD 版式文件)."""

"""Bank files: the 代发文件 an office hands in, and the 回盘文件 and 退票 files that come back."""

"""The same month as three systems would export it: ``clean``, ``swedish``, ``parquet``."""

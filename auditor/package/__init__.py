"""A report in one signed file, encrypted to those who may read it (docs/package.md)."""

"""The sample for manual review: drawn, written as a form, read back, and kept as the record of the check."""

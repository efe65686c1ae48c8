"""Where exports are made: an agreement's flow as a suite of great-expectations, for pipelines of those who hand data over.

``compiling`` writes the suite and needs no great-expectations; ``expectations`` is for pipelines: importing it makes
the suite's own expectations known to great-expectations; ``checkpoint`` puts a suite to work. No command imports it.
"""

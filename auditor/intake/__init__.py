"""Intake: from the files of an export to canonical tables, with nothing dropped in silence (``taking_in.take_in``)."""

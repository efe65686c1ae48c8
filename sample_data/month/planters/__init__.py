"""The deliberate stories, one function each, by family of checks. Importing this package registers them all."""

from . import access_log, accesses, fields, grounds, log, parties, procedure, target_group

__all__ = ["access_log", "accesses", "fields", "grounds", "log", "parties", "procedure", "target_group"]

"""The deliberate stories, one function each, by family of checks. Importing this package registers them all."""

from . import fields, grounds, log, parties, procedure, target_group

__all__ = ["fields", "grounds", "log", "parties", "procedure", "target_group"]

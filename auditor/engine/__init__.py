"""The only room that names an engine: DuckDB, embedded, with its doors shut. Everything else speaks SQL through ``Engine``."""

from auditor.engine.duck import Engine, EngineError, nameable, quoted, text, unsigned

__all__ = ["Engine", "EngineError", "nameable", "quoted", "text", "unsigned"]

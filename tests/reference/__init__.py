"""The naive reference engine, written from `docs/semantics.md` alone, and random packs to compare with it."""

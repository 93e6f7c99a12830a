"""Backups: what one is, taking one beside a running server, checking it, and restoring from it."""

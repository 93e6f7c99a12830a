"""Rows, one file per aggregate. Every function takes the session of the caller's transaction."""

"""Measuring several server processes that share a database and a Redis server."""

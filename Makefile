# What people run by hand; all of it, from a clean environment, is `bash .ci/run`.
.PHONY: check test slow types

check:
	ruff check .
	ruff format --check .
	pyright
	python tests/js/checks.py types
	pytest -q tests/conventions

types: # the browser's, of the server's structs
	python -m server.openapi.browser_types

test:
	pytest -n 2

slow:
	pytest -m slow

# What people run by hand; all of it, from a clean environment, is `bash .ci/run`.
.PHONY: check test slow

check:
	ruff check .
	ruff format --check .
	pyright
	python tests/js/checks.py types
	pytest -q tests/conventions

test:
	pytest -n 2

slow:
	pytest -m slow

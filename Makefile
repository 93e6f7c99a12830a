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

# Of the container image: what it installs, with hashes; what that is licensed under; what it is made of. `pip install uv cyclonedx-bom`
EXTRAS = postgres redis celery s3 oidc
COMPILE = uv pip compile --quiet --upgrade --python-version 3.11 --python-platform x86_64-manylinux_2_28 --only-binary :all: \
    --generate-hashes --no-header --no-annotate --no-emit-index-url
.PHONY: lock notice sbom

lock:
	$(COMPILE) pyproject.toml $(EXTRAS:%=--extra %) -o docs/deploy/requirements.txt
	python .ci/supply.py build-requirements | $(COMPILE) - -o docs/deploy/build-requirements.txt

notice: # in an environment that has all of docs/deploy/requirements.txt
	python .ci/supply.py notice

sbom: # CycloneDX, of the server's part and of the browser's
	mkdir -p dist
	cyclonedx-py requirements docs/deploy/requirements.txt --output-reproducible -o dist/sbom-server.json
	python .ci/supply.py browser-sbom dist/sbom-browser.json

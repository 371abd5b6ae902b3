# The front door: docs/development.md explains each target. Every target makes the environment
# first, so that it works in a fresh clone.

VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
RUNNABLE := $(VENV)/.runnable

.PHONY: run setup test test-long check year bench lock clean format

# The demo city on http://127.0.0.1:8000. ARGS="--port 8080" for another port.
run: $(RUNNABLE)
	@$(BIN)/guatu demo $(ARGS)

$(RUNNABLE): requirements/runtime.txt .python-version
	@sh tools/make_venv.sh "$(VENV)" run
	@touch $@

setup: $(READY)

$(READY): requirements/dev.txt requirements/runtime.in pyproject.toml .python-version
	@sh tools/make_venv.sh "$(VENV)" dev
	@touch $@ $(RUNNABLE)

# ARGS="-k ratio" narrows the run.
test: $(READY)
	@$(BIN)/python -m tools.run_tests $(ARGS)

test-long: $(READY)
	@$(BIN)/python -m tools.run_tests --long $(ARGS)

check: $(READY)
	@$(BIN)/python -m tools.check

format: $(READY)
	@$(BIN)/ruff check --fix --quiet . ; $(BIN)/ruff format .

# A whole invented year, every figure beside independent arithmetic.
year: $(READY)
	@$(BIN)/pytest -q -s tests/year

bench: $(READY)
	@for name in import assess pages reporting submit; do $(BIN)/guatu bench $$name || exit $$?; done

lock: $(READY)
	@for name in runtime dev; do \
	  $(BIN)/uv pip compile --quiet --universal --python-version 3.12 --generate-hashes \
	    --no-header --no-emit-index-url $(LOCK_ARGS) \
	    requirements/$$name.in -o requirements/$$name.txt || exit 1; \
	done

clean:
	rm -rf $(VENV) build .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

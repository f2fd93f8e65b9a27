# make app    set up and start the app        make test   set up and run every test
# make check  lint, format, types, imports    make clean  remove the virtual environment and caches
# make scripts  build what ships for the browser again (Node.js 18 or later); its result is committed
# make wasm     compile the browser's kernel again (clang and wasm-ld); its result is committed

PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
SCRIPTS := explorer/browser
KERNEL ?= $(SCRIPTS)/runtime/kernel

NPM := npm --prefix $(SCRIPTS)
HAS_NPM := $(shell command -v npm)

.PHONY: app test check check-scripts clean scripts wasm

app: $(VENV)/.installed
	$(BIN)/python -m explorer app

test: $(VENV)/.installed-dev
	$(BIN)/python -m pytest

check: $(VENV)/.installed-dev check-scripts
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

# A user of the app needs no Node.js; where changes are merged, it must be there.
check-scripts: $(if $(HAS_NPM),$(SCRIPTS)/node_modules)
ifneq ($(HAS_NPM),)
	$(NPM) run --silent lint
	$(NPM) run --silent types
	$(NPM) run --silent test
	$(NPM) run --silent built
else
	@echo "The scripts in $(SCRIPTS) are not checked: there is no npm."; test -z "$$CI"
endif

scripts: $(SCRIPTS)/node_modules
	rm -rf $(SCRIPTS)/built $(SCRIPTS)/exported_page/built $(SCRIPTS)/notebook/built
	$(NPM) run build

wasm:
	clang --target=wasm32 -O2 -msimd128 -ffreestanding -nostdlib -Wl,--no-entry -Wl,--strip-all -Wl,--export=matmul \
	  -Wl,--export=__heap_base -Wl,-z,stack-size=1024 -o $(KERNEL).wasm $(SCRIPTS)/runtime/kernel.c
	chmod 644 $(KERNEL).wasm
	clang --version | sed 1q > $(KERNEL).built
	cat $(SCRIPTS)/runtime/kernel.c | sha256sum >> $(KERNEL).built
	cat $(KERNEL).wasm | sha256sum >> $(KERNEL).built

clean:
	rm -rf $(VENV) $(SCRIPTS)/node_modules .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.version_info >= (3, 11) or sys.exit("Python 3.11 or later is needed; $(PYTHON) is " + sys.version.split()[0] + ". Try: make $(MAKECMDGOALS) PYTHON=python3.12")'
	$(PYTHON) -m venv $(VENV)

# The stamp files make a second `make` start at once; they are older than a changed requirements file.
$(VENV)/.installed: requirements.txt | $(BIN)/python
	$(BIN)/python -m pip install -r requirements.txt -e .
	@touch $@

$(VENV)/.installed-dev: requirements-dev.txt requirements-docs.txt requirements.txt | $(BIN)/python
	$(BIN)/python -m pip install -r requirements-dev.txt -e .
	@touch $@ $(VENV)/.installed

$(SCRIPTS)/node_modules: $(SCRIPTS)/package-lock.json
	$(NPM) ci
	@touch $@

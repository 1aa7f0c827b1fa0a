# Everything runs in .venv, which is set up on first use from python3 alone.
PYTHON ?= python3
BIN := .venv/bin
READY := .venv/ready

# A user's own kernel named python3 must not run our notebooks.
export JUPYTER_PREFER_ENV_PATH := 1
# PyTorch's answers must not follow the machine: see tests/contract.
export ONEDNN_MAX_CPU_ISA := AVX2
export OMP_NUM_THREADS := 1
export PYTHONHASHSEED ?= 0

# What the book is made of. A folder stands for the files that came or went.
SOURCES := _config.yml _toc.yml $(shell find book/ convlib/ -not -path '*/.*' -not -name __pycache__ -not -name '*.pyc')

# And what the tests look at beside it.
TESTED := $(SOURCES) Makefile README.md CONTRIBUTING.md $(shell find tests/ .github/ binder/ -type f -not -name '*.pyc')

# The tests of the widgets, in Python or in a browser, and of the built book have rooms of their own.
WIDGETS := tests/widgets tests/paste
OTHERS := $(addprefix --ignore=,$(WIDGETS) tests/browser tests/site)

PYTEST := $(BIN)/pytest
TORCH_ENGINE := IPYTHONDIR=$(CURDIR)/tests/torch_engine/ipython
NBVAL := $(PYTEST) --nbval --nbval-current-env --nbval-cell-timeout 60 -q book

# Two at a time, the longest first; what one printed is shown when it ends.
ROOMS := test-browser test-site test-notebooks-on-torch test-notebooks test-widgets test-convlib
TWO_AT_A_TIME := --jobs 2 --output-sync=target --no-print-directory --keep-going

.PHONY: help book serve lab record lint check test test-full translations $(ROOMS) bench browser clean

help:  ## list the commands
	@sed -n 's/^\([a-z-]*\):.*## /  make \1\t/p' Makefile | expand -t 18

$(READY): requirements.txt constraints.txt pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed")'
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --disable-pip-version-check -r requirements.txt
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

book: _build/html/.built  ## build the book into _build/html
	@echo "Open $(CURDIR)/_build/html/index.html"

# Every chapter is run anew, since each shows what convlib and the widgets make of it; the other
# editions show the same outputs.
_build/html/.built: $(READY) $(SOURCES)
	rm -rf _build/html _build/.jupyter_cache
	$(BIN)/jupyter-book build . --all -W -n --keep-going
	$(BIN)/python book/_ext/editions.py build
	@touch $@

translations: $(READY)  ## take changed English sentences into the catalogues of book/_locale
	$(BIN)/python book/_ext/editions.py update

serve: book  ## build the book and serve it at http://localhost:8000
	$(BIN)/python -m http.server --bind localhost --directory _build/html 8000

# Its settings let the list of files show the chapters alone.
lab: $(READY)  ## open the notebooks in JupyterLab
	JUPYTER_CONFIG_PATH=$(CURDIR)/binder $(BIN)/jupyter lab book

record: $(READY)  ## run every chapter on PyTorch and store its outputs
	$(TORCH_ENGINE) $(BIN)/python -m tests.torch_engine.record book/*.ipynb

lint: $(READY)  ## check style, and the workflows' safety
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/biome check --error-on-warnings convlib book tests
	$(BIN)/zizmor --offline --quiet --persona=pedantic .github

check: $(READY)  ## what needs no browser and no built book: run it while you work
	$(MAKE) $(TWO_AT_A_TIME) test-widgets test-convlib lint

browser: $(READY)
	@$(BIN)/python -m tests.browser.browsers

test: _build/.tested  ## everything that CI runs; the largest enumerations by a new sample each time
	@echo "All of these files passed."

_build/.tested: $(READY) $(TESTED) | browser lint
	$(MAKE) $(TWO_AT_A_TIME) $(ROOMS)
	@touch $@

test-full: browser lint  ## the same, with every state and a second build: before a release
	HYPOTHESIS_PROFILE=full $(MAKE) $(TWO_AT_A_TIME) FULL=--full $(ROOMS)

# One room alone. The site's has the book built: as a prerequisite it would send this long room to
# the end of the queue.
test-convlib: $(READY)
	$(PYTEST) $(FULL) $(OTHERS)

test-widgets: $(READY)
	$(PYTEST) $(FULL) $(WIDGETS)

test-browser: $(READY)
	$(PYTEST) $(FULL) tests/browser

test-site: $(READY)
	$(MAKE) book
	$(PYTEST) $(FULL) tests/site

test-notebooks: $(READY)
	$(NBVAL)

test-notebooks-on-torch: $(READY)
	$(TORCH_ENGINE) $(NBVAL)

bench: browser book  ## measure speed: convlib beside PyTorch, the widgets, pages on a slow phone
	$(BIN)/python -m benchmarks
	$(BIN)/python -m benchmarks.pages

clean:  ## remove what was built
	rm -rf _build .pytest_cache .ruff_cache .hypothesis

# make lab        JupyterLab at the first notebook
# make test       the whole test suite, notebooks included
# make html       the course as pages to read without Python or network, in html/
# make notebooks  run the notebooks that changed at budget course and store their outputs
PYTHON ?= python3
BIN := .venv/bin
JOBS ?= 3

.PHONY: lab test html notebooks
lab: .venv/.lab
	$(BIN)/asdkit lab

# bytecode is kept, whatever the shell asks for: a hundred processes of the tests import the kit
test: .venv/.test
	PYTHONDONTWRITEBYTECODE= ASDKIT_BUDGET=smoke $(BIN)/python -m pytest tests notebooks -n $(JOBS) --dist loadfile --no-loadscope-reorder --nbval-lax

html: .venv/.lab
	$(BIN)/asdkit html html

notebooks: .venv/.test
	ASDKIT_BUDGET=course $(BIN)/python notebooks/refresh.py

.venv/.lab: pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.version_info >= (3, 11, 5) or sys.exit("asdkit needs Python 3.11.5 or newer: make lab PYTHON=python3.11")'
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --disable-pip-version-check -c constraints.txt -e .
	touch $@

.venv/.test: .venv/.lab
	$(BIN)/python -m pip install --disable-pip-version-check -q -c constraints.txt -e ".[test]"
	touch $@

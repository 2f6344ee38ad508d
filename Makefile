# Every target makes what it needs: a .venv with this package in it, then the work.
# PYTHON=python3.12 make test   takes another Python (3.11 to 3.13) than the first that fits.

comma := ,
VENV := .venv
BIN := $(VENV)/bin

help:  ## this list
	@sed -n 's/^\([a-z-]*\):.*  ## /\1|/p' Makefile | awk -F '|' '{printf "make %-10s %s\n", $$1, $$2}'

demo: core  ## spiking against rate at a few loads, and a raster, into runs/
	@set -- $${CXX:-g++}; command -v "$$1" >/dev/null 2>&1 || echo "Note: no C++ compiler ($$1) was found, so the NumPy engine is used; it is slower." >&2
	$(BIN)/biokv compare autoassociative --third-factor sequential --third-factor random --n-pairs 10,20,40 --trials 20 --seed 2021 --out runs/demo --force
	$(BIN)/biokv raster autoassociative --n-pairs 4 --seed 2021 --out runs/demo-raster --force

test: extra  ## everyday tests
	$(BIN)/python -m pytest -m "not slow" -n 2 --dist loadfile

test-slow: extra  ## statistical checks on many trials
	$(BIN)/python -m pytest -m slow -n 2 --dist loadfile

lint: extra  ## ruff
	$(BIN)/ruff check --extend-exclude build .

# mypy does not know that models/ is bioKV.models: it is shown a copy in which the folders lie as installed.
types: extra  ## mypy
	@rm -rf build/types && mkdir -p build/types
	@cp -R bioKV build/types/ && cp -R models protocols analysis build/types/bioKV/
	@cd build/types && ../../$(BIN)/mypy --config-file ../../pyproject.toml \
	  --python-version "$$(../../$(BIN)/python -c 'import sys; print("%d.%d" % sys.version_info[:2])')" -p bioKV

docs: extra  ## the site, into build/docs
	@echo "running the scripts of the site and writing its pages (some five minutes the first time)"
	$(BIN)/python -m sphinx -W --keep-going -n -q -j 2 -d build/docs-doctrees docs build/docs
	@echo "the site is build/docs/index.html"

venv: extra  ## .venv with this package, editable, and all that its tests and pages need

clean:  ## remove .venv, build/ and tool caches; runs/ stays
	rm -rf $(VENV) build docs/auto_* dist *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find bioKV models protocols analysis tests benchmarks docs -name __pycache__ -prune -exec rm -rf {} +

# The environment. core: the package; extra: and what its tests and pages need. What was installed is noted, with checksums of
# what decides it, so that it is done again only when that changes.

core:
	@$(call install,core,.)

extra:
	@$(call install,extra,.[test$(comma)learn$(comma)docs])

FITS := import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))
VERSION := import sys; print("%d.%d" % sys.version_info[:2])

define install
set -eu; note=$(VENV)/installed; here=$$(pwd -P); \
if [ -f $$note ]; then case "$$(cat $$note)" in *" in $$here") ;; *) rm -rf $(VENV) ;; esac; fi; \
python=; for p in $${PYTHON:-$(BIN)/python python3 python3.13 python3.12 python3.11}; do \
  if "$$p" -c '$(FITS)' >/dev/null 2>&1; then python=$$p; break; fi; done; \
if [ -z "$$python" ]; then \
  if [ -n "$${PYTHON:-}" ]; then echo "PYTHON=$$PYTHON does not run, or is not Python 3.11, 3.12 or 3.13." >&2; \
  else echo "bioKV needs Python 3.11, 3.12 or 3.13; found: $$(python3 --version 2>/dev/null || echo no python3)." >&2; \
    echo "Debian, Ubuntu: sudo apt install python3 python3-venv; Fedora: sudo dnf install python3.12; macOS: brew install python@3.12" >&2; fi; \
  exit 2; fi; \
version=$$("$$python" -c '$(VERSION)'); \
if ! "$$python" -c 'import ensurepip, venv' >/dev/null 2>&1; then \
  echo "$$python cannot make a virtual environment: the system package python$$version-venv is missing." >&2; \
  echo "Debian, Ubuntu: sudo apt install python$$version-venv" >&2; \
  exit 2; fi; \
sum="$$version $$(cat pyproject.toml constraints.txt | cksum) in $$here"; \
if [ -f $$note ]; then case "$$(cat $$note)" in "extra $$sum" | "$(1) $$sum") exit 0 ;; esac; fi; \
if [ "$$($(BIN)/python -c '$(VERSION)' 2>/dev/null)" != "$$version" ] || ! $(BIN)/python -m pip --version >/dev/null 2>&1; then \
  echo "making $(VENV) with Python $$version" >&2; rm -rf $(VENV); "$$python" -m venv $(VENV); fi; \
echo "installing bioKV and what it needs into $(VENV) (a few minutes the first time)" >&2; \
rm -f $$note; $(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e "$(2)" </dev/null; \
echo "$(1) $$sum" > $$note
endef

.PHONY: help demo test test-slow lint types docs venv clean core extra

# Two commands: `make site` builds the sample site, `make test` proves that everything works.

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help

CACHE := $(or $(XDG_CACHE_HOME),$(HOME)/.cache)/windsock
# Outside the clone, so that a fresh clone need not compile DuckDB's bindings and Arrow again.
export CARGO_TARGET_DIR ?= $(CACHE)/target
export WINDSOCK_TOOLS ?= $(CACHE)/tools

# `make site` builds for speed; `make test` builds once, with checks on, for everything it runs.
PROFILE := release
BUILD = $(CARGO_TARGET_DIR)/$(if $(filter dev,$(PROFILE)),debug,$(PROFILE))
# Cargo unifies features over what is selected: the tests' selection for all of `make test`, or
# Arrow would be compiled twice.
TOOL_PACKAGES = $(if $(filter dev,$(PROFILE)),--workspace --all-targets,-p windsock -p windsock-pack)
WEB := $(CARGO_TARGET_DIR)/web
MODULES := $(CARGO_TARGET_DIR)/wasm32-unknown-unknown/module
PACK = $(BUILD)/windsock-pack --out $(WEB).new/wasm --wasm-opt node_modules/.bin/wasm-opt
# Full SQL, for one page: a profile and a folder of its own, since packing it takes a minute.
SQL_MODULE := $(CARGO_TARGET_DIR)/wasm32-unknown-unknown/module-sql/windsock_sql.wasm
SQL_WEB := $(CARGO_TARGET_DIR)/packed-sql
SQL_PACKED := $(SQL_WEB)/windsock_sql_bg.wasm
WINDSOCK = $(BUILD)/windsock
PREFIX ?= $(HOME)/.local

# What bench-model learns from; without it, and always after it, the sample.
BENCH_DATA ?= $(wildcard ../shared/data/avall-2008-2021.zip)

# The browser module may not outgrow this unnoticed (bytes after Brotli): the first engine had 230 kB;
# joins, places, words, bins, quantiles, SQL and longer links added 34, MDB files 14, explanations and
# CSV files of the severity model 19, files by column 9, points for maps 4.
WASM_BUDGET := 315000

# The module that writes Parquet and Arrow files, loaded when one is asked for.
EXPORT_BUDGET := 290000

# Hosts take files of 25 MiB at most. What the console costs its visitors is held at Brotli 9, which is
# quick, and below which hosts that compress on the fly stay little.
SQL_RAW_BUDGET := 25165824
SQL_BUDGET := 4000000

.PHONY: help
help: ## Show this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 12

.PHONY: site
site: deps tool web ## Build the sample site into dist/ (installs what is missing)
	$(WINDSOCK) sample sample
	$(WINDSOCK) build sample/Pre2008.mdb sample/avall.mdb
	@echo
	@echo "The site is in dist/. Look at it with: make serve"

.PHONY: serve
serve: ## Show the site on http://127.0.0.1:4173/
	@test -x $(WINDSOCK) || { echo "Nothing built yet: run make site first."; exit 1; }
	$(WINDSOCK) serve

.PHONY: install
install: deps tool web ## Put the windsock command into ~/.local/bin (or PREFIX=…/bin)
	install -d $(PREFIX)/bin $(PREFIX)/lib/windsock
	install $(WINDSOCK) node_modules/@duckdb/node-bindings-linux-x64/libduckdb.so $(PREFIX)/lib/windsock/
	rm -rf $(PREFIX)/lib/windsock/web && cp -r $(WEB) $(PREFIX)/lib/windsock/web
	ln -sfn ../lib/windsock/windsock $(PREFIX)/bin/windsock

.PHONY: test
test: PROFILE := dev
test: deps-test ## Run every check: format, lints, unit, property, integration, wasm, browser
	$(MAKE) PROFILE=dev lint tool web
	cargo test --workspace --locked
	tests/interop/run $(BUILD)/windsock $(WINDSOCK_TOOLS)/interop/bin/python tests/interop/check_great_expectations.py

.PHONY: test-firefox
test-firefox: PROFILE := dev
test-firefox: ## Open the site in Firefox too (installs it first); make test does where it is installed
	.ci/deps build firefox
	$(MAKE) PROFILE=dev tool web
	cargo test --locked --test suite -- --nocapture pages_work_in_firefox

.PHONY: test-interop
test-interop: PROFILE := dev
test-interop: ## Let other tools open what windsock writes (installs them first)
	.ci/deps build interop mlflow
	$(MAKE) PROFILE=dev tool web
	tests/interop/run $(BUILD)/windsock $(WINDSOCK_TOOLS)/interop/bin/python

.PHONY: bench-analytics
bench-analytics: PROFILE := dev
bench-analytics: ## The figures' queries on PostgreSQL and on DuckDB over the lake, at real size
	.ci/deps build interop
	$(MAKE) PROFILE=dev tool
	benches/analytics/run $(BUILD)/windsock $(WINDSOCK_TOOLS)/interop/bin/python

.PHONY: bench-browser
bench-browser: PROFILE := dev
bench-browser: ## Race the browser engine with DuckDB-WASM in Chromium (BENCH_LAKE=folder of a lake)
	.ci/deps build test bench-browser
	$(MAKE) PROFILE=dev tool web
	benches/browser/run $(BUILD)/windsock $(WEB) $(WINDSOCK_TOOLS)

.PHONY: bench-emit
bench-emit: ## Emit beside Hugo, rebuild and follow a sync at real size (SIZE=events; default full)
	.ci/deps build bench-emit
	$(MAKE) tool web
	benches/emit/run $(WINDSOCK) $(WEB) $(or $(SIZE),full)

.PHONY: bench-search
bench-search: PROFILE := dev
bench-search: ## Index texts beside Pagefind and ask both in Chromium (BENCH_EVENTS=20000, BENCH_TEXTS=lake)
	.ci/deps build test interop bench-search
	$(MAKE) PROFILE=dev tool web
	benches/search/run $(BUILD)/examples/search-index $(BUILD)/windsock $(WEB) $(WINDSOCK_TOOLS) \
	  $(WINDSOCK_TOOLS)/interop/bin/python

.PHONY: bench-explore
bench-explore: PROFILE := dev
bench-explore: ## Whether the explore page ever stops, at real size (BENCH_LAKE=folder of a lake)
	.ci/deps build test
	$(MAKE) PROFILE=dev tool web
	benches/explore/run $(BUILD)/windsock $(WEB)

.PHONY: bench-migrate
bench-migrate: PROFILE := dev
bench-migrate: ## Compare the load with the original design's (MDB=file or SIZE=events; default full)
	.ci/deps build bench-migrate
	$(MAKE) PROFILE=dev tool
	$(WINDSOCK_TOOLS)/bench-migrate/bin/python benches/migrate/bench.py $(BUILD)/windsock $(or $(MDB),$(SIZE))

.PHONY: lint
lint: ## Formatting, clippy (host and wasm), dependency rules, licences, spelling
	cargo fmt --all --check
	cargo clippy --workspace --all-targets --locked -- -D warnings
	CLIPPY_CONF_DIR=.ci/clippy-wasm cargo clippy -p windsock-wasm -p windsock-export -p windsock-sql --locked \
	  --target wasm32-unknown-unknown -- -D warnings
	.ci/guard
	$(WINDSOCK_TOOLS)/bin/cargo-deny --locked --log-level error check --hide-inclusion-graph bans licenses sources
	$(WINDSOCK_TOOLS)/venv/bin/typos

.PHONY: tool
tool: ## Compile the windsock command and the packer of the browser module
	cargo build --locked --profile $(PROFILE) $(TOOL_PACKAGES)

.PHONY: web
web: ## Compile the browser modules and gather the browser files
	cargo build --locked -p windsock-wasm --target wasm32-unknown-unknown --profile module
	cargo build --locked -p windsock-export --target wasm32-unknown-unknown --profile module
	rm -rf $(WEB).new && mkdir -p $(WEB).new/vendor
	$(PACK) --module $(MODULES)/windsock_wasm.wasm --max-brotli $(WASM_BUDGET)
	$(PACK) --module $(MODULES)/windsock_export.wasm --name windsock_export --max-brotli $(EXPORT_BUDGET)
	node .ci/outlines.mjs $(WEB).new/map/outlines.json
	cargo build --locked -p windsock-sql --target wasm32-unknown-unknown --profile module-sql
	$(MAKE) --no-print-directory PROFILE=$(PROFILE) $(SQL_PACKED)
	cp -r $(SQL_WEB) $(WEB).new/sql
	cp -r static/. $(WEB).new/
	node_modules/.bin/esbuild wasm/sql/editor/editor.js --bundle --format=esm --minify --target=es2022 \
	  --log-level=warning --outfile=$(WEB).new/editor/editor.js
	cp node_modules/@codemirror/view/LICENSE $(WEB).new/editor/LICENSE
	cp node_modules/plotly.js-basic-dist-min/plotly-basic.min.js $(WEB).new/vendor/
	rm -rf $(WEB) && mv $(WEB).new $(WEB)

# The budgets stand in this file: when they change, they are checked again.
$(SQL_PACKED): $(SQL_MODULE) Makefile
	$(BUILD)/windsock-pack --module $(SQL_MODULE) --name windsock_sql --out $(SQL_WEB) \
	  --quality 9 --max-raw $(SQL_RAW_BUDGET) --max-brotli $(SQL_BUDGET)

.PHONY: deps
deps: ## Install what building needs and is missing
	.ci/deps build

.PHONY: deps-test
deps-test: ## Install what the tests need and is missing
	.ci/deps build test interop

.PHONY: bench-model
bench-model: deps tool ## Compare the severity model with XGBoost, LightGBM, CatBoost and others
	.ci/deps build bench-model
	benches/model/run $(WINDSOCK) $(WINDSOCK_TOOLS)/bench-model $(BENCH_DATA)

.PHONY: bench-scoring
bench-scoring: deps tool web ## Score a model in Chromium beside onnxruntime-web
	.ci/deps test bench-scoring
	benches/scoring/run $(WINDSOCK) $(WEB) $(WINDSOCK_TOOLS)/bench-scoring \
	  $(WINDSOCK_TOOLS)/bench-scoring/node_modules/onnxruntime-web/dist

.PHONY: clean
clean: ## Remove the site, the samples and everything between
	-$(WINDSOCK) postgres stop
	rm -rf dist sample .windsock

# Every target first makes sure that its tools are there (tools/setup: silent when they are).

.PHONY: help run demo practice build test check format bench bench-check sbom reproduce prove fuzz clean
.DEFAULT_GOAL := help

help:
	@echo 'make run     collect the top 250 coins and show the twenty largest'
	@echo 'make demo    a live table and a tour in the terminal, against a simulated provider'
	@echo 'make practice  Bitcoin in BRL with the .env that is here, against the simulator (tools/practice)'
	@echo 'make build   build/release/coinlake and build/release/coinlake-sim'
	@echo 'make test    build and run the tests (about ten minutes the first time)'
	@echo 'make check   format, clang-tidy, sanitizers, readers in Python (what CI runs after make test)'
	@echo 'make bench   measure, against peers in the same run; writes bench/report.md'
	@echo 'make bench-check   measure again: is anything worse than in the report?'
	@echo 'make sbom    what the program is made of: build/release/coinlake.cdx.json'
	@echo 'make reproduce     build twice in different folders: are the bytes the same?'
	@echo 'make format  let clang-format rewrite the sources'
	@echo 'make prove   the long proofs, an hour and a bit: writes docs/prove.md; SOAK_HOURS=24 for a day'
	@echo 'make fuzz    each fuzz target for a minute, one on each core; FUZZ_SECONDS=600 for ten'
	@echo 'make clean   remove build/'

build:
	@tools/setup
	@tools/build release coinlake coinlake-sim

run: build
	@tools/run

demo: build
	@tools/demo

practice: build
	@tools/practice

test:
	@tools/setup
	@tools/test

check:
	@tools/setup --check
	@tools/check

bench:
	@tools/setup --bench
	@tools/build release coinlake coinlake-sim coinlake-bench
	@bench/run

bench-check:
	@tools/setup --bench
	@tools/build release coinlake coinlake-sim coinlake-bench
	@bench/run check

sbom: build
	@tools/sbom

reproduce:
	@tools/setup
	@tools/reproduce

format:
	@tools/setup --check
	@tools/sources | xargs clang-format-19 -i

prove:
	@tools/setup --check
	@tools/build release
	@build/venv/bin/python tools/prove

FUZZ_SECONDS ?= 60
fuzz:
	@tools/setup --check
	@tools/fuzz $(FUZZ_SECONDS)

clean:
	rm -rf build

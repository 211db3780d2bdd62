# SPDX-License-Identifier: GPL-2.0-or-later
# The door: thin over Meson, and it does its own set-up.
#
#   make demo        a real guest sends verbs, hdadump shows and keeps them
#   make check       every test, real guests included; SUITE=unit for one suite
#   make trixie      the same in a bare Debian 13, as root; make forky, make bookworm, ...
#   make nightly     what takes longer: the exported kernel patch, built, loaded, captured; the
#                    BPF program by compiler and kernel
#   make bench       measured comparisons
#   make fuzz        every fuzz target for FUZZTIME=60 seconds
#   make install     DESTDIR and MESONFLAGS=-Dprefix=... as usual
#   make deps        only the packages that all of these need
#
# BUILD=folder and MESONFLAGS=... make another build beside the first, e.g.
#   make check BUILD=build-asan MESONFLAGS=-Db_sanitize=address,undefined

BUILD ?= build
MESONFLAGS ?=
SUITE ?=
JOBS ?= $(shell nproc)
FUZZTIME ?= 60
TRIXIETIME ?= 9000

all: build

$(BUILD)/build.ninja:
	@tests/deps build
	meson setup $(MESONFLAGS) $(BUILD)

build: $(BUILD)/build.ninja
	@ninja -j $(JOBS) -C $(BUILD)

deps:
	@tests/deps build guest check fuzz

guest-deps:
	@tests/deps build guest

check-deps:
	@tests/deps build guest check

demo: guest-deps build
	@vm/demo $(BUILD)

check: check-deps build
	@tests/check $(BUILD) $(JOBS) $(SUITE)

bookworm trixie forky sid:
	@HDADUMP_SUITE_TIME=$(TRIXIETIME) tests/suite-check $@ $(SUITE)

nightly: build
	@tests/deps build guest nightly
	@status=0; for t in kernel bpf_matrix; do \
		HDADUMP_BUILD=$(abspath $(BUILD)) tests/nightly/$$t || [ $$? = 77 ] || status=1; \
	done; exit $$status

bench: guest-deps build
	@bench/run $(BUILD)

fuzz:
	@tests/deps build fuzz
	@tests/fuzz/run $(BUILD)-fuzz $(FUZZTIME)

install: build
	meson install -C $(BUILD)

clean:
	rm -rf $(BUILD) $(BUILD)-fuzz

.PHONY: all build deps guest-deps check-deps demo check nightly bookworm trixie forky sid bench fuzz install clean

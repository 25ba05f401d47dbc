#!/usr/bin/env bash
# Sets itself up and runs every test through CTest.
# usage: ./test.sh [--no-install] [options of ctest, such as -L unit or -R lockstep]
set -euo pipefail
cd "$(dirname "$0")"
. scripts/setup.sh

install=yes
[ "${1:-}" = --no-install ] && { install=no; shift; }

if [ "$install" = yes ]; then
  install_debian_packages scripts/packages-build.txt scripts/packages-test.txt
  install_debian_commands node:nodejs npm:npm
  for folder in site tests/browser tests/spec; do
    [ -f "$folder/package-lock.json" ] && install_npm_packages "$folder"
  done
fi

# What was just installed is looked for again: tests that need it are left out otherwise.
[ ! -f build/release/build.ninja ] || cmake --preset release >/dev/null
configure_and_build release all

ctest --preset release -j "$(nproc)" --no-tests=error "$@"

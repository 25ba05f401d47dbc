#!/usr/bin/env bash
# Installs what is missing, builds the generator, builds the site into public/.
# usage: ./build.sh [--no-install] [options of `drillpress build`]
set -euo pipefail
cd "$(dirname "$0")"
. scripts/setup.sh

install=yes
[ "${1:-}" = --no-install ] && { install=no; shift; }

started=$SECONDS
if [ "$install" = yes ]; then
  install_debian_packages scripts/packages-build.txt
  install_debian_commands node:nodejs npm:npm
  install_npm_packages site
fi
installed=$SECONDS

configure_and_build release drillpress cudart_dropin
built=$SECONDS

build/release/bin/drillpress build "$@"

printf 'time: installing %ds, building the generator %ds, building the site %ds\n' \
  $((installed - started)) $((built - installed)) $((SECONDS - built))
printf 'open: %s\n' "file://$PWD/public/index.html"

#!/bin/bash
# Compiles and runs the engine's CUDA programs. A program says in comments at its top what it needs and what shall happen:
#   // gencode: ARCH            instead of arch=compute_90,code=compute_90
#   // flags: FLAGS             instead of -std=c++17 -O2 -lineinfo
#   // nvcc: FLAGS              more flags; a compression mode among them replaces --no-compress
#   // options: NAME=VALUE …    environment of the run; every checker is on but that of leaks unless it says otherwise
#   // counters: true           write a counters file, for expect-counters
#   // expect-exit: N           else 0
#   // known-gap: REGEX          the engine must refuse it, naming this; a pass means that the line has to go
#   // expect-stdout|stderr|findings|counters: REGEX     a line of it must match (extended regular expression;
#                               stdout: the whole line, literally). BUG_LINE is the number of the line with `// bug`.
#   // count: KERNEL COUNTER VALUE WHY     a counter of the first launch of the kernel with this name
#   // expect-bug: NAME KIND [MARK]        run with the argument NAME, there are precisely these findings: of this kind, on
#                               the line that says `// bug: MARK` (default: NAME). A race may be found from its other side too.
#   // expect-clean: NAME       run with the argument NAME, nothing is found
# Every program but one that does not get that far prints PASS on a line of its own, and none prints FAIL.
#
#   run.sh compile NVCC BUILD_DIR PROGRAM.cu…     two at a time; what has not changed is not compiled again
#   run.sh run LIBRARY_DIR BUILD_DIR PROGRAM.cu
#   run.sh abi COMPILER TOOLKIT_INCLUDE OUR_INCLUDE SOURCE
set -u
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)

header() { sed -n "s|^// $2: ||p" "$1"; }

compile_one() {
  local nvcc=$1 build=$2 source=$3 name gencode flags key
  name=$(basename "$source" .cu)
  gencode=$(header "$source" gencode)
  flags=$(header "$source" flags)
  flags="${flags:--std=c++17 -O2 -lineinfo} -cudart shared -I$here/programs $(header "$source" nvcc)"
  [[ $flags == *--compress-mode* ]] || flags+=" --no-compress"
  key=$("$nvcc" --version | cat - "$source" "$here"/programs/*.h <(echo "$gencode $flags") | sha256sum)
  if [[ -x $build/$name && -f $build/$name.key && $(cat "$build/$name.key") == "$key" ]]; then return 0; fi
  rm -f "$build/$name.key"
  # shellcheck disable=SC2086 # the flags are words
  if "$nvcc" $flags -gencode "${gencode:-arch=compute_90,code=compute_90}" "$source" -o "$build/$name" \
    >"$build/$name.log" 2>&1; then
    echo "$key" >"$build/$name.key"
  else
    echo "cannot compile $source:" && cat "$build/$name.log" && return 1
  fi
}

compile() {
  local nvcc=$1 build=$2
  shift 2
  if [[ ! -x $nvcc ]]; then
    echo "skipped: there is no nvcc here, so that no engine program can be compiled" && exit 77
  fi
  mkdir -p "$build"
  export -f compile_one header
  export here
  # The templates of CUB and Thrust take longest: first, so that no processor waits for them at the end.
  local long='^#include <(cub|thrust)/'
  { grep -lE "$long" "$@"; grep -LE "$long" "$@"; } |
    xargs -d '\n' -P 2 -I {} bash -c 'compile_one "$@"' _ "$nvcc" "$build" {}
}

fail() {
  echo "$1"
  echo "--- standard output" && head -c 4000 "$build/$name.stdout"
  echo "--- standard error" && head -c 4000 "$build/$name.stderr"
  exit 1
}

# "KIND LINE" for each finding of a findings file.
findings_of() {
  awk '/^  "(faults|findings|leaks|refusals)":/ { section = $1 }
       section == "\"findings\":" && /^ *"kind":/ { kind = $2 }
       section == "\"findings\":" && /^ *"line":/ { print kind, $2 }' "$1" | tr -d '",' | sort
}

# The value of a counter in the first launch of a kernel.
counter_of() {
  awk -v kernel="$2" -v counter="\"$3\":" '
    /^      "counters": \{/ { inside = 1 }
    /^      \}/ { inside = 0 }
    inside && $1 == counter { value = $2 }
    /^      "kernel":/ { name = $0; sub(/^ *"kernel": "(void )?/, "", name); sub(/[(<].*/, "", name)
                       if (name == kernel) { print value; exit } }' "$1" | tr -d ','
}

run_once() {
  rm -f "$build/$name.findings" "$build/$name.counters"
  # shellcheck disable=SC2046 # options are words
  (cd "$build" && ulimit -c 0 && env "${environment[@]}" $(header "$source" options) timeout --foreground 100 "./$name" "$@") \
    >"$build/$name.stdout" 2>"$build/$name.stderr"
  status=$?
}

# Every planted bug by itself: precisely its findings.
run_bugs() {
  local bug kind mark want found told
  for bug in $( (header "$source" expect-bug; header "$source" expect-clean) | cut -d' ' -f1 | sort -u); do
    run_once "$bug"
    want=$(header "$source" expect-bug | while read -r candidate kind mark; do
      [[ $candidate == "$bug" ]] && echo "$kind $(grep -nE -- "// bug: ${mark:-$bug}( |$)" "$source" | head -1 | cut -d: -f1)"
    done | sort)
    [[ -s $build/$name.findings ]] || fail "$name $bug wrote no findings file"
    found=$(findings_of "$build/$name.findings")
    told=$found
    if [[ $want == racecheck.* ]]; then  # reduce to the expected ones, and whatever is no race
      found=$(grep -vE '^racecheck\.' <<<"$found"; grep -xF -- "$want" <<<"$found")
      found=$(sed '/^$/d' <<<"$found")
    fi
    [[ $found == "$want" ]] || fail "$name $bug: found $(paste -sd, <<<"$told") instead of $(paste -sd, <<<"$want")"
    grep -qx PASS "$build/$name.stdout" || fail "$name $bug did not say PASS"
    if [[ -n $want ]]; then [[ $status == 86 ]] || fail "$name $bug ended with $status"; fi
    if [[ -z $want ]]; then [[ $status == 0 ]] || fail "$name $bug, which is correct, ended with $status"; fi
  done
}

run() {
  local libraries=$1 source=$3 want status pattern kind bug gap kernel counter value
  build=$2
  name=$(basename "$source" .cu)
  if [[ ! -x $build/$name ]]; then
    command -v "${NVCC:-nvcc}" >/dev/null || { echo "skipped: there is no nvcc here" && exit 77; }
    echo "$name was not compiled" && exit 1
  fi
  local environment=(LD_LIBRARY_PATH="$libraries" DRILLPRESS_FINDINGS="$build/$name.findings"
    DRILLPRESS_CHECK=memcheck,synccheck,racecheck,initcheck)
  [[ -n $(header "$source" counters)$(header "$source" count) ]] && environment+=(DRILLPRESS_COUNTERS="$build/$name.counters")
  if [[ -n $(header "$source" expect-bug) ]]; then
    run_bugs
    echo "$name: every bug found" && return 0
  fi
  run_once
  gap=$(header "$source" known-gap)
  if [[ -n $gap ]]; then
    [[ $status != 0 ]] || fail "$name passes: take its known-gap line out"
    grep -qE -- "^drillpress: refused: .*$gap" "$build/$name.stderr" || fail "$name was not refused because of $gap"
    echo "$name: refused by name, a known gap" && return 0
  fi
  want=$(header "$source" expect-exit)
  [[ $status == "${want:-0}" ]] || fail "$name ended with $status instead of ${want:-0}"
  grep -q '^FAIL' "$build/$name.stdout" && fail "$name failed"
  grep -qx PASS "$build/$name.stdout" || fail "$name did not say PASS"
  while IFS= read -r pattern; do
    grep -qxF -- "$pattern" "$build/$name.stdout" || fail "$name did not print: $pattern"
  done < <(header "$source" expect-stdout)
  bug=$(grep -n '// bug' "$source" | head -1 | cut -d: -f1)
  for kind in stderr findings counters; do
    while IFS= read -r pattern; do
      pattern=${pattern//BUG_LINE/$bug}
      grep -qE -- "$pattern" "$build/$name.$kind" || fail "$name: nothing in its $kind matches: $pattern"
    done < <(header "$source" "expect-$kind")
  done
  while read -r kernel counter value _; do
    pattern=$(counter_of "$build/$name.counters" "$kernel" "$counter")
    [[ $pattern == "$value" ]] || fail "$name: $kernel: $counter is ${pattern:-absent} instead of $value"
  done < <(header "$source" count)
  [[ -s $build/$name.findings ]] || fail "$name wrote no findings file"
  [[ ${want:-0} == 0 && -s $build/$name.stderr ]] && grep -qE '^drillpress: (memcheck|synccheck|racecheck|initcheck|fault|refused|leak)' \
    "$build/$name.stderr" && fail "$name is correct, and something was found"
  echo "$name: as expected"
}

# Our declarations of NVIDIA's structures against the toolkit's own, by static assertions.
abi() {
  local compiler=$1 toolkit=$2 include=$3 source=$4
  if [[ ! -f $toolkit/cuda_runtime_api.h ]]; then
    echo "skipped: there are no CUDA headers here to compare with" && exit 77
  fi
  "$compiler" -std=c++20 -fsyntax-only -I"$toolkit" -I"$include" "$source"
}

command=$1
shift
case $command in
compile) compile "$@" ;;
run) run "$@" ;;
abi) abi "$@" ;;
*) echo "usage: run.sh compile|run|abi …" && exit 2 ;;
esac

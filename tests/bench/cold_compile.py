#!/usr/bin/env python3
"""How long `drillpress` takes to compile the drills beside the bare nvcc commands that it runs, both two at a time.

    cold_compile.py BUILD_DIR [--only PATTERN]... [--jobs N]

For each pattern (default: each drill) in turns: the programs are verified without and then with their binaries, whose
difference is compiling; and the very commands that were seen meanwhile are run in a plain folder. Exit status 1: the goal is
missed (1.15 times the bare commands, in wall time, on a machine that does nothing else meanwhile)."""
import argparse
import concurrent.futures
import hashlib
import os
import pathlib
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
import time

GOAL = 1.15
SOURCE = pathlib.Path(__file__).resolve().parents[2]
# Says in its log how it was called, and on which text.
TELLS = """#!/bin/sh
[ "$1" = --version ] || for last; do :; done
[ "$1" = --version ] || echo "called $(sha256sum < "$last" | cut -c1-64) $*" >&2
exec {nvcc} "$@"
"""
HEAD = '#line 1 "program.cu"\n'  # as generator/drill/build.cc


class Timer:
    def __enter__(self):
        self.start = time.perf_counter()
        return self

    def __exit__(self, *_):
        self.seconds = time.perf_counter() - self.start


def verify(program, pattern, jobs, *arguments):
    command = [program, "verify", "--root", SOURCE, "--only", pattern, "--jobs", str(jobs), "--quiet", *map(str, arguments)]
    with Timer() as timer:
        done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode not in (0, 1):  # 1: mistakes in pages, which are not the matter here
        sys.exit(f"{shlex.join(map(str, command))}:\n{done.stdout}{done.stderr}")
    return timer


def seen_commands(binaries):
    """(hash of the program, arguments) of every compilation that left a log."""
    out = []
    for log in sorted(binaries.glob("*.log")):
        call = re.search(r"^called (\w{64}) (.*)$", log.read_text(), re.M)
        if not call:
            sys.exit(f"{log} does not say how it was made")
        out.append((call[1], call[2].split()))
    return out


def run_bare(nvcc, commands, sources, desk, jobs):
    """The same commands, in folders like those that drillpress makes for them."""
    calls = []
    for number, (program, arguments) in enumerate(commands):
        folder = desk / str(number)
        (folder / "out").mkdir(parents=True)
        # Logs name the two files without their folders.
        files = {"program": str(folder / "out" / "program"), "program.cu": str(folder / "program.cu")}
        (folder / "program.cu").write_text(HEAD + sources[program])
        calls.append((folder, [nvcc, *(files.get(argument, argument) for argument in arguments)]))

    def call(one):
        folder, command = one
        environment = {"LC_ALL": "C", "TMPDIR": str(folder / "out"), "PATH": f"{pathlib.Path(nvcc).parent}:/usr/bin:/bin"}
        subprocess.run(command, cwd=SOURCE, env=environment, check=True, capture_output=True)

    with Timer() as timer, concurrent.futures.ThreadPoolExecutor(jobs) as pool:
        list(pool.map(call, calls))
    return timer


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("build", type=pathlib.Path)
    parser.add_argument("--only", action="append", metavar="PATTERN", help="instead of every drill, such as 'transpose/mutants/*'")
    parser.add_argument("--jobs", type=int, default=2)
    options = parser.parse_args()
    program = (options.build / "bin" / "drillpress").resolve()
    nvcc = shutil.which("nvcc") or "/usr/local/cuda/bin/nvcc"
    sources = {hashlib.sha256((HEAD + text).encode()).hexdigest(): text
               for text in (file.read_text() for file in SOURCE.glob("drills/*/**/*.cu"))}
    patterns = options.only or sorted(page.parent.name for page in SOURCE.glob("drills/*/drill.md"))
    ours = bare = 0.0
    count = 0
    with tempfile.TemporaryDirectory(prefix="drillpress-cold-") as name:
        folder = pathlib.Path(name)
        tools, cache = folder / "tools", folder / "cache"
        tools.mkdir()
        (tools / "nvcc").write_text(TELLS.format(nvcc=nvcc))
        (tools / "nvcc").chmod(0o755)
        arguments = ("--cache", cache, "--tools", tools, "--tools", "/usr/bin")
        for pattern in patterns:
            shutil.rmtree(cache, ignore_errors=True)
            cold = verify(program, pattern, options.jobs, *arguments)
            commands = seen_commands(cache / "binaries")
            if not commands:
                sys.exit(f"`{pattern}` names no program that compiles")
            kept = verify(program, pattern, options.jobs, *arguments, "--refresh")
            plain = run_bare(nvcc, commands, sources, folder / "desk" / pattern.replace("/", "-"), options.jobs)
            difference = cold.seconds - kept.seconds
            print(f"{pattern}: {len(commands)} programs, drillpress {difference:.1f} s, bare nvcc {plain.seconds:.1f} s: "
                  f"{difference / plain.seconds:.2f} times", flush=True)
            count, ours, bare = count + len(commands), ours + difference, bare + plain.seconds
    ratio = ours / bare
    print(f"{count} programs, {options.jobs} at a time on {os.cpu_count()} cores: drillpress {ours:.1f} s, bare nvcc {bare:.1f} s: "
          f"{ratio:.2f} times (goal: {GOAL})")
    if ratio > GOAL:
        print(f"missed: {ratio:.2f} times the bare commands, goal {GOAL}")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())

#!/usr/bin/env python3
"""What it costs a build that its pages hold programs whose evidence is known: a site of many snippets, built again and again
in turns with the same site whose blocks are only shown.

    replay.py BUILD_DIR [--snippets N] [--builds N]

Exit status 1: a goal is missed (200 snippets add less than 50 ms to a build; such a build starts no compiler, not even to ask
for its version). It is judged by processor time, which other work on the machine changes little; wall time is printed beside
it, and is no more on a machine that does nothing else meanwhile."""
import argparse
import pathlib
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

GOAL_MS = 50
PER_PAGE = 10
PAGE = "---\ntitle: Page {0}\ndescription: Snippets of page {0}.\ntags: [bench]\ndate: 2026-01-31\n---\n## Snippets\n\n"
PROGRAM = 'extern "C" int puts(const char*);\nint main() {{ puts("{0}"); }}\n'
# Counts that it was asked for its version, and compiles nothing.
REFUSES = """#!/bin/sh
echo "$0 $*" >> {log}
[ "$1" = --version ] && exec {real} --version
exit 1
"""


def write_site(root, snippets, run):
    (root / "content" / "guides").mkdir(parents=True)
    for page in range(0, snippets, PER_PAGE):
        text = PAGE.format(page)
        for number in range(page, min(page + PER_PAGE, snippets)):
            fence, output = (f"cpp run id=s{number}", f"output for=s{number}") if run else ("cpp", "text")
            text += f"```{fence}\n{PROGRAM.format(number)}```\n\n```{output}\n{number}\n```\n\n"
        (root / "content" / "guides" / f"page-{page}.md").write_text(text)


def build(program, root, *arguments):
    """Wall and processor time in milliseconds."""
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    done = subprocess.run([program, "build", "--root", root, *map(str, arguments)], capture_output=True, text=True)
    wall, after = time.perf_counter() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode != 0:
        sys.exit(f"the build of {root.name} failed:\n{done.stdout}{done.stderr}")
    return 1e3 * wall, 1e3 * (after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime)


def processes_started(program, root, folder, log):
    """Lines that compilers which refuse everything have logged, of a build with them and of the next one."""
    folder.mkdir()
    for name in ("g++", "c++", "clang++", "nvcc"):
        real = shutil.which(name)
        if real:
            (folder / name).write_text(REFUSES.format(log=log, real=real))
            (folder / name).chmod(0o755)
    counts = []
    for _ in range(2):
        log.write_text("")
        build(program, root, "--tools", folder)
        counts.append(len(log.read_text().splitlines()))
    # They do refuse: what has to be compiled cannot be.
    shutil.rmtree(root / ".drillpress" / "binaries")
    command = [program, "build", "--root", root, "--tools", folder, "--refresh"]
    if subprocess.run(command, capture_output=True).returncode != 1:
        sys.exit("the compilers that refuse compiled something: the count proves nothing")
    return counts


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("build", type=pathlib.Path)
    parser.add_argument("--snippets", type=int, default=200)
    parser.add_argument("--builds", type=int, default=15)
    options = parser.parse_args()
    program = (options.build / "bin" / "drillpress").resolve()
    with tempfile.TemporaryDirectory(prefix="drillpress-replay-") as name:
        folder = pathlib.Path(name)
        sites = {"programs": folder / "programs", "shown": folder / "shown"}
        for kind, root in sites.items():
            write_site(root, options.snippets, kind == "programs")
            build(program, root)
        times = {kind: [] for kind in sites}
        for _ in range(options.builds):
            for kind, root in sites.items():
                times[kind].append(build(program, root))
        added = 0.0
        for at, what in enumerate(("wall", "processor")):
            medians = {kind: statistics.median(one[at] for one in times[kind]) for kind in sites}
            added = medians["programs"] - medians["shown"]
            print(f"{what} time of a build, median of {options.builds}: {medians['programs']:.1f} ms with {options.snippets} "
                  f"programs, {medians['shown']:.1f} ms without: {added:+.1f} ms")
        missed = [f"{added:.1f} ms for {options.snippets} programs, goal {GOAL_MS}"] if added >= GOAL_MS else []
        asked, then = processes_started(program, sites["programs"], folder / "tools", folder / "log")
        print(f"compilers started by a build with other compilers: {asked} (asked for the version), by the next: {then}")
        if then:
            missed.append(f"{then} compilers started by a build that knows everything")
    for line in missed:
        print("missed:", line)
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())

#!/usr/bin/env python3
"""Runs drillpress on every case and compares what it says with the expected text.

usage: run_cases.py DRILLPRESS [--bless] [CASE…]

A case is a folder of cases/ with
  site/      the sources
  command    arguments (default: check); @site stands for the folder of the sources, @out for a fresh folder
  stderr     the exact expected text, and in its last line the exit status
Every expected text must name at least one diagnostic code, and every code of the program's table that can be provoked
without a compiler must be named by some case (a code that no case provokes is reported as untested).
"""
import pathlib
import re
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
CODES = HERE.parent.parent / "generator" / "diagnostics" / "codes.def"
# Codes provoked elsewhere: by a compiler, a run, a damaged environment, or a template set (tests beside the modules).
ELSEWHERE = set((HERE / "codes-tested-elsewhere.txt").read_text().split())


def run_case(drillpress, case):
    with tempfile.TemporaryDirectory() as out:
        command_file = case / "command"
        command = command_file.read_text().split() if command_file.exists() else ["check", "--root", "@site"]
        words = [w.replace("@site", str(case / "site")).replace("@out", out) for w in command]
        done = subprocess.run([drillpress, *words], capture_output=True, encoding="utf-8", errors="strict", timeout=120)
        text = done.stderr.replace(str(case / "site") + "/", "").replace(str(case / "site"), "@site").replace(out, "@out")
        return text + f"exit status {done.returncode}\n"


def main():
    arguments = [a for a in sys.argv[1:] if a != "--bless"]
    bless = "--bless" in sys.argv
    drillpress, names = arguments[0], arguments[1:]
    failed = 0
    provoked = set()
    cases = sorted(p for p in (HERE / "cases").iterdir() if p.is_dir() and (not names or p.name in names))
    for case in cases:
        actual = run_case(drillpress, case)
        golden = case / "stderr"
        if bless:
            golden.write_text(actual)
        expected = golden.read_text() if golden.exists() else ""
        codes = set(re.findall(r"\[([a-z0-9-]+)\]$", expected, re.M))
        provoked |= codes
        if actual != expected:
            failed += 1
            print(f"FAIL {case.name}\n--- expected\n{expected}--- actual\n{actual}")
        elif not codes:
            failed += 1
            print(f"FAIL {case.name}: its expected text names no diagnostic")
    if not names:
        known = set(re.findall(r'^CODE\(\w+,\s*"([^"]+)"', CODES.read_text(), re.M))
        for code in sorted(known - provoked - ELSEWHERE):
            failed += 1
            print(f"FAIL no case provokes `{code}`")
        for code in sorted((provoked | known) & ELSEWHERE & provoked):
            failed += 1
            print(f"FAIL `{code}` is provoked here; take it out of codes-tested-elsewhere.txt")
        for code in sorted(ELSEWHERE - known):
            failed += 1
            print(f"FAIL codes-tested-elsewhere.txt names `{code}`, which is no code")
    print(f"{len(cases) - failed if failed <= len(cases) else 0} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())

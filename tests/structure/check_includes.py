#!/usr/bin/env python3
"""Checks that modules include only what their row of the table allows, and files only libraries they may know.

usage: check_includes.py SOURCE_DIR
"""
import pathlib
import re
import sys

# Module: the modules it may include besides itself. A row may name only modules of rows above it.
ALLOWED = {
    "base": [],
    "diagnostics": ["base"],
    "system": ["base"],
    "markdown": ["base", "diagnostics"],
    "maths": ["base", "diagnostics", "system"],
    "template": ["base", "diagnostics"],
    "highlight": ["base"],
    "stats": ["base"],
    "picture": ["base", "stats"],
    "ptx": ["base"],
    "model": ["base", "diagnostics", "system", "markdown"],
    "writing": ["base", "diagnostics", "system", "markdown", "model"],
    "lockstep": ["base", "ptx"],
    "cudart": ["base", "ptx", "lockstep"],
    "drill": ["base", "diagnostics", "system", "stats"],
    "pipeline": ["base", "diagnostics", "system", "markdown", "maths", "template", "highlight", "stats", "picture", "ptx", "lockstep", "model", "writing", "drill"],
    "cli": ["base", "diagnostics", "system", "model", "drill", "template", "pipeline"],
}

# Libraries that one file keeps from the others, for each file that includes them takes seconds more to compile.
ONE_FILE = {"CLI/CLI.hpp": "cli/command_line.cc"}


def main():
    generator = pathlib.Path(sys.argv[1]) / "generator"
    faults, seen, owners = [], 0, set()
    for index, (module, allowed) in enumerate(ALLOWED.items()):
        above = list(ALLOWED)[:index]
        faults += [f"the row of {module} names {other}, which is not above it" for other in allowed if other not in above]
        for file in sorted((generator / module).rglob("*")):
            if file.suffix not in {".h", ".cc", ".def"}:
                continue
            for number, line in enumerate(file.read_text().splitlines(), 1):
                library = re.match(r"\s*#include <([^>]+)>", line)
                owner = ONE_FILE.get(library.group(1)) if library else None
                owners.add(owner)
                if owner and file != generator / owner:
                    faults.append(f"{file.relative_to(generator.parent)}:{number}: only {owner} may include {library.group(1)}")
                include = re.match(r'\s*#include "([a-z_]+)/', line)
                if not include or include.group(1) not in ALLOWED:
                    continue
                seen += 1
                if include.group(1) not in [module, *allowed]:
                    faults.append(f"{file.relative_to(generator.parent)}:{number}: {module} may not include {include.group(1)}")
    folders = {p.name for p in generator.iterdir() if p.is_dir() and p.name != "docs"}
    faults += [f"generator/{name} has no row in the table" for name in sorted(folders - set(ALLOWED))]
    faults += [f"generator/{owner} does not include {library}" for library, owner in ONE_FILE.items() if owner not in owners]
    if seen < 100:
        faults.append(f"only {seen} includes were found; is the check looking in the right place?")
    print("\n".join(faults) or f"{seen} includes between modules, all allowed")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())

"""The drills' own mutants need the checks: for each check there is a committed one that nothing else catches.

A mutant's record lists every check that failed, in a run with all of them. So a mutant whose list is one check alone is
the proof: take that check away and the list is empty, which is what surviving means (judge.cc, `no check catches`).
tests/checks/ takes each check away and runs specimens of its own without it; this is about what the pages show.
"""
import json
import pathlib
import re
import sys
import unittest

ROOT = pathlib.Path(sys.argv.pop()) if len(sys.argv) > 1 else pathlib.Path(__file__).resolve().parents[2]

# Checks that catch some mutant alone.
ALONE = ["value", "inputs", "rerun", "racecheck", "initcheck", "synccheck"]
# What the engine's memory checker finds also ends the launch, in these words and as a CUDA error of the harness.
MEMORY = {"memcheck", "illegal_address", "misaligned_address", "launch"}
LEAST_MUTANTS = 3
# Checks that no mutant of a drill is for, and why.
ELSEWHERE = {
    "zeros": "it is about a problem's tolerance, not about a solution",
    "leak": "no solution of a drill allocates",
    "poison": "a record does not tell what an output would have held otherwise",
    "fresh": "who remembers one case's data is wrong in the next case already",
}
# Checks of which a test of its own below says what they are needed for.
OWN_TEST = {"memcheck", "launch", "redzone", "bare", "sizes", "distributions", "placements"}


def table():
    """name → kind, of the product's checks."""
    return dict(re.findall(r'^    \{"([a-z-]+)", CheckKind::k(\w+),', (ROOT / "generator/drill/checks.h").read_text(), re.M))


def kind_of(case):
    """As `kind_of` in drills/support/run.h, by a case's name."""
    if case.endswith(("-offset", "-staggered")):
        return "placements"
    return "distributions" if "-" in case else "sizes"


def records():
    out = {}
    for file in sorted(ROOT.glob("drills/*/records/lockstep.json")):
        content = json.loads(file.read_text())
        for record in content["records"] if isinstance(content, dict) else content:
            out[record["id"]] = record
    return out


def failures(record):
    """(check, pass) of every failure that the harness saw."""
    cases = (record["harness"] or {"cases": []})["cases"]
    return {(failure["check"], failure["run"]) for case in cases for failure in case["failures"]}


def failing(record):
    """Names of the cases that failed, of a record in which the profiled case, the last, passed."""
    cases = (record["harness"] or {"cases": []})["cases"]
    return [] if not cases or cases[-1]["failures"] else [case["name"] for case in cases if case["failures"]]


class Teeth(unittest.TestCase):
    def setUp(self):
        self.records = records()
        self.mutants = {k: r for k, r in self.records.items() if r["role"] == "mutant"}

    def test_every_check_of_a_solution_is_looked_at_here_or_elsewhere(self):
        of_solutions = {name for name, kind in table().items() if kind != "Judge"}
        self.assertGreater(len(of_solutions), 10)
        self.assertEqual(of_solutions, {*ALONE, *OWN_TEST, *ELSEWHERE})

    def test_cases_of_each_kind_are_the_only_ones_that_show_some_mutant(self):
        for kind in ("sizes", "distributions", "placements"):
            with self.subTest(kind):
                self.assertTrue([k for k, r in self.mutants.items() if {kind_of(name) for name in failing(r)} == {kind}])

    def test_each_check_alone_catches_some_mutant(self):
        for check in ALONE:
            with self.subTest(check):
                self.assertTrue([k for k, r in self.mutants.items() if r["caught_by"] == [check]],
                                f"no mutant would survive without `{check}`")

    def test_the_memory_checker_alone_catches_some_mutant(self):
        self.assertTrue([k for k, r in self.mutants.items() if r["caught_by"] and set(r["caught_by"]) <= MEMORY])

    def test_red_zones_are_the_only_check_of_the_harness_that_sees_some_mutant_before_memory_is_bare(self):
        # On a GPU no memory checker watches, and the bare run may well end without an error.
        self.assertTrue([k for k, r in self.mutants.items()
                         if {check for check, run in failures(r) if run != "bare"} == {"redzone"}])

    def test_bare_memory_shows_some_mutant_that_no_other_pass_shows(self):
        self.assertTrue([k for k, r in self.mutants.items()
                         if failures(r) and {run for _, run in failures(r)} == {"bare"}])

    def test_every_kill_table_is_full(self):
        for file in sorted(ROOT.glob("drills/*/drill.md")):
            drill = file.parent.name
            block = re.search(r"^mutants:\n((?:  .*\n)*)", file.read_text(), re.M).group(1)
            ids = re.findall(r"^  - id: (\S+)", block, re.M)
            self.assertGreaterEqual(len(ids), LEAST_MUTANTS, drill)
            for one in ids:
                record = self.mutants.get(f"{drill}/mutants/{one}")
                self.assertIsNotNone(record, f"{drill}/mutants/{one} has no record")
                self.assertTrue(record["caught_by"], f"nothing catches {drill}/mutants/{one}")


if __name__ == "__main__":
    unittest.main(verbosity=2)

"""Verdicts of whole drills, with a stand-in for nvcc: programs that write the reports of harness and engine themselves."""
import json
import unittest

from fixture import GUIDE, SiteTest

NVCC = """#!/bin/sh
if [ "$1" = --version ]; then echo 'Cuda compilation tools, release 13.0, V13.0.88'; exit 0; fi
while [ $# -gt 1 ]; do
  case "$1" in -o) out=$2; shift ;; esac
  shift
done
exec g++ -x c++ -o "$out" "$1"
"""
PROGRAM = """#include <cstdio>
#include <cstdlib>
void report(const char* name, const char* text) {
  FILE* file = std::fopen(std::getenv(name), "w");
  std::fputs(text, file);
  std::fclose(file);
}
/* __global__ */
int main() {
  report("DRILL_REPORT", R"(%s)");
  report("DRILLPRESS_FINDINGS", R"({"schema":1,"faults":[],"findings":[],"leaks":[],"refusals":[]})");
  report("DRILLPRESS_COUNTERS", R"({"schema":1,"launches":[]})");
  return %d;
}
"""


def program(passes):
    failure = {"check": "value", "run": "guarded", "buffer": "out", "index": 7, "coordinates": [7], "expected": 12.5, "actual": 0.5,
               "address": 0, "mismatches": 3, "tolerance": 0}
    case = {"name": "16", "elements": 16, "passed": passes, "max_error": 0 if passes else 1, "tolerance": 0,
            "failures": [] if passes else [failure]}
    harness = {"schema": 1, "drill": "doubling", "passed": passes, "seed": 1, "tolerance": {"text": "0"}, "profiled": None, "cases": [case]}
    return PROGRAM % (json.dumps(harness), 0 if passes else 1)


class DrillVerdicts(SiteTest):
    def setUp(self):
        super().setUp()
        self.write("content/guides/first.md", GUIDE)
        self.assertEqual(self.command("new", "drill", "doubling").returncode, 0)
        self.drill = self.root / "drills/doubling"
        page = (self.drill / "drill.md").read_text()
        self.rungs = [self.drill / "rungs/naive.cu", self.drill / "rungs/second.cu"]
        self.mutants = sorted(self.drill.glob("mutants/*.cu"))
        self.starter = self.drill / "starter.cu"
        # Counts need an engine that really counted.
        begin, end = page.index("counts:"), page.index("mutants:")
        second = '  - {id: second, title: "Another", file: rungs/second.cu, prediction: "None.", insight: "None."}\n'
        self.write("drills/doubling/drill.md", page[:begin] + second + page[end:])
        tools = self.folder / "tools"
        tools.mkdir()
        (tools / "nvcc").write_text(NVCC)
        (tools / "nvcc").chmod(0o755)
        self.tools = ("--tools", tools, "--tools", "/usr/bin", "--tools", "/bin")

    def verify(self, wanted, rungs=True, starter=False, mutants=False):
        for paths, passes in ((self.rungs, rungs), ([self.starter], starter), (self.mutants, mutants)):
            for path in paths:
                path.write_text(program(passes))
        done = self.command("verify", *self.tools)
        self.assertEqual(done.returncode, wanted, done.stdout + done.stderr)
        return done.stderr

    def test_a_drill_in_order(self):
        self.assertNotIn("[suspect-reference]", self.verify(0))

    def test_a_starter_that_passes(self):
        self.assertIn("drills/doubling/starter.cu:1:1: error: starter `doubling/starter` passes verification", self.verify(1, starter=True))

    def test_a_reference_that_every_rung_disagrees_with(self):
        said = self.verify(1, rungs=False)
        self.assertIn("[wrong-result]", said)
        self.assertIn("drills/doubling/problem.cuh:1:1: warning: all 2 rungs of `doubling` disagree", said)

    def test_mutants_that_all_survive(self):
        said = self.verify(1, mutants=True)
        self.assertEqual(said.count("[mutant-survives]"), len(self.mutants))
        self.assertIn("drills/doubling/drill.md:", said)
        self.assertIn(f"drills/doubling/problem.cuh:1:1: warning: none of the {len(self.mutants)} mutants of `doubling` is caught", said)
        self.assertIn("[suspect-reference]", said)


if __name__ == "__main__":
    unittest.main(verbosity=2)

"""The recorder as far as it goes without a GPU: a dry run on the lockstep engine, where measuring is refused."""
import json
import os
import shutil
import subprocess
import unittest

from fixture import DRILLPRESS, GUIDE, NVCC, SOURCE, SiteTest

ENGINE = os.path.join(os.path.dirname(DRILLPRESS), "..", "lib", "drillpress")


@unittest.skipUnless(NVCC and shutil.which("cmake"), "nvcc or CMake is not here: nothing can be compiled")
class Recorder(SiteTest):
    def setUp(self):
        super().setUp()
        self.write("content/guides/first.md", GUIDE)
        done = self.run_program("new", "drill", "toy", "--root", self.root)
        self.assertEqual(done.returncode, 0, done.stderr)
        for folder in ("support", "recorder"):
            shutil.copytree(SOURCE / "drills" / folder, self.root / "drills" / folder)
        self.write("drills/toy/measured.cuh", '#include "measured.h"\n\ndrill::Measured drill::measured() {\n'
                   "  return {.which = {{1 << 26}}};\n}\n")
        # It does not compile, and that stops nothing.
        self.write("drills/toy/baselines/none.cu", '#include "no-such-library.h"\n')
        self.recorder = self.folder / "recorder"

    def cmake(self, *words):
        return subprocess.run(["cmake", *map(str, words)], capture_output=True, text=True, timeout=550)

    def ended(self, step):
        return json.loads((self.recorder / "raw" / f"{step}.json").read_text())

    def test_a_dry_run_compiles_and_verifies_and_refuses_to_measure(self):
        done = self.cmake("-S", self.root / "drills/recorder", "-B", self.recorder, f"-DDRY_RUN={os.path.realpath(ENGINE)}")
        self.assertEqual(done.returncode, 0, done.stderr)
        done = self.cmake("--build", self.recorder, "--target", "record", "-j2")
        said = done.stdout + done.stderr
        self.assertEqual(done.returncode, 0, said)
        ok, failed = {"ended": "exit", "status": 0}, {"ended": "exit", "status": 1}
        for program in ("starter", "rungs/naive", "mutants/off-by-one", "mutants/no-bounds-check", "mutants/wrong-factor"):
            self.assertEqual(self.ended(f"runs/toy/{program}/compile"), ok)
        self.assertEqual(self.ended("runs/toy/rungs/naive/run"), ok)
        self.assertEqual(self.ended("runs/toy/starter/run"), failed)
        self.assertEqual(self.ended("runs/toy/mutants/off-by-one/run"), failed)
        report = json.loads((self.recorder / "raw/runs/toy/rungs/naive/harness.json").read_text())
        self.assertTrue(report["passed"])
        self.assertEqual(self.ended("contestants/toy/rung-naive"), ok)
        self.assertNotEqual(self.ended("contestants/toy/baseline-none"), ok)
        self.assertIn("contestants/toy/baseline-none", said)
        # The engine has no notion of time.
        self.assertEqual(self.ended("measured/toy"), {"ended": "exit", "status": 4})
        self.assertIn("nothing is measured on it", (self.recorder / "raw/measured/toy.err").read_text())
        self.assertFalse((self.recorder / "raw/measured/toy.samples.json").exists())
        self.assertEqual((self.recorder / "raw/sources/drills/toy/rungs/naive.cu").read_text(),
                         (self.root / "drills/toy/rungs/naive.cu").read_text())
        done = self.run_program("records", "import", self.recorder / "raw", "--root", self.root)
        self.assertEqual(done.returncode, 3)
        self.assertIn("the recording has no device: it was made with DRY_RUN, on the lockstep engine", done.stderr)


if __name__ == "__main__":
    unittest.main()

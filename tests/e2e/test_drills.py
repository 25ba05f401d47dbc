"""Drills end to end: edit, fail at the line, revert, replay. Needs nvcc; without it only replaying is tested."""
import os
import pathlib
import shutil
import tempfile
import unittest

from fixture import GUIDE, NVCC, SiteTest

KERNEL = "if (i < n) out[i] = 2 * in[i];"


@unittest.skipUnless(NVCC, "nvcc is not here: the drills cannot be compiled")
class Drills(SiteTest):
    """Each test begins with a copy of one site with one drill, `drillpress new drill doubling`, that was built once."""

    @classmethod
    def setUpClass(cls):
        template = SiteTest()
        template.folder = pathlib.Path(tempfile.mkdtemp(prefix="drillpress-e2e-drills-"))
        template.root = template.folder / "site"
        cls.addClassCleanup(shutil.rmtree, template.folder, ignore_errors=True)
        cls.template = template.root
        template.write("content/guides/first.md", GUIDE)
        template.add_harness()
        created = template.command("new", "drill", "doubling")
        cls.first = template.build() if created.returncode == 0 else created

    def setUp(self):
        super().setUp()
        self.assert_built(self.first)
        shutil.copytree(self.template, self.root)
        self.rung = self.root / "drills/doubling/rungs/naive.cu"
        lines = self.rung.read_text().splitlines()
        self.assertEqual(sum(KERNEL in text for text in lines), 1)
        self.line = next(i for i, text in enumerate(lines, 1) if KERNEL in text)

    def broken_nvcc(self):
        """An environment whose nvcc still says its version, but compiles no more. The sandbox's user must reach it too."""
        self.folder.chmod(0o755)
        tools = self.folder / "tools"
        tools.mkdir()
        wrapper = tools / "nvcc"
        wrapper.write_text(f'#!/bin/sh\n[ "$*" = --version ] && exec {NVCC} --version\nexit 97\n')
        wrapper.chmod(0o755)
        return dict(os.environ, PATH=f"{tools}:{os.environ['PATH']}")

    def test_an_operator_changed_and_reverted(self):
        before = self.snapshot()
        self.edit("drills/doubling/rungs/naive.cu", "2 * in[i]", "2 - in[i]")
        done = self.build()
        self.assertEqual(done.returncode, 1, done.stdout + done.stderr)
        self.assertIn(f"drills/doubling/rungs/naive.cu:{self.line}:", done.stderr)
        self.assertIn("expected", done.stderr)
        self.assertEqual(self.snapshot(), before)
        # Reverting must not start the compiler; a change must.
        environment = self.broken_nvcc()
        self.edit("drills/doubling/rungs/naive.cu", "2 - in[i]", "2 * in[i]")
        self.assert_built(self.build(environment=environment))
        self.assertEqual(self.snapshot(), before)
        self.edit("drills/doubling/rungs/naive.cu", "2 * in[i]", "2 + in[i]")
        self.assertIn("[compile-failed]", self.build(environment=environment).stderr)

    def test_verdicts_of_every_role(self):
        entries = [entry for entry in self.ledger().values() if entry["drill"] == "doubling"]
        roles = {role: [e for e in entries if e["role"] == role] for role in ("starter", "rung", "mutant")}
        self.assertEqual({role: len(of_it) for role, of_it in roles.items()}, {"starter": 1, "rung": 1, "mutant": 3})
        for entry in roles["rung"]:
            self.assertEqual(entry["verdict"], "ran_on_engine", entry["id"])
            self.assertEqual(entry["backend"], "engine")
            self.assertTrue(all(c["passed"] for c in entry["checks"]), entry["id"])
        for entry in roles["starter"] + roles["mutant"]:
            self.assertEqual(entry["verdict"], "failed_as_expected", entry["id"])
            self.assertTrue(entry["caught_by"], entry["id"])

    def test_without_nvcc_the_records_are_replayed_or_stale(self):
        recorded = self.command("record")
        self.assertEqual(recorded.returncode, 0, recorded.stderr)
        self.assertTrue((self.root / "drills/doubling/records/lockstep.json").exists())
        no_tools = self.folder / "no-tools"
        no_tools.mkdir()
        without = ("--cache", self.folder / "empty-cache", "--tools", no_tools)
        done = self.build(*without)
        self.assert_built(done)
        self.assertIn("warning", done.stderr)
        self.assertEqual(self.ledger()["doubling/naive"]["verdict"], "replayed")
        self.edit("drills/doubling/rungs/naive.cu", "// [kernel]", "// Changed.\n// [kernel]")
        self.assert_built(self.build(*without))
        self.assertEqual(self.ledger()["doubling/naive"]["verdict"], "stale")

    def test_a_rung_that_reads_out_of_bounds_is_caught_at_its_line(self):
        self.edit("drills/doubling/rungs/naive.cu", "2 * in[i]", "2 * in[i] + 0 * in[i + n]")
        done = self.command("run", "doubling/naive")
        self.assertEqual(done.returncode, 1, done.stdout + done.stderr)
        self.assertIn(f"drills/doubling/rungs/naive.cu:{self.line}:", done.stderr)

    def test_a_new_drill_runs_as_it_is(self):
        done = self.command("run", "doubling")
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)


class CudaSnippets(SiteTest):
    @unittest.skipUnless(NVCC, "nvcc is not here")
    def test_a_snippet_runs_on_the_engine_and_mistakes_are_located(self):
        good = ('```cuda run id=ok\n#include <cstdio>\n__global__ void k(int* p) { p[threadIdx.x] = threadIdx.x * 2; }\n'
                'int main() {\n  int *d, h[4];\n  cudaMalloc(&d, sizeof h);\n  k<<<1, 4>>>(d);\n'
                '  cudaMemcpy(h, d, sizeof h, cudaMemcpyDeviceToHost);\n  std::printf("%d %d\\n", h[1], h[3]);\n}\n```\n\n'
                '```output for=ok\n2 6\n```\n')
        self.write("content/guides/g.md", "---\ntitle: G\n---\n" + good)
        self.assert_built(self.build())
        self.assertEqual(self.ledger()["g#ok"]["verdict"], "ran_on_engine")
        before = self.snapshot()
        bad = good.replace("<<<1, 4>>>", "<<<1, 8>>>").replace("id=ok", "id=bad").replace("for=ok", "for=bad")
        endless = ('```cuda run id=endless timeout=3\n__global__ void spin(volatile int* p) { while (*p >= 0) *p = *p ^ 1; }\nint main() {\n'
                   '  int* d;\n  cudaMalloc(&d, 4);\n  cudaMemset(d, 0, 4);\n  spin<<<1, 1>>>(d);\n  cudaDeviceSynchronize();\n}\n```\n')
        wrong = '```cuda run id=wrong\nint main() { retrun 0; }\n```\n'
        self.write("content/guides/g.md", "---\ntitle: G\n---\n" + good + "\n" + bad + "\n" + endless + "\n" + wrong)
        done = self.build()
        self.assertEqual(done.returncode, 1)
        text = (self.root / "content/guides/g.md").read_text().splitlines()
        kernel = [i for i, t in enumerate(text, 1) if "__global__ void k" in t][1]
        self.assertIn(f"content/guides/g.md:{kernel}:", done.stderr)
        spin = next(i for i, t in enumerate(text, 1) if "id=endless" in t)
        self.assertIn(f"content/guides/g.md:{spin}:1: error", done.stderr)
        typo = next(i for i, t in enumerate(text, 1) if "retrun" in t)
        self.assertIn(f"content/guides/g.md:{typo}:", done.stderr)
        self.assertEqual(self.snapshot(), before)


if __name__ == "__main__":
    unittest.main(verbosity=2)

"""Drills end to end: edit, fail at the line, revert, replay. Needs nvcc; without it only replaying is tested."""
import os
import re
import unittest

from fixture import GUIDE, NVCC, SiteTest


@unittest.skipUnless(NVCC, "nvcc is not here: the drills cannot be compiled")
class Drills(SiteTest):
    def setUp(self):
        super().setUp()
        self.write("content/guides/first.md", GUIDE)
        self.add_drill("vector-add")
        # The cards that the statement links to; what they say is not part of these tests.
        for card in sorted(set(re.findall(r"content/cards/([a-z0-9-]+)\.md", self.statement()) + self.listed_cards())):
            self.write(f"content/cards/{card}.md", self.stub(card))

    def statement(self):
        return (self.root / "drills/vector-add/drill.md").read_text()

    def listed_cards(self):
        listed = re.search(r"^cards: \[(.*)\]$", self.statement(), re.M)
        return [card.strip() for card in listed.group(1).split(",")] if listed else []

    @staticmethod
    def stub(name):
        parts = ("Why they ask", "In sixty seconds", "In depth", "What a strong answer shows", "What sinks a weak one", "Follow-ups")
        return f"---\ntitle: {name}\nquestion: Why?\narea: CUDA\n---\n" + "".join(f"## {p}\n\nText.\n\n" for p in parts)

    def replaceable_nvcc(self):
        """An environment whose nvcc is ours, and that file. The sandbox's user must reach it too."""
        self.folder.chmod(0o755)
        tools = self.folder / "tools"
        tools.mkdir()
        wrapper = tools / "nvcc"
        wrapper.write_text(f'#!/bin/sh\nexec {NVCC} "$@"\n')
        wrapper.chmod(0o755)
        environment = dict(os.environ)
        environment["PATH"] = f"{tools}:{environment['PATH']}"
        return environment, wrapper

    def test_an_operator_changed_and_reverted(self):
        environment, nvcc = self.replaceable_nvcc()
        self.assert_built(self.build(environment=environment, timeout=550))
        before = self.snapshot()
        rung = self.root / "drills/vector-add/rungs/naive.cu"
        good = rung.read_text()
        self.assertEqual(good.count("a[i] + b[i]"), 1)
        rung.write_text(good.replace("a[i] + b[i]", "a[i] - b[i]"))
        line = next(i for i, text in enumerate(good.splitlines(), 1) if "a[i] + b[i]" in text)
        done = self.build(environment=environment)
        self.assertEqual(done.returncode, 1, done.stdout + done.stderr)
        self.assertIn(f"drills/vector-add/rungs/naive.cu:{line}:", done.stderr)
        self.assertIn("expected", done.stderr)
        self.assertEqual(self.snapshot(), before)
        rung.write_text(good)
        # It still says its version, but compiles no more: reverting must not start it.
        nvcc.write_text(f'#!/bin/sh\n[ "$*" = --version ] && exec {NVCC} --version\nexit 97\n')
        self.assert_built(self.build(environment=environment))
        self.assertEqual(self.snapshot(), before)

    def test_verdicts_of_every_role(self):
        self.assert_built(self.build(timeout=550))
        ledger = {k: v for k, v in self.ledger().items() if v["drill"] == "vector-add"}
        roles = {role: [v for v in ledger.values() if v["role"] == role] for role in ("starter", "rung", "mutant")}
        self.assertEqual(len(roles["starter"]), 1)
        self.assertGreaterEqual(len(roles["rung"]), 3)
        self.assertGreaterEqual(len(roles["mutant"]), 3)
        for entry in roles["rung"]:
            self.assertEqual(entry["verdict"], "ran_on_engine", entry["id"])
            self.assertEqual(entry["backend"], "engine")
            self.assertTrue(all(c["passed"] for c in entry["checks"]), entry["id"])
        for entry in roles["starter"] + roles["mutant"]:
            self.assertEqual(entry["verdict"], "failed_as_expected", entry["id"])
            self.assertTrue(entry["caught_by"], entry["id"])

    def test_without_nvcc_the_records_are_replayed_or_stale(self):
        self.assert_built(self.build(timeout=550))
        recorded = self.command("record")
        self.assertEqual(recorded.returncode, 0, recorded.stderr)
        self.assertTrue((self.root / "drills/vector-add/records/lockstep.json").exists())
        no_tools = self.folder / "no-tools"
        no_tools.mkdir()
        without = ("--cache", self.folder / "empty-cache", "--tools", no_tools)
        done = self.build(*without)
        self.assert_built(done)
        self.assertIn("warning", done.stderr)
        rung = self.ledger()["vector-add/naive"]
        self.assertEqual(rung["verdict"], "replayed")
        self.edit("drills/vector-add/rungs/naive.cu", "// [kernel]", "// Changed.\n// [kernel]")
        self.assert_built(self.build(*without))
        self.assertEqual(self.ledger()["vector-add/naive"]["verdict"], "stale")

    def test_a_rung_that_reads_out_of_bounds_is_caught_at_its_line(self):
        rung = self.root / "drills/vector-add/rungs/naive.cu"
        text = rung.read_text()
        line = next(i for i, t in enumerate(text.splitlines(), 1) if "a[i] + b[i]" in t)
        rung.write_text(text.replace("a[i] + b[i]", "a[i] + b[i] + 0 * a[i + n]"))
        done = self.command("run", "vector-add/naive")
        self.assertEqual(done.returncode, 1, done.stdout + done.stderr)
        self.assertIn(f"drills/vector-add/rungs/naive.cu:{line}:", done.stderr)

    def test_a_new_drill_runs_as_it_is(self):
        self.assertEqual(self.command("new", "drill", "doubling").returncode, 0)
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
        endless = ('```cuda run id=endless timeout=3\n__global__ void spin(volatile int* p) { while (*p == 0) {} }\nint main() {\n'
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

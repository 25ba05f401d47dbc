"""Records of GPUs, end to end: a made-up recording of a made-up device is imported and shown. No number here was measured."""
import json
import random
import re
import shutil
import unittest

from fixture import GUIDE, SiteTest

DEVICE = {"capability": "9.0", "driver": "1.2.3", "ecc": True, "host_cpu": "A processor", "l2_bytes": 1 << 20, "memory_bus_bits": 64,
          "memory_bytes": 1 << 30, "memory_clock_khz": 1000000, "multiprocessors": 4, "name": "NVIDIA Test 1", "nvml": True,
          "runtime": 13000, "sm_clock_khz": 1000000}
CASES = [{"elements": 4, "failures": [], "max_error": 0, "name": "4", "passed": True, "tolerance": 0}]
HARNESS = {"cases": CASES, "drill": "toy", "passed": True, "profiled": None, "schema": 1, "seed": 1, "tolerance": {"text": "0"}}
CLOCKS = {"least_celsius": 40, "least_sm_mhz": 990, "most_celsius": 45, "most_sm_mhz": 1000, "other_reasons": [], "readings": 9,
          "throttle_reasons": []}


class Devices(SiteTest):
    def setUp(self):
        super().setUp()
        self.write("content/guides/first.md", GUIDE)
        done = self.run_program("new", "drill", "toy", "--root", self.root)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.edit("drills/toy/drill.md", "counts:", '  - {id: fast, title: "Another rung", file: rungs/fast.cu}\ncounts:')
        self.edit("drills/toy/drill.md", "One rung so far.",
                  "It takes {{ run naive gpu.median_us as 1 decimal }} µs, "
                  "{{ run naive gpu.test-1.of_copy as percent }} of a copy; fast is faster. "
                  "{{ claim fast gpu.median_us < naive gpu.median_us }}")
        self.write("drills/toy/rungs/fast.cu", (self.root / "drills/toy/rungs/naive.cu").read_text() + "// fast\n")
        self.write("drills/toy/measured.cuh", '#include "measured.h"\n')
        self.write("drills/recorder/measure.cu", "// how it is timed\n")
        self.write("drills/recorder/flags.txt", "-std=c++20\n")
        self.raw = self.folder / "raw"
        (self.folder / "no-tools").mkdir()
        self.record({"naive": 1500.0, "fast": 1200.0, "device-copy": 900.0})

    def raw_file(self, path, content):
        file = self.raw / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(content if isinstance(content, str) else json.dumps(content))

    def record(self, microseconds, share=0.002, reasons=(), **facts):
        """What drills/recorder would leave."""
        shutil.rmtree(self.raw, ignore_errors=True)
        shutil.copytree(self.root / "drills", self.raw / "sources/drills")
        self.raw_file("recorder.json", {"clean": True, "date": "2026-01-31", "dry_run": False, "revision": "0123456789abcdef",
                                        "sanitizer": "2025.3", "schema": 1, "toolkit": "13.0.88"} | facts)
        for program in ["starter", "rungs/naive", "rungs/fast", "mutants/off-by-one", "mutants/no-bounds-check", "mutants/wrong-factor"]:
            good = program.startswith("rungs/")
            self.raw_file(f"runs/toy/{program}/compile.json", {"ended": "exit", "status": 0})
            self.raw_file(f"runs/toy/{program}/run.json", {"ended": "exit", "status": 0 if good else 1})
            failure = {"actual": 0, "address": 1, "buffer": "out", "check": "value", "coordinates": [3], "expected": 1, "index": 3,
                       "mismatches": 1, "run": "guarded", "tolerance": 0}
            failed = HARNESS | {"passed": False, "cases": [CASES[0] | {"passed": False, "failures": [failure]}]}
            self.raw_file(f"runs/toy/{program}/harness.json", HARNESS if good else failed)
            self.raw_file(f"runs/toy/{program}/run.out", "drill toy: 1 case passed\n" if good else "drill toy: 1 of 1 case failed\n")
            if good:
                self.raw_file(f"runs/toy/{program}/memcheck.json", {"ended": "exit", "status": 0})
                self.raw_file(f"runs/toy/{program}/memcheck.out", "drill toy: 1 case passed\n========= ERROR SUMMARY: 0 errors\n")
        noise, series = random.Random(1), []
        for name, median in microseconds.items():
            for cold in (True, False):
                values = [round(1e3 * (median if cold else 0.9 * median) * (1 + share * noise.gauss(0, 1))) for _ in range(800)]
                series.append({"clocks": CLOCKS | {"throttle_reasons": list(reasons)}, "cold": cold, "contestant": name,
                               "samples_ns": values, "stopped": "precision"})
        contestants = [{"kind": "baseline" if n == "device-copy" else "rung", "name": n, "problem": ""} for n in microseconds]
        self.raw_file("measured/toy.samples.json",
                      {"arithmetic": "cuda_cores", "bytes_read": 1 << 22, "bytes_written": 1 << 22, "case": "1048576",
                       "contestants": contestants, "device": DEVICE, "drill": "toy", "operations": 1 << 20, "schema": 1,
                       "seed": 24301, "series": series, "working_set_bytes": 1 << 23})

    def take_in(self, *arguments):
        return self.run_program("records", "import", self.raw, "--root", self.root, *arguments)

    def page(self):
        self.assert_built(self.build("--tools", self.folder / "no-tools"))
        return (self.public("drills/toy.html")).read_text()

    def text(self):
        return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", "", self.page()))

    def test_a_recording_becomes_records_and_pages(self):
        text = self.text()
        self.assertIn("Not measured: there is no record of a GPU for this drill.", text)
        self.assertIn("not yet measured", text)
        done = self.take_in()
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(done.stdout, "wrote drills/toy/records/test-1.json\n")
        text = self.text()
        for expected in ["NVIDIA Test 1", "31 January 2026", "800 samples", "stable", "1.25 × faster", "device copy",
                         "0123456789ab", "990 to 1000 MHz", "memcheck clean", "failed: value", "of 0.02 TB/s",
                         "Samples of Another rung on NVIDIA Test 1, cold", "Median times on NVIDIA Test 1", "the device needs"]:
            self.assertIn(expected, text)
        self.assertNotIn("Not measured", text)
        self.assertNotIn("not yet measured", text)
        self.assertRegex(text, r"It takes 1,500\.\d µs, (59|60)(\.\d+)? % of a copy")
        claims = json.loads(self.public("ledger.json").read_text())["claims"]
        self.assertEqual([c["standing"] for c in claims], ["holds"])

    def test_the_same_recording_gives_the_same_bytes_and_several_devices_stand_side_by_side(self):
        self.assertEqual(self.take_in().returncode, 0)
        first = (self.root / "drills/toy/records/test-1.json").read_bytes()
        self.assertEqual(self.take_in().returncode, 0)
        self.assertEqual((self.root / "drills/toy/records/test-1.json").read_bytes(), first)
        self.record({"naive": 700.0, "fast": 600.0, "device-copy": 590.0}, date="2026-02-01")
        self.assertEqual(self.take_in("--device", "other").returncode, 0)
        text = self.text()
        self.assertIn("31 January 2026", text)
        self.assertIn("1 February 2026", text)
        self.assertIn("It takes 700.", text.replace("699.", "700."))  # of the newest record

    def test_what_is_not_to_be_compared_is_not_compared(self):
        self.record({"naive": 1500.0, "fast": 1200.0, "device-copy": 900.0}, reasons=["hw_slowdown"])
        self.assertEqual(self.take_in().returncode, 0)
        text = self.text()
        self.assertIn("the clock was lowered, or the times drifted", text)
        self.assertIn("not comparable", text)
        self.assertIn("not yet measured", text)
        # Twice as fast as the memory of the device allows.
        self.record({"naive": 260.0, "fast": 1200.0, "device-copy": 900.0})
        self.assertEqual(self.take_in().returncode, 0)
        self.assertIn("rejected: faster than the device can be", self.text())

    def test_intervals_that_touch_show_no_difference(self):
        self.edit("drills/toy/drill.md", "{{ claim fast gpu.median_us < naive gpu.median_us }}", "")
        self.record({"naive": 1500.0, "fast": 1499.9, "device-copy": 900.0})
        self.assertEqual(self.take_in().returncode, 0)
        self.assertIn("no difference shown", self.text())

    def test_a_false_claim_about_times_fails_the_build(self):
        self.record({"naive": 1200.0, "fast": 1500.0, "device-copy": 900.0})
        self.assertEqual(self.take_in().returncode, 0)
        done = self.build("--tools", self.folder / "no-tools")
        self.assertEqual(done.returncode, 1)
        self.assertIn("this claim is false", done.stderr)

    def test_changed_sources_make_it_stale_by_name(self):
        self.assertEqual(self.take_in().returncode, 0)
        self.write("drills/recorder/flags.txt", "-O0\n")
        text = self.text()
        self.assertIn("stale: flags changed since", text)
        self.assertIn("not yet measured", text)
        done = self.take_in()
        self.assertEqual(done.returncode, 1)
        self.assertIn("this is not what was recorded; changed: flags [import-refused]", done.stderr)

    def test_a_dry_run_of_the_recorder_has_no_device(self):
        self.raw_file("recorder.json", {"date": "2026-01-31", "dry_run": True, "schema": 1})
        done = self.take_in()
        self.assertEqual(done.returncode, 3)
        self.assertIn("the recording has no device", done.stderr)
        self.assertFalse((self.root / "drills/toy/records").exists())

    def test_a_tampered_record_counts_as_absent_and_says_so(self):
        self.assertEqual(self.take_in().returncode, 0)
        self.edit("drills/toy/records/test-1.json", '"name": "NVIDIA Test 1"', '"name": "NVIDIA Best 1"')
        done = self.command("check")
        self.assertEqual(done.returncode, 1)
        self.assertRegex(done.stderr, r"drills/toy/records/test-1\.json:\d+:\d+: error: the record is damaged: its checksum")
        # Importing again is the cure.
        self.assertEqual(self.take_in().returncode, 0)
        self.assertEqual(self.command("check").returncode, 0)


if __name__ == "__main__":
    unittest.main()

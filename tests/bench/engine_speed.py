#!/usr/bin/env python3
"""Lane instructions per second of the engine on the kernels of engine_speed.cu, beside the same algorithms that g++
compiled for this machine. All figures of one table come from one run; only ratios mean anything elsewhere.

    engine_speed.py BUILD_DIR [--nvcc NVCC] [--rounds N] [--work DIR] [--only KERNEL]

The configurations of a kernel take turns, and each figure is the fastest launch of all rounds: cores that are shared with
strangers are slower for seconds at a time, and what is compared must have met them at their best.

Exit status 1: a goal is missed (checks on: 0.5 G lane instructions/s a core, off: 1.0; two threads: 1.8 times one;
a launch from process start to end: 30 ms; memory: the program's own and a quarter with memcheck). They are goals for a machine that does nothing else meanwhile."""
import argparse
import json
import os
import pathlib
import shutil
import statistics
import subprocess
import sys
import time

HERE = pathlib.Path(__file__).resolve().parent
# Launches in a round: some tenths of a second.
KERNELS = {"vector_add": 30, "matmul_naive": 2, "matmul_tiled": 2, "reduce_shuffle": 100, "softmax": 15}
CHECKED, UNCHECKED, ALL = "memcheck,synccheck", "none", "all"


def build(nvcc, work):
    common = ["-std=c++17", "-O2", str(HERE / "engine_speed.cu")]
    subprocess.run([nvcc, "-cudart", "shared", "-gencode", "arch=compute_90,code=compute_90", "-lineinfo", *common,
                    "-o", work / "engine_speed"], check=True)
    subprocess.run(["g++", "-std=c++17", "-O2", "-march=native", HERE / "engine_speed_host.cc", "-o",
                    work / "engine_speed_host"], check=True)
    (work / "fill.cu").write_text(FILL)
    subprocess.run([nvcc, "-cudart", "shared", "-gencode", "arch=compute_90,code=compute_90", work / "fill.cu", "-o",
                    work / "fill"], check=True)
    (work / "empty.cu").write_text("int main() { return cudaFree(nullptr); }\n")
    subprocess.run([nvcc, "-cudart", "shared", "-gencode", "arch=compute_90,code=compute_90", work / "empty.cu", "-o",
                    work / "empty"], check=True)


def run(library, program, threads, checks, counters=None):
    environment = {**os.environ, "LD_LIBRARY_PATH": str(library), "DRILLPRESS_THREADS": str(threads),
                   "DRILLPRESS_CHECK": checks}
    if counters:
        environment["DRILLPRESS_COUNTERS"] = str(counters)
    return subprocess.run(program, env=environment, check=True, capture_output=True, text=True).stdout


MEMORY_MB = 256
FILL = """#include <cstdio>
#include <cstring>
__global__ void fill(float* p, int n) { int i = blockIdx.x * blockDim.x + threadIdx.x; if (i < n) p[i] = i; }
int main() {
  const int n = %d << 18;
  float* device;
  if (cudaMalloc(&device, n * 4ull) != cudaSuccess) return 1;
  fill<<<n / 256, 256>>>(device, n);
  if (cudaDeviceSynchronize() != cudaSuccess) return 1;
  char line[256];
  FILE* status = fopen("/proc/self/status", "r");
  while (fgets(line, sizeof line, status)) if (!strncmp(line, "VmHWM:", 6)) fputs(line, stdout);
}
""" % MEMORY_MB


def start_up_ms(library, work):
    def once():
        begin = time.perf_counter()
        run(library, [work / "empty"], 1, CHECKED)
        return (time.perf_counter() - begin) * 1e3

    return statistics.median(once() for _ in range(15))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("build", type=pathlib.Path)
    parser.add_argument("--nvcc", default=shutil.which("nvcc") or "/usr/local/cuda/bin/nvcc")
    parser.add_argument("--rounds", type=int, default=12)
    parser.add_argument("--only", choices=KERNELS, action="append")
    parser.add_argument("--work", type=pathlib.Path)
    options = parser.parse_args()
    work = options.work or options.build / "bench"
    work.mkdir(parents=True, exist_ok=True)
    library = options.build / "lib" / "drillpress"
    build(options.nvcc, work)
    missed = []

    print(f"{'kernel':<16}{'lane instr.':>12}  {'G lane instructions/s: checked':>31}{'unchecked':>11}{'all checks':>12}"
          f"{'2 threads':>11}{'native is':>11}")
    for kernel in options.only or KERNELS:
        repeats = str(KERNELS[kernel])
        program, host = [work / "engine_speed", kernel, repeats], [work / "engine_speed_host", kernel, repeats]
        counters = work / "counters.json"
        ways = {
            "checked": lambda: run(library, program, 1, CHECKED, counters),
            "two": lambda: run(library, program, 2, CHECKED, counters),
            "unchecked": lambda: run(library, program, 1, UNCHECKED),
            "native": lambda: subprocess.run(host, check=True, capture_output=True, text=True).stdout,
        }
        ns = {name: min(taken) for name, taken in zip(ways, zip(*[[int(way()) for way in ways.values()]
                                                                  for _ in range(options.rounds)]))}
        checked, two, unchecked, native = ns["checked"], ns["two"], ns["unchecked"], ns["native"]
        everything = int(run(library, [*program[:2], "1"], 1, ALL))
        lanes = json.loads(counters.read_text())["launches"][0]["counters"]["lane_instructions"]
        speedup = checked / two
        print(f"{kernel:<16}{lanes / 1e6:>10.1f} M  {lanes / checked:>31.2f}{lanes / unchecked:>11.2f}"
              f"{lanes / everything:>12.3f}{speedup:>10.2f}x{checked / native:>10.0f}x")
        if lanes / checked < 0.5:
            missed.append(f"{kernel}: {lanes / checked:.2f} G/s with checks, goal 0.5")
        if lanes / unchecked < 1.0:
            missed.append(f"{kernel}: {lanes / unchecked:.2f} G/s without checks, goal 1.0")
        if speedup < 1.8:
            missed.append(f"{kernel}: two threads are {speedup:.2f} times one, goal 1.8")
    start = start_up_ms(library, work)
    print(f"from start to end of a program that only asks for the device: {start:.1f} ms (goal: under 30)")
    if start >= 30:
        missed.append(f"start-up: {start:.1f} ms, goal 30")
    peak_mb = int(run(library, [work / "fill"], 1, CHECKED).split()[1]) / 1024
    print(f"peak memory of a program with {MEMORY_MB} MiB on the device, with memcheck: {peak_mb:.0f} MiB, "
          f"{peak_mb / MEMORY_MB:.2f} times its own (goal: 1.25)")
    if peak_mb > 1.25 * MEMORY_MB:
        missed.append(f"memory: {peak_mb / MEMORY_MB:.2f} times the program's own, goal 1.25")
    for line in missed:
        print("missed:", line)
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())

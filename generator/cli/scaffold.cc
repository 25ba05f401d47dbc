#include "cli/scaffold.h"

#include "base/text.h"

namespace drillpress::cli {
namespace {

struct Row {
  model::PageKind kind;
  std::string_view path, text;  // %SLUG% and %TITLE% stand for the name
};

constexpr std::string_view kGuide = R"(---
title: "%TITLE%"
description: "One sentence that says what this guide prepares for."
date: 2026-01-01
summary:
  - "The guide in up to five sentences, each one standing for itself."
audience: "Who should read it."
---
## How the process goes

What happens, in order; put the evidence right after each claim {{ evidence reported 2026-01 "candidates" }}.
)";

constexpr std::string_view kCard = R"(---
title: "%TITLE%"
question: "The whole question, as it is asked?"
area: GPU programming
level: [mid, senior]
difficulty: medium
description: "One sentence for lists."
---
## Why they ask

What the interviewer learns from the answer.

## In sixty seconds

The answer that can be given without a whiteboard.

## In depth

The derivation. Code that answers the question runs:

```cpp run id=example
#include <cstdio>
int main() { std::printf("%d\n", 6 * 7); }
```

```output for=example
42
```

## What a strong answer shows

- What to listen for.

## What sinks a weak one

- What gives it away.

## Follow-ups

- The next question, and where it leads.
)";

constexpr std::string_view kChecklist = R"(---
title: "%TITLE%"
description: "One sentence that says when to go through it."
---
## Before

- [ ] Something to do, in one line {#first-item}
- [ ] The next thing {#second-item}
)";

constexpr std::string_view kPage = R"(---
title: "%TITLE%"
description: "One sentence for lists."
---
## A heading

Text.
)";

constexpr std::string_view kScorecard = R"(---
title: "%TITLE%"
description: "One sentence that says what it is for."
time: "10 minutes"
use: "once a week"
tables:
  - id: work
    title: "Your work"
    columns:
      - {id: depth, label: "Depth", kind: number, hint: "0 to 3"}
      - {id: vision, label: "Vision", kind: number, hint: "0 to 3"}
      - {id: product, label: "Product", kind: formula, formula: depth * vision}
    rows:
      - {id: first, label: "1"}
      - {id: second, label: "2"}
    results:
      - {id: mean, label: "Mean product", formula: mean(product), decimals: 1}
---
## Reading it

What a low result means, and what to do next.
)";

constexpr std::string_view kDrill = R"(---
title: "%TITLE%"
description: "Double every element of an array."
difficulty: easy
minutes: 10
predict: "How many 32-byte sectors does one warp's load touch?"
starter: {file: starter.cu}
rungs:
  - id: naive
    title: "One thread an element"
    file: rungs/naive.cu
    prediction: "Four sectors: 32 neighbouring floats are 128 bytes."
    insight: "Neighbouring threads read neighbouring floats."
counts:
  - {rung: naive, metric: global_load_sectors_per_request, is: "== 4", because: "32 lanes × 4 bytes = 128 bytes = 4 sectors"}
mutants:
  - {id: off-by-one, title: "Leaves out the last element", file: mutants/off-by-one.cu, caught_by: value}
  - {id: no-bounds-check, title: "Writes past the end", file: mutants/no-bounds-check.cu, caught_by: memcheck}
  - {id: wrong-factor, title: "Adds two instead of doubling", file: mutants/wrong-factor.cu, caught_by: value}
tips:
  - "A thread's element is `blockIdx.x * blockDim.x + threadIdx.x`."
---
## The task

Write a kernel that doubles every element.

## What you start from

A kernel that does nothing yet.

## The ladder

One rung so far.

## What to say in the interview

Name the access pattern first.

## Follow-ups

- What changes when the array is not aligned?
)";

constexpr std::string_view kProblem = R"(/// Doubling in float32.
#pragma once

#include "drill.h"

/// out[i] = 2 in[i] for 0 <= i < n. Device pointers; n may be 0.
void solve(const float* in, float* out, int n);

drill::Problem drill::problem() {
  return {
      .name = "%SLUG%",
      .tolerance = "none: doubling a float32 is exact",
      .cases = vector_cases(),
      .profiled = {{1 << 16}},
      .define =
          [](Experiment& e) {
            const std::size_t n = e.count();
            const auto in = e.input<float>("in", {n});
            const auto out = e.output<float>("out", {n}, [=](std::size_t i) { return Expected{2 * double{in[i]}, 0}; });
            e.cost = {.bytes_read = 4 * n, .bytes_written = 4 * n, .operations = n};
            e.launch([=] { solve(in.device(), out.device(), static_cast<int>(n)); });
          },
  };
}
)";

// The kernel's body is what the starter, the rung and the mutants differ in.
std::string program(std::string_view body) {
  constexpr std::string_view kProgram = R"(#include "problem.cuh"

// [kernel]
__global__ void twice(const float* in, float* out, int n) {
%BODY%}
// [/kernel]

void solve(const float* in, float* out, int n) {
  constexpr int kThreads = 256;
  const int blocks = (n + kThreads - 1) / kThreads;
  if (blocks > 0) twice<<<blocks, kThreads>>>(in, out, n);
}
)";
  return base::replace_all(std::string(kProgram), "%BODY%", body);
}

constexpr std::string_view kIndex =
    "  const int i = static_cast<int>(blockIdx.x * blockDim.x + threadIdx.x);\n";

std::vector<ScaffoldFile> drill_programs(const std::string& folder) {
  const auto with_index = [](std::string_view line) {
    return program(std::string(kIndex) + std::string(line));
  };
  return {
      {folder + "/starter.cu", program("  // Give this thread its element, and double it.\n")},
      {folder + "/rungs/naive.cu", with_index("  if (i < n) out[i] = 2 * in[i];\n")},
      {folder + "/mutants/off-by-one.cu", with_index("  if (i < n - 1) out[i] = 2 * in[i];\n")},
      {folder + "/mutants/no-bounds-check.cu", with_index("  out[i] = 2 * in[i];\n")},
      {folder + "/mutants/wrong-factor.cu", with_index("  if (i < n) out[i] = 2 + in[i];\n")},
  };
}

constexpr Row kRows[] = {
    {model::PageKind::kGuide, "content/guides/%SLUG%.md", kGuide},
    {model::PageKind::kCard, "content/cards/%SLUG%.md", kCard},
    {model::PageKind::kChecklist, "content/checklists/%SLUG%.md", kChecklist},
    {model::PageKind::kPage, "content/pages/%SLUG%.md", kPage},
    {model::PageKind::kScorecard, "content/scorecards/%SLUG%.md", kScorecard},
    {model::PageKind::kDrill, "drills/%SLUG%/drill.md", kDrill},
    {model::PageKind::kDrill, "drills/%SLUG%/problem.cuh", kProblem},
};

}  // namespace

std::vector<ScaffoldFile> scaffold(model::PageKind kind, std::string_view slug) {
  std::string title = base::replace_all(std::string(slug), "-", " ");
  title[0] = static_cast<char>(std::toupper(static_cast<unsigned char>(title[0])));
  const auto filled = [&](std::string_view text) {
    return base::replace_all(base::replace_all(std::string(text), "%SLUG%", slug), "%TITLE%", title);
  };
  std::vector<ScaffoldFile> files;
  for (const Row& row : kRows) {
    if (row.kind == kind) files.push_back({filled(row.path), filled(row.text)});
  }
  if (kind == model::PageKind::kDrill) {
    for (ScaffoldFile& file : drill_programs("drills/" + std::string(slug))) files.push_back(std::move(file));
  }
  return files;
}

}  // namespace drillpress::cli

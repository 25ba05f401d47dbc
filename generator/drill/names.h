// The words by which enumerators appear in records and diagnostics: one table per enumeration.
#pragma once

#include <optional>
#include <string_view>

#include "drill/device_record.h"
#include "drill/record.h"
#include "drill/spec.h"

namespace drillpress::drill {

template <typename Enum>
struct Named {
  Enum value;
  std::string_view name;
};

inline constexpr Named<Role> kRoles[] = {{Role::kSnippet, "snippet"},
                                         {Role::kRung, "rung"},
                                         {Role::kStarter, "starter"},
                                         {Role::kMutant, "mutant"}};

inline constexpr Named<Mode> kModes[] = {{Mode::kRun, "run"},
                                         {Mode::kCompile, "compile"},
                                         {Mode::kShouldFail, "should_fail"},
                                         {Mode::kCompileFail, "compile_fail"}};

inline constexpr Named<Match> kMatches[] = {
    {Match::kExact, "exact"}, {Match::kGlob, "glob"}, {Match::kNumber, "number"}};

inline constexpr Named<Comparison> kComparisons[] = {{Comparison::kEqual, "=="},
                                                     {Comparison::kLess, "<"},
                                                     {Comparison::kAtMost, "<="},
                                                     {Comparison::kGreater, ">"},
                                                     {Comparison::kAtLeast, ">="}};

inline constexpr Named<Expectation::Kind> kExpectations[] = {{Expectation::Kind::kNone, "none"},
                                                             {Expectation::Kind::kOutput, "output"},
                                                             {Expectation::Kind::kHarness, "harness"}};

inline constexpr Named<Verdict> kVerdicts[] = {{Verdict::kRanOnGpu, "ran_on_gpu"},
                                               {Verdict::kRanOnEngine, "ran_on_engine"},
                                               {Verdict::kRanOnHost, "ran_on_host"},
                                               {Verdict::kReplayed, "replayed"},
                                               {Verdict::kCompiledOnly, "compiled_only"},
                                               {Verdict::kStale, "stale"},
                                               {Verdict::kFailedAsExpected, "failed_as_expected"},
                                               {Verdict::kSkipped, "skipped"},
                                               {Verdict::kFailed, "failed"}};

inline constexpr Named<Backend> kBackends[] = {
    {Backend::kHost, "host"}, {Backend::kEngine, "engine"}, {Backend::kGpu, "gpu"}};

inline constexpr Named<ToolOutcome> kToolOutcomes[] = {
    {ToolOutcome::kClean, "clean"}, {ToolOutcome::kFindings, "findings"}, {ToolOutcome::kNotRun, "not_run"}};

inline constexpr Named<Arithmetic> kArithmetics[] = {{Arithmetic::kCudaCores, "cuda_cores"},
                                                     {Arithmetic::kTensorCores, "tensor_cores"}};

template <typename Enum, std::size_t N>
constexpr std::string_view name_in(const Named<Enum> (&table)[N], Enum value) {
  for (const Named<Enum>& row : table) {
    if (row.value == value) return row.name;
  }
  return {};
}

template <typename Enum, std::size_t N>
constexpr std::optional<Enum> find_in(const Named<Enum> (&table)[N], std::string_view name) {
  for (const Named<Enum>& row : table) {
    if (row.name == name) return row.value;
  }
  return std::nullopt;
}

}  // namespace drillpress::drill

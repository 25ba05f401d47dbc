#include "drill/judge.h"

#include <fmt/format.h>
#include <signal.h>

#include <algorithm>

#include "base/text.h"
#include "drill/findings.h"
#include "drill/matching.h"
#include "drill/metrics.h"

namespace drillpress::drill {
namespace {

using diagnostics::Code;
using diagnostics::Diagnostic;
using diagnostics::Severity;

void fail(Judgement& judgement, Diagnostic diagnostic) {
  judgement.record.verdict = Verdict::kFailed;
  judgement.diagnostics.push_back(std::move(diagnostic));
}

void check(Judgement& judgement, std::string name, bool passed, std::string detail = {}) {
  judgement.record.checks.push_back({std::move(name), passed, std::move(detail)});
}

// "rung `transpose/tiled`"
std::string title(const Program& program) {
  return fmt::format("{} `{}`", name_of(program.role), program.id);
}

std::string on_backend(Backend backend) {
  return backend == Backend::kGpu ? " on the GPU" : "";
}

base::Span first_of(const base::Span& preferred, const base::Span& otherwise) {
  return preferred.source ? preferred : otherwise;
}

// What a program or a compiler wrote as it can stand in a page, a record and a terminal: bytes that are no
// UTF-8 become U+FFFD, control characters the pictures of themselves (U+2400 on), so that nothing is hidden.
std::string shown_text(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const std::size_t good = base::find_invalid_utf8(text).value_or(text.size());
    for (const char c : text.substr(0, good)) {
      const auto code = static_cast<unsigned char>(c);
      if (code == 0x7F) {
        out += "\u2421";
      } else if (code < 0x20 && c != '\n' && c != '\t') {
        out += {'\xE2', '\x90', static_cast<char>(0x80 + code)};
      } else {
        out += c;
      }
    }
    if (good == text.size()) break;
    out += "\xEF\xBF\xBD";
    text.remove_prefix(good + 1);
  }
  return out;
}

// The kernel's first line: where a wrong result is shown when nobody knows the line that stored it.
CodePlace first_kernel_line(const Program& program) {
  const auto lines = base::split_lines(program.code);
  for (std::size_t i = 0; i < lines.size(); ++i) {
    if (lines[i].find("__global__") != std::string_view::npos) return {"", static_cast<std::uint32_t>(i + 1)};
  }
  return {};
}

// The last lines of standard error, as a note.
void add_error_output(const Run& run, const base::Span& span, Diagnostic& diagnostic) {
  constexpr std::size_t kShown = 6;
  const auto lines = base::split_lines(run.process.err);
  std::string text;
  for (std::size_t i = lines.size() > kShown ? lines.size() - kShown : 0; i < lines.size(); ++i) {
    text += "\n  " + shown_text(lines[i]);
  }
  if (!text.empty()) diagnostic.notes.push_back({span, "the program wrote on standard error:" + text});
}

// As a shell counts: 128 and the signal's number.
int exit_status(const system::ProcessOutcome& process) {
  return process.signal != 0 ? 128 + process.signal : process.exit_code;
}

bool stopped_for_time(const Run& run) {
  return run.process.exceeded == system::Limit::kTime || run.process.signal == SIGXCPU ||
         run.engine.timed_out;
}

void judge_time(const Program& program, const Run& run, const PlaceMap& places, Judgement& judgement) {
  if (!stopped_for_time(run)) return;
  Diagnostic diagnostic{
      .code = Code::kProgramTimeout,
      .span = places.whole_program(),
      .message = fmt::format("{} did not end within {} s{}", title(program), program.timeout_s,
                             on_backend(run.backend)),
      .help = "a loop may never end, or threads wait for each other; raise the time limit if it is right"};
  for (const Finding& finding : run.engine.findings) {
    if (finding.checker == "fault") diagnostic.notes.push_back({places.span(finding.place), finding.message});
  }
  fail(judgement, std::move(diagnostic));
}

struct LimitRow {
  system::Limit limit;
  Code code;
  std::string_view message, help;
};
constexpr LimitRow kLimits[] = {
    {system::Limit::kOutput, Code::kOutputTooLong, "wrote more than 1 MiB", "print a summary instead"},
    {system::Limit::kMemory, Code::kProgramLimit, "used more than 4 GiB of memory", "use less of it"},
    {system::Limit::kThreads, Code::kProgramLimit, "had more than 400 processes and threads at once",
     "start fewer"}};

// Limits but time: the program was ended at them.
void judge_limits(const Program& program, const Run& run, const PlaceMap& places, Judgement& judgement) {
  for (const LimitRow& row : kLimits) {
    if (run.process.exceeded != row.limit) continue;
    fail(judgement, {.code = row.code,
                     .span = places.whole_program(),
                     .message = fmt::format("{} {}{}", title(program), row.message, on_backend(run.backend)),
                     .help = std::string(row.help)});
  }
}

void judge_exit(const Program& program, const Run& run, const PlaceMap& places, Judgement& judgement) {
  if (leaves_out(judgement.left_out, "exit-status")) return;
  const int status = exit_status(run.process),
            wanted = program.mode == Mode::kShouldFail ? program.exit_code : 0;
  const bool good = status == wanted;
  const std::string detail = fmt::format("{}", status);
  if (run.backend != Backend::kGpu) check(judgement, "exit-status", good, detail);
  if (good) return;
  const auto traceback = program.language == Language::kPython ? parse_traceback(run.process.err, places)
                                                               : std::vector<CompilerMessage>{};
  Diagnostic diagnostic{.code = Code::kExitStatus, .span = places.whole_program(), .message = {}};
  if (!traceback.empty()) {
    diagnostic.span = places.span(traceback[0].place);
    diagnostic.message =
        fmt::format("{} ended with status {}: {}", title(program), status, traceback[0].message);
    return fail(judgement, std::move(diagnostic));
  }
  if (run.process.signal != 0) {
    diagnostic.code = Code::kProgramCrashed;
    diagnostic.message = fmt::format("{} was ended by signal {}{}", title(program),
                                     signal_name(run.process.signal), on_backend(run.backend));
  } else {
    diagnostic.message = fmt::format("{} ended with status {}, not {}{}", title(program), status, wanted,
                                     on_backend(run.backend));
    diagnostic.span = first_of(wanted != 0 ? program.mode_span : base::Span{}, diagnostic.span);
  }
  add_error_output(run, places.whole_program(), diagnostic);
  fail(judgement, std::move(diagnostic));
}

// The n-th line of the expected text in the author's file.
base::Span expected_line(const base::Span& span, std::uint32_t line) {
  if (!span.source) return {};
  const std::uint32_t number = span.source->position(span.begin).line + line - 1;
  const std::size_t start = line == 1 ? span.begin : span.source->line_start(number);
  if (start >= span.end) return {span.source, span.end, span.end};
  const std::size_t end = span.source->line_start(number) + span.source->line(number).size();
  return {span.source, start, std::min(span.end, std::max(start, end))};
}

void judge_output(const Program& program, const Run& run, const PlaceMap& places, Judgement& judgement) {
  if (program.expectation.kind != Expectation::Kind::kOutput) return;
  if (leaves_out(judgement.left_out, "output")) return;
  const ExpectedOutput& wanted = program.expectation.output;
  const auto mismatch =
      compare_output(wanted.text, shown_text(run.process.out), wanted.match, wanted.tolerance);
  if (run.backend != Backend::kGpu) check(judgement, "output", !mismatch, std::string(name_of(wanted.match)));
  if (!mismatch) return;
  std::string what;
  if (!mismatch->actual) {
    what = fmt::format("the output ends before line {}, expected `{}`", mismatch->line, *mismatch->expected);
  } else if (!mismatch->expected) {
    what = fmt::format("the output goes on with line {}, `{}`, where nothing more is expected",
                       mismatch->line, *mismatch->actual);
  } else {
    what = fmt::format("line {} of the output is `{}`, expected `{}`", mismatch->line, *mismatch->actual,
                       *mismatch->expected);
  }
  const base::Span span = first_of(expected_line(wanted.span, mismatch->line), places.whole_program());
  fail(judgement, {.code = Code::kOutputMismatch,
                   .span = span,
                   .message = fmt::format("{} of {}{}", what, title(program), on_backend(run.backend)),
                   .notes = {{span, "expected (-) and printed (+):\n" + mismatch->diff}},
                   .help = "correct the program, or the expected output if what it prints is right"});
}

// A fault that stopped a launch says again what a checker found at its line, or that time ran out.
bool is_told_already(const Finding& fault, const Run& run) {
  if (fault.checker != "fault") return false;
  const auto& findings = run.engine.findings;
  return stopped_for_time(run) || std::any_of(findings.begin(), findings.end(), [&](const Finding& other) {
           return other.checker != "fault" && other.kernel == fault.kernel && other.place == fault.place;
         });
}

void judge_findings(const Program& program, const Run& run, const PlaceMap& places, Judgement& judgement) {
  for (const std::string_view checker : engine_checkers(program.role, judgement.left_out)) {
    const auto findings = std::count_if(run.engine.findings.begin(), run.engine.findings.end(),
                                        [&](const Finding& finding) { return finding.checker == checker; });
    check(judgement, std::string(checker), findings == 0,
          findings == 0 ? "" : fmt::format("{} findings", findings));
  }
  // A program that is meant to fail may well be meant to fail by what a checker finds.
  if (program.mode == Mode::kShouldFail) return;
  for (const Finding& finding : run.engine.findings) {
    if (is_told_already(finding, run)) continue;
    fail(judgement, {.code = Code::kEngineFinding,
                     .span = places.span(finding.place),
                     .message = fmt::format("{}: {}", title(program), render_finding(finding))});
  }
}

void judge_harness(const Program& program, const Run& run, const std::optional<CodePlace>& wrong_store,
                   const PlaceMap& places, Judgement& judgement) {
  if (program.expectation.kind != Expectation::Kind::kHarness) return;
  if (!run.harness && run.process.exceeded) return;  // that was said
  if (!run.harness) {
    if (leaves_out(judgement.left_out, "report")) return;
    Diagnostic diagnostic{
        .code = Code::kHarnessSilent,
        .span = places.whole_program(),
        .message = fmt::format("{} was not verified{}: {}", title(program), on_backend(run.backend),
                               run.harness_problem),
        .help = "the program must include drills/support/drill.h and reach the end of its main"};
    add_error_output(run, places.whole_program(), diagnostic);
    return fail(judgement, std::move(diagnostic));
  }
  const auto& cases = run.harness->evidence.cases;
  const auto good =
      std::count_if(cases.begin(), cases.end(), [](const HarnessCase& one) { return one.passed; });
  if (run.backend != Backend::kGpu) {
    check(judgement, "harness", run.harness->passed, fmt::format("{} of {} cases", good, cases.size()));
  }
  if (run.harness->passed) return;
  const auto first =
      std::find_if(cases.begin(), cases.end(), [](const HarnessCase& one) { return !one.failures.empty(); });
  const base::Span span = places.span(wrong_store.value_or(first_kernel_line(program)));
  std::string what = "was stopped before its last case";
  if (first != cases.end()) {
    what = fmt::format("{}: {}", failure_sentence(first->failures[0].check),
                       describe(first->failures[0], first->name));
  }
  Diagnostic diagnostic{.code = Code::kWrongResult,
                        .span = span,
                        .message = fmt::format("{} {}{}", title(program), what, on_backend(run.backend))};
  if (wrong_store) diagnostic.notes.push_back({span, "this line stored the element last"});
  if (cases.size() - static_cast<std::size_t>(good) > 1) {
    diagnostic.notes.push_back(
        {span,
         fmt::format("{} of {} cases fail", cases.size() - static_cast<std::size_t>(good), cases.size())});
  }
  fail(judgement, std::move(diagnostic));
}

void judge_counts(const Program& program, const PlaceMap& places, Judgement& judgement) {
  if (leaves_out(judgement.left_out, "count")) return;
  const Counters& metrics = judgement.record.metrics;
  for (const ExpectedCount& count : program.expected_counts) {
    const base::Span span = first_of(count.span, places.whole_program());
    const std::string claim = claim_of(count);
    const auto found = metrics.find(count.metric);
    if (found == metrics.end()) {
      std::vector<std::string> names;
      for (const auto& [name, value] : metrics) names.push_back(name);
      const auto near = base::nearest(count.metric, names);
      fail(judgement,
           {.code = Code::kUnknownMetric,
            .span = span,
            .message = fmt::format("{} has no metric `{}`", title(program), count.metric),
            .help = near            ? fmt::format("replace `{}` with `{}`", count.metric, *near)
                    : names.empty() ? "no launch is profiled: launch between cudaProfilerStart() and "
                                      "cudaProfilerStop()"
                                    : std::string()});
      continue;
    }
    const bool good = holds(found->second, count.comparison, count.value);
    check(judgement, claim, good, fmt::format("{}", found->second));
    if (good) continue;
    fail(judgement, {.code = Code::kFalseCount,
                     .span = span,
                     .message = fmt::format("`{}` does not hold for {}: it is {}", claim, title(program),
                                            found->second)});
  }
}

// Starters and mutants: what verification found is what it should find.
void judge_wrong_variant(const Program& program, const Run& run, const PlaceMap& places,
                         Judgement& judgement) {
  Record& record = judgement.record;
  record.caught_by = catchers(run, program.expected_catcher);
  if (!record.caught_by.empty()) {
    record.verdict = Verdict::kFailedAsExpected;
    check(judgement, "caught", true, record.caught_by[0]);
    return;
  }
  if (!run.harness) return judge_harness(program, run, std::nullopt, places, judgement);
  const bool starter = program.role == Role::kStarter;
  if (leaves_out(judgement.left_out, name_of(program.role))) return;
  check(judgement, "caught", false);
  fail(judgement,
       {.code = starter ? Code::kStarterPasses : Code::kMutantSurvives,
        .span = starter ? places.whole_program() : first_of(program.catcher_span, places.whole_program()),
        .message = starter ? fmt::format("{} passes verification, so there is nothing left to do in it",
                                         title(program))
                           : fmt::format("no check catches {}", title(program)),
        .help = starter ? "take the solution out of it"
                        : "make the mutant wrong, or add a case on which it goes wrong to the problem"});
}

Verdict verdict_of(const Program& program, Backend backend) {
  if (program.mode == Mode::kShouldFail) return Verdict::kFailedAsExpected;
  return backend == Backend::kHost ? Verdict::kRanOnHost : Verdict::kRanOnEngine;
}

}  // namespace

bool judge_build(const Program& program, const Build& build, const PlaceMap& places, Judgement& judgement) {
  Record& record = judgement.record;
  for (const CompilerMessage& message : build.messages) {
    if (!message.error)
      record.warnings.push_back({message.place, message.column, shown_text(message.message)});
  }
  for (const KernelUsage& kernel : build.kernels) record.resources.push_back(kernel.resources);
  if (program.mode == Mode::kCompileFail) {
    const base::Span span = first_of(program.mode_span, places.whole_program());
    const bool said = build.output.find(program.compile_error) != std::string::npos;
    check(judgement, "compile-fails", !build.succeeded && said);
    if (build.succeeded) {
      fail(judgement, {.code = Code::kCompileSucceeds,
                       .span = span,
                       .message = fmt::format("{} compiles, but should fail to", title(program))});
      return false;
    }
    record.verdict = Verdict::kFailedAsExpected;
    record.compiler_output = shown_text(render_messages(build.messages));
    if (said) return false;
    fail(judgement, {.code = Code::kOtherCompileError,
                     .span = span,
                     .message = fmt::format("the compiler rejects {} without saying `{}`", title(program),
                                            program.compile_error),
                     .notes = {{places.whole_program(), "it says:\n" + record.compiler_output}}});
    return false;
  }
  check(judgement, "compiles", build.succeeded);
  if (build.succeeded) {
    record.verdict = Verdict::kCompiledOnly;
    return program.mode != Mode::kCompile;
  }
  for (const CompilerMessage& message : build.messages) {
    if (!message.error) continue;
    Diagnostic diagnostic{.code = Code::kCompileFailed,
                          .span = places.span(message.place, message.column),
                          .message = shown_text(message.message)};
    for (const CompilerNote& note : message.notes) {
      diagnostic.notes.push_back({places.span(note.place), shown_text(note.message)});
    }
    fail(judgement, std::move(diagnostic));
  }
  return false;
}

void judge_run(const Program& program, const Run& run, const std::optional<CodePlace>& wrong_store,
               const PlaceMap& places, Judgement& judgement) {
  Record& record = judgement.record;
  record.backends.push_back(run.backend);
  record.verdict = verdict_of(program, run.backend);
  record.exit_code = exit_status(run.process);
  record.output = shown_text(run.process.out);
  record.findings = run.engine.findings;
  if (run.harness) record.harness = run.harness->evidence;
  summarise_launches(run.engine, record);

  for (const std::string& refusal : run.engine.refusals) {
    fail(judgement,
         {.code = Code::kEngineRefused,
          .span = places.whole_program(),
          .message = fmt::format("the engine cannot run {}: {}", title(program), refusal),
          .help = "run it on a GPU and commit the record, or write it with what the engine knows"});
  }
  // What a program did after a refusal says nothing about it.
  if (!run.engine.refusals.empty()) return;

  if (program.role == Role::kStarter || program.role == Role::kMutant) {
    return judge_wrong_variant(program, run, places, judgement);
  }
  judge_time(program, run, places, judgement);
  judge_limits(program, run, places, judgement);
  if (run.backend == Backend::kEngine) judge_findings(program, run, places, judgement);
  judge_harness(program, run, wrong_store, places, judgement);
  // A status that follows from what was said already is not said again.
  if (judgement.diagnostics.empty() || (program.mode == Mode::kShouldFail && !run.process.exceeded)) {
    judge_exit(program, run, places, judgement);
  }
  if (!run.process.exceeded) judge_output(program, run, places, judgement);
  if (record.verdict != Verdict::kFailed) judge_counts(program, places, judgement);
}

void judge_gpu_run(const Program& program, const Run& run, const PlaceMap& places, Judgement& judgement) {
  const std::size_t before = judgement.diagnostics.size();
  judge_time(program, run, places, judgement);
  judge_limits(program, run, places, judgement);
  judge_harness(program, run, std::nullopt, places, judgement);
  if (judgement.diagnostics.size() == before) judge_exit(program, run, places, judgement);
  if (!run.process.exceeded) judge_output(program, run, places, judgement);
  judgement.record.backends.push_back(Backend::kGpu);
  check(judgement, "gpu", judgement.diagnostics.size() == before);
  if (judgement.record.verdict == Verdict::kRanOnEngine) judgement.record.verdict = Verdict::kRanOnGpu;
}

bool wants_watch(const Program& program, const Run& run) {
  return program.role == Role::kRung && run.backend == Backend::kEngine && run.harness &&
         !run.harness->passed && run.harness->first_wrong_address != 0 && run.engine.refusals.empty();
}

std::vector<Diagnostic> standing_warnings(const Program& program, const Record& record,
                                          const PlaceMap& places) {
  std::vector<Diagnostic> out;
  for (const CompilerWarning& warning : record.warnings) {
    out.push_back({.code = Code::kCompilerWarning,
                   .severity = Severity::kWarning,
                   .span = places.span(warning.place, warning.column),
                   .message = shown_text(warning.message)});
  }
  const bool otherwise = program.role == Role::kMutant && !program.expected_catcher.empty() &&
                         !record.caught_by.empty() && record.caught_by[0] != program.expected_catcher;
  if (otherwise) {
    out.push_back({.code = Code::kMutantCaughtOtherwise,
                   .severity = Severity::kWarning,
                   .span = first_of(program.catcher_span, places.whole_program()),
                   .message = fmt::format("{} is caught by `{}`, not by `{}`", title(program),
                                          fmt::join(record.caught_by, "`, `"), program.expected_catcher),
                   .help = "name the check that catches it"});
  }
  return out;
}

}  // namespace drillpress::drill

#include "drill/findings.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <signal.h>

#include <algorithm>

#include "drill/checks.h"

namespace drillpress::drill {
namespace {

struct SignalRow {
  int number;
  std::string_view name;
};
constexpr SignalRow kSignals[] = {{SIGSEGV, "SIGSEGV"}, {SIGABRT, "SIGABRT"}, {SIGBUS, "SIGBUS"},
                                  {SIGFPE, "SIGFPE"},   {SIGILL, "SIGILL"},   {SIGKILL, "SIGKILL"},
                                  {SIGTRAP, "SIGTRAP"}, {SIGXFSZ, "SIGXFSZ"}, {SIGSYS, "SIGSYS"},
                                  {SIGXCPU, "SIGXCPU"}};

void add_once(std::vector<std::string>& names, const std::string& name) {
  if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
}

}  // namespace

std::vector<std::string_view> engine_checkers(Role role, const LeftOut& left_out) {
  std::vector<std::string_view> out;
  for (const CheckRow& row : kChecks) {
    const bool on = row.kind == CheckKind::kEngine && (role != Role::kSnippet || row.name != "leak");
    if (on && !leaves_out(left_out, row.name)) out.push_back(row.name);
  }
  std::sort(out.begin(), out.end());
  return out;
}

std::vector<std::string> catchers(const Run& run, const std::string& expected) {
  std::vector<std::string> names;
  for (const CheckRow& row : kChecks) {
    for (const Finding& finding : run.engine.findings) {
      if (row.kind == CheckKind::kEngine && finding.checker == row.name) add_once(names, finding.checker);
    }
  }
  for (const Finding& finding : run.engine.findings) {
    if (finding.checker == "fault") add_once(names, finding.kind);
  }
  if (run.harness) {
    for (const HarnessCase& one : run.harness->evidence.cases) {
      for (const HarnessFailure& failure : one.failures) add_once(names, failure.check);
    }
  }
  if (run.process.exceeded == system::Limit::kTime) {
    add_once(names, "timeout");
  } else if (run.process.exceeded) {
    add_once(names, "limit");
  } else if (run.process.signal != 0) {
    add_once(names, "crash");
  }
  for (const Finding& finding : run.engine.findings) {
    if (!expected.empty() && finding.kind == expected) add_once(names, expected);
  }
  const auto wanted = std::find(names.begin(), names.end(), expected);
  if (wanted != names.end()) std::rotate(names.begin(), wanted, wanted + 1);
  return names;
}

std::string render_finding(const Finding& finding) {
  std::string out = finding.checker == finding.kind ? finding.kind
                                                    : fmt::format("{}: {}", finding.checker, finding.message);
  if (finding.checker == finding.kind) out += ": " + finding.message;
  if (!finding.kernel.empty() && finding.message.find(finding.kernel) == std::string::npos) {
    out += fmt::format(" by block ({}) thread ({}) in kernel `{}`", fmt::join(finding.block, ","),
                       fmt::join(finding.thread, ","), finding.kernel);
  }
  if (finding.count > 1) out += fmt::format(" ({} times)", finding.count);
  return out;
}

std::string_view failure_sentence(std::string_view check) {
  for (const CheckRow& row : kChecks) {
    if (row.kind == CheckKind::kHarness && row.name == check) return row.words;
  }
  return "fails its verification";
}

std::string signal_name(int signal) {
  for (const SignalRow& row : kSignals) {
    if (row.number == signal) return std::string(row.name);
  }
  return std::to_string(signal);
}

std::string render_messages(const std::vector<CompilerMessage>& messages) {
  std::string out;
  for (const CompilerMessage& message : messages) {
    if (message.place.line > 0) {
      out += message.place.file.empty() ? fmt::format("line {}: ", message.place.line)
                                        : fmt::format("{}:{}: ", message.place.file, message.place.line);
    }
    out += fmt::format("{}: {}\n", message.error ? "error" : "warning", message.message);
  }
  return out;
}

}  // namespace drillpress::drill

#include "pipeline/test_report.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <tuple>

#include "base/text.h"
#include "diagnostics/render.h"
#include "pipeline/ledger.h"

namespace drillpress::pipeline {
namespace {

using diagnostics::Diagnostic;
using diagnostics::Severity;

std::string_view name_of(Outcome outcome) {
  switch (outcome) {
    case Outcome::kPassed:
      return "passed";
    case Outcome::kFailed:
      return "failed";
    case Outcome::kSkipped:
      break;
  }
  return "skipped";
}

std::uint32_t line_of(const base::Span& span) {
  return span.source ? span.source->position(span.begin).line : 0;
}

void fail(TestCase& test, const Diagnostic& diagnostic) {
  test.outcome = Outcome::kFailed;
  if (test.message.empty()) test.message = diagnostic.message;
  test.text += diagnostics::render_text(diagnostic) + "\n";
}

// The same diagnostic is found again by this among those of the whole run.
using Key = std::tuple<std::string, std::size_t, diagnostics::Code, std::string>;
Key key_of(const Diagnostic& diagnostic) {
  return {diagnostic.span.source ? diagnostic.span.source->path() : "", diagnostic.span.begin,
          diagnostic.code, diagnostic.message};
}

class Reporter {
 public:
  Reporter(const SiteModel& site, const std::optional<std::set<std::string>>& wanted)
      : site_(site), wanted_(wanted) {}

  std::vector<TestCase> run(const std::vector<Diagnostic>& diagnostics) {
    for (const LedgerEntry& entry : ledger_entries(site_)) {
      if (entry.record == nullptr) {
        if (!wanted_) add(entry.owner, entry.id, entry.source, 0, Outcome::kSkipped, entry.reason);
      } else if (!wanted_ || wanted_->contains(entry.id)) {
        add_program(entry);
      }
    }
    for (const Claim& claim : site_.citations.claims) add_claim(claim);
    add_sources(diagnostics);
    return std::move(cases_);
  }

 private:
  TestCase& add(std::string suite, std::string name, std::string file, std::uint32_t line, Outcome outcome,
                std::string message = {}) {
    cases_.push_back(
        {std::move(suite), std::move(name), std::move(file), line, outcome, std::move(message), {}});
    return cases_.back();
  }

  void add_program(const LedgerEntry& entry) {
    const std::size_t index = site_.programs.by_id.at(entry.id);
    const drill::Program& program = site_.programs.programs[index];
    const drill::Record& record = *entry.record;
    const std::uint32_t line = line_of(program.span);
    TestCase whole{entry.owner, entry.id, entry.source, line, Outcome::kPassed, {}, {}};
    for (const Diagnostic& finding : site_.findings[index]) {
      of_programs_.insert(key_of(finding));
      if (finding.severity == Severity::kError) fail(whole, finding);
    }
    if (whole.outcome == Outcome::kPassed && record.verdict == drill::Verdict::kSkipped) {
      whole.outcome = Outcome::kSkipped;
      whole.message = record.reason;
    } else if (whole.outcome == Outcome::kPassed && record.verdict == drill::Verdict::kStale) {
      whole.outcome = Outcome::kSkipped;
      whole.message =
          fmt::format("its record is of other inputs: {}", fmt::join(record.stale_components, ", "));
    }
    const bool about_now = record.verdict != drill::Verdict::kStale;
    const std::string text = whole.text;
    cases_.push_back(std::move(whole));
    for (const drill::Check& check : record.checks) {
      if (!about_now) break;
      TestCase& test = add(entry.owner, fmt::format("{}: {}", entry.id, check.name), entry.source, line,
                           check.passed ? Outcome::kPassed : Outcome::kFailed);
      if (check.passed) continue;
      test.message = check.detail.empty() ? check.name : fmt::format("{}: {}", check.name, check.detail);
      test.text = text;
    }
  }

  void add_claim(const Claim& claim) {
    const model::Page& page = site_.registry.pages()[claim.page];
    TestCase& test = add("claims", claim.id, page.source->path(), claim.line, Outcome::kPassed);
    if (claim.standing == Standing::kKnown) return;
    test.outcome = Outcome::kSkipped;
    test.message = fmt::format("{}: {}", claim.condition, label_of(claim.standing));
  }

  // Every page passes or fails as a source, and so does every other file with an error.
  void add_sources(const std::vector<Diagnostic>& diagnostics) {
    std::map<std::string, TestCase> by_path;
    const auto source = [&](const std::string& path) -> TestCase& {
      return by_path
          .try_emplace(path,
                       TestCase{"sources", path.empty() ? "site" : path, path, 0, Outcome::kPassed, {}, {}})
          .first->second;
    };
    if (!wanted_) {
      for (const PageFile& page : site_.sources.pages) source(page.source->path());
    }
    for (const Diagnostic& diagnostic : diagnostics) {
      if (diagnostic.severity != Severity::kError || of_programs_.contains(key_of(diagnostic))) continue;
      TestCase& test = source(diagnostic.span.source ? diagnostic.span.source->path() : "");
      if (test.outcome == Outcome::kPassed) test.line = line_of(diagnostic.span);
      fail(test, diagnostic);
    }
    for (auto& [path, test] : by_path) cases_.push_back(std::move(test));
  }

  const SiteModel& site_;
  const std::optional<std::set<std::string>>& wanted_;
  std::vector<TestCase> cases_;
  std::set<Key> of_programs_;
};

// A character that XML 1.0 can hold (section 2.2) stays; a control character becomes its picture.
std::string xml_text(std::string_view text) {
  std::string out;
  const auto append_code_point = [&](unsigned code) {  // three bytes: from U+0800
    out += static_cast<char>(0xE0 | (code >> 12));
    out += static_cast<char>(0x80 | ((code >> 6) & 0x3F));
    out += static_cast<char>(0x80 | (code & 0x3F));
  };
  constexpr unsigned kPictures = 0x2400, kDeletePicture = 0x2421, kReplacement = 0xFFFD;
  while (!text.empty()) {
    const auto byte = static_cast<unsigned char>(text.front());
    if (byte < 0x80) {
      text.remove_prefix(1);
      if (byte == '\n' || byte == '\t') {
        out += static_cast<char>(byte);
      } else if (byte < 0x20) {
        append_code_point(kPictures + byte);
      } else if (byte == 0x7f) {
        append_code_point(kDeletePicture);
      } else {
        out += base::escape_html(std::string_view(reinterpret_cast<const char*>(&byte), 1));
      }
      continue;
    }
    const std::size_t length = byte >= 0xF0 ? 4 : byte >= 0xE0 ? 3 : 2;
    const std::string_view character = text.substr(0, length);
    const bool valid = character.size() == length && !base::find_invalid_utf8(character);
    const bool held = valid && character != "\xEF\xBF\xBE" && character != "\xEF\xBF\xBF";
    if (held) {
      out += character;
    } else {
      append_code_point(kReplacement);
    }
    text.remove_prefix(valid ? length : 1);
  }
  return out;
}

// A reader of XML turns line breaks and tabs in attributes into spaces unless they are references.
std::string xml_attribute(std::string_view name, std::string_view value) {
  std::string text = base::replace_all(xml_text(value), "\n", "&#10;");
  return fmt::format(" {}=\"{}\"", name, base::replace_all(std::move(text), "\t", "&#9;"));
}

struct Totals {
  std::size_t tests = 0, failures = 0, skipped = 0;
  void count(Outcome outcome) {
    ++tests;
    failures += outcome == Outcome::kFailed;
    skipped += outcome == Outcome::kSkipped;
  }
  std::string attributes() const {
    return fmt::format(" tests=\"{}\" failures=\"{}\" errors=\"0\" skipped=\"{}\"", tests, failures, skipped);
  }
};

std::string junit_case(const TestCase& test) {
  std::string out =
      "    <testcase" + xml_attribute("classname", test.suite) + xml_attribute("name", test.name);
  if (!test.file.empty()) out += xml_attribute("file", test.file);
  if (test.line > 0) out += fmt::format(" line=\"{}\"", test.line);
  switch (test.outcome) {
    case Outcome::kPassed:
      return out + "/>\n";
    case Outcome::kFailed:
      return out + ">\n      <failure" + xml_attribute("message", test.message) + ">" + xml_text(test.text) +
             "</failure>\n    </testcase>\n";
    case Outcome::kSkipped:
      break;
  }
  return out + ">\n      <skipped" + xml_attribute("message", test.message) + "/>\n    </testcase>\n";
}

}  // namespace

std::vector<TestCase> test_cases(const SiteModel& site, const std::optional<std::set<std::string>>& wanted,
                                 const std::vector<Diagnostic>& diagnostics) {
  return Reporter(site, wanted).run(diagnostics);
}

std::string render_junit(const std::vector<TestCase>& cases) {
  Totals all;
  std::map<std::string, std::pair<Totals, std::string>> suites;
  for (const TestCase& test : cases) {
    auto& [totals, text] = suites[test.suite];
    totals.count(test.outcome);
    all.count(test.outcome);
    text += junit_case(test);
  }
  std::string out = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"drillpress\"" +
                    all.attributes() + ">\n";
  for (const auto& [name, suite] : suites) {
    out += "  <testsuite" + xml_attribute("name", name) + suite.first.attributes() + ">\n" + suite.second +
           "  </testsuite>\n";
  }
  return out + "</testsuites>\n";
}

std::string render_cases_json(const std::vector<TestCase>& cases) {
  nlohmann::json list = nlohmann::json::array(), totals = {{"passed", 0}, {"failed", 0}, {"skipped", 0}};
  for (const TestCase& test : cases) {
    const std::string outcome(name_of(test.outcome));
    totals[outcome] = totals[outcome].get<int>() + 1;
    list.push_back({{"suite", test.suite},
                    {"name", test.name},
                    {"file", test.file},
                    {"line", test.line},
                    {"outcome", outcome},
                    {"message", test.message},
                    {"text", test.text}});
  }
  return nlohmann::json{{"cases", std::move(list)}, {"totals", std::move(totals)}}.dump(
             1, ' ', false, nlohmann::json::error_handler_t::replace) +
         "\n";
}

}  // namespace drillpress::pipeline

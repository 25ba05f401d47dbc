/// What a drill says: a summary for people on standard output and a JSON report for the site's build.
#pragma once

#include <charconv>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <string>
#include <string_view>
#include <vector>

#include "checks.h"
#include "experiment.h"
#include "verify.h"

namespace drill {

/// Independent of the locale: every digit that it takes to read the same number back, or three.
inline std::string render_number(double value, bool every_digit) {
  if (std::isnan(value)) return "nan";
  if (std::isinf(value)) return value > 0 ? "inf" : "-inf";
  char text[40];
  const auto end = every_digit
                       ? std::to_chars(text, text + sizeof text, value)
                       : std::to_chars(text, text + sizeof text, value, std::chars_format::general, 3);
  return {text, end.ptr};
}

/// Rendered JSON values; a map keeps an object's keys sorted.
namespace json {

inline std::string string(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (static_cast<unsigned char>(c) < 0x20) {
      char escape[8];
      std::snprintf(escape, sizeof escape, "\\u%04x", static_cast<unsigned>(c));
      out += escape;
    } else {
      out += c;
    }
  }
  return out + '"';
}

/// Not a number and the infinities have no JSON number: "nan", "inf", "-inf".
inline std::string number(double value) {
  const std::string text = render_number(value, true);
  return std::isfinite(value) ? text : string(text);
}
inline std::string integer(std::uint64_t value) {
  return std::to_string(value);
}
inline std::string boolean(bool value) {
  return value ? "true" : "false";
}

template <class Items, class Render>
std::string array(const Items& items, Render render) {
  std::string out = "[";
  for (const auto& item : items) out += (out.size() > 1 ? "," : "") + render(item);
  return out + "]";
}

/// An object; whoever adds members keeps the keys sorted.
class Object {
 public:
  Object& add(const char* key, const std::string& value) {
    members_ += (members_.empty() ? "" : ",") + string(key) + ":" + value;
    return *this;
  }
  std::string text() const { return "{" + members_ + "}"; }

 private:
  std::string members_;
};

}  // namespace json

struct Report {
  const Problem* problem = nullptr;
  std::uint64_t seed = 0;
  std::vector<CaseResult> cases;
  Without without = {};
  std::size_t passed() const {
    std::size_t count = 0;
    for (const CaseResult& result : cases) count += result.passed();
    return count;
  }
  std::size_t failed() const {
    std::size_t count = 0;
    for (const CaseResult& result : cases) count += !result.failures.empty();
    return count;
  }
  bool all_passed() const { return passed() == cases.size(); }
};

inline std::string render_failure(const Failure& failure) {
  json::Object object;
  if (failure.mismatches > 0)
    object.add("actual", json::number(failure.actual)).add("address", json::integer(failure.address));
  if (!failure.buffer.empty()) object.add("buffer", json::string(failure.buffer));
  object.add("check", json::string(failure.check));
  if (failure.mismatches > 0)
    object.add("coordinates", json::array(failure.coordinates, json::integer))
        .add("expected", json::number(failure.expected))
        .add("index", std::to_string(failure.index));
  if (!failure.message.empty()) object.add("message", json::string(failure.message));
  if (failure.mismatches > 0) object.add("mismatches", json::integer(failure.mismatches));
  if (!failure.run.empty()) object.add("run", json::string(failure.run));
  if (failure.mismatches > 0) object.add("tolerance", json::number(failure.tolerance));
  return object.text();
}

inline std::string render_result(const CaseResult& result) {
  return json::Object()
      .add("elements", json::integer(result.elements))
      .add("failures", json::array(result.failures, render_failure))
      .add("max_error", json::number(result.max_error))
      .add("name", json::string(result.name))
      .add("passed", json::boolean(result.passed()))
      .add("tolerance", json::number(result.tolerance))
      .text();
}

inline std::vector<std::string_view> left_out(const Without& without) {
  std::vector<std::string_view> names;
  for (const CheckRow& row : kChecks)
    if (without(row.name)) names.push_back(row.name);
  return names;
}

/// The profiled case's name and what its task must cost; null unless it ran.
inline std::string render_profiled(const Report& report) {
  if (report.cases.empty() || report.cases.back().name != report.problem->profiled.name()) return "null";
  const CaseResult& result = report.cases.back();
  return json::Object()
      .add("bytes_read", json::integer(result.cost.bytes_read))
      .add("bytes_written", json::integer(result.cost.bytes_written))
      .add("case", json::string(result.name))
      .add("operations", json::integer(result.cost.operations))
      .text();
}

/// One line of JSON with sorted keys.
inline std::string render_report(const Report& report) {
  json::Object object;
  object.add("cases", json::array(report.cases, render_result))
      .add("drill", json::string(report.problem->name))
      .add("passed", json::boolean(report.all_passed()))
      .add("profiled", render_profiled(report))
      .add("schema", "1")
      .add("seed", json::integer(report.seed))
      .add("tolerance", json::Object().add("text", json::string(report.problem->tolerance)).text());
  if (report.without.any()) object.add("without", json::array(left_out(report.without), json::string));
  return object.text() + "\n";
}

/// Whole or not at all: written beside the target, then renamed over it. False when that failed.
inline bool write_report(const std::string& path, const std::string& text) {
  const std::string temporary = path + ".partial";
  std::FILE* file = std::fopen(temporary.c_str(), "wb");
  if (!file) return false;
  const bool written = std::fwrite(text.data(), 1, text.size(), file) == text.size();
  const bool closed = std::fclose(file) == 0;
  if (written && closed && std::rename(temporary.c_str(), path.c_str()) == 0) return true;
  std::remove(temporary.c_str());
  return false;
}

/// "value: out[3,17] is 0, expected 1.5 within 1e-07 (12 wrong), in the guarded run"
inline std::string describe(const Failure& failure) {
  std::string text = failure.check + ":";
  if (!failure.buffer.empty()) text += " " + failure.buffer;
  if (failure.mismatches > 0) {
    std::string place = failure.coordinates.empty() ? std::to_string(failure.index) : "";
    for (const std::size_t at : failure.coordinates) place += (place.empty() ? "" : ",") + std::to_string(at);
    text += "[" + place + "] is " + render_number(failure.actual, true) + ", expected " +
            render_number(failure.expected, true);
    if (failure.tolerance > 0) text += " within " + render_number(failure.tolerance, false);
    text += " (" + std::to_string(failure.mismatches) + " wrong)";
  }
  if (!failure.message.empty()) text += (failure.mismatches > 0 ? ", " : " ") + failure.message;
  if (!failure.run.empty()) text += ", in the " + failure.run + " run";
  return text;
}

inline std::string render_case(const CaseResult& result) {
  std::string text = (result.passed()           ? "pass  "
                      : result.failures.empty() ? "left  "
                                                : "FAIL  ") +
                     result.name;
  if (result.passed())
    text += result.max_error == 0 ? ": exact"
                                  : ": error " + render_number(result.max_error, false) + " of " +
                                        render_number(result.tolerance, false) + " allowed";
  else if (result.failures.empty())
    text += ": not every run was made, an error elsewhere ended the device";
  text += "\n";
  for (const Failure& failure : result.failures) text += "      " + describe(failure) + "\n";
  return text;
}

/// The last line of a run's output, which no run prints that ended early. It does not end with "passed" when
/// a check was left out.
inline std::string render_verdict(const Report& report) {
  const std::size_t total = report.cases.size(), failed = report.failed();
  const std::string cases = std::to_string(total) + (total == 1 ? " case" : " cases");
  const std::size_t left = total - failed - report.passed();
  std::string without;
  for (const std::string_view name : left_out(report.without))
    without += (without.empty() ? " without " : ", ") + std::string(name);
  return "drill " + report.problem->name + ": " +
         (report.all_passed() ? cases + " passed" : std::to_string(failed) + " of " + cases + " failed") +
         (left > 0 ? ", " + std::to_string(left) + " not finished" : "") + without + "\n";
}

/// Everything for standard output.
inline std::string render_summary(const Report& report) {
  std::string text = "drill " + report.problem->name + ", seed " + std::to_string(report.seed) +
                     "\ntolerance: " + report.problem->tolerance + "\n";
  for (const CaseResult& result : report.cases) text += render_case(result);
  return text + render_verdict(report);
}

}  // namespace drill

#include "drill/harness_report.h"

#include <fmt/format.h>

#include "drill/json_read.h"

namespace drillpress::drill {
namespace {

// A number of the report: NaN and the infinities are written as text.
std::string value_text(const Json& object, const char* name) {
  const Json& value = member(object, name);
  if (value.is_string()) return value.get<std::string>();
  if (value.is_number_integer()) return std::to_string(value.get<std::int64_t>());
  return value.is_number() ? fmt::format("{}", value.get<double>()) : std::string();
}

HarnessFailure parse_failure(const Json& object) {
  HarnessFailure out;
  out.check = text_of(object, "check");
  out.run = text_of(object, "run");
  out.buffer = text_of(object, "buffer");
  out.message = text_of(object, "message");
  out.coordinates = numbers_of<std::uint64_t>(object, "coordinates");
  out.index = integer_of(object, "index");
  out.expected = value_text(object, "expected");
  out.actual = value_text(object, "actual");
  out.mismatches = count_of(object, "mismatches");
  return out;
}

HarnessCase parse_case(const Json& object) {
  HarnessCase out;
  out.name = text_of(object, "name");
  out.elements = count_of(object, "elements");
  out.passed = flag_of(object, "passed");
  out.max_error = number_of(object, "max_error");
  out.tolerance = number_of(object, "tolerance");
  for (const Json& failure : items_of(object, "failures")) out.failures.push_back(parse_failure(failure));
  return out;
}

}  // namespace

base::Result<HarnessReport> parse_harness_report(std::string_view text, const LeftOut& left_out) {
  const Json json = Json::parse(text, nullptr, false);
  if (!json.is_object()) return base::Failure{"the harness' report is not JSON"};
  if (count_of(json, "schema") != 1) {
    return base::Failure{fmt::format("the harness' report has schema {}, not 1", count_of(json, "schema"))};
  }
  for (const Json& item : items_of(json, "without")) {
    const std::string check = item.is_string() ? item.get<std::string>() : std::string();
    if (!leaves_out(left_out, check))
      return base::Failure{fmt::format("the run left out the check `{}`, so it proves nothing", check)};
  }
  HarnessReport out;
  out.drill = text_of(json, "drill");
  out.passed = flag_of(json, "passed");
  out.evidence.seed = count_of(json, "seed");
  out.evidence.tolerance = text_of(member(json, "tolerance"), "text");
  bool every_case_passed = true;
  for (const Json& item : items_of(json, "cases")) {
    out.evidence.cases.push_back(parse_case(item));
    const HarnessCase& one = out.evidence.cases.back();
    every_case_passed = every_case_passed && one.passed && one.failures.empty();
    for (const Json& failure : items_of(item, "failures")) {
      if (out.first_wrong_address == 0) out.first_wrong_address = count_of(failure, "address");
    }
  }
  // The summary is believed only where it agrees with the cases.
  if (out.evidence.cases.empty()) return base::Failure{"the harness' report has no cases"};
  out.passed = out.passed && every_case_passed;
  const Json& profiled = member(json, "profiled");
  if (profiled.is_object()) {
    out.evidence.profiled =
        ProfiledCost{text_of(profiled, "case"), count_of(profiled, "bytes_read"),
                     count_of(profiled, "bytes_written"), count_of(profiled, "operations")};
  }
  return out;
}

std::string describe(const HarnessFailure& failure, const std::string& case_name) {
  std::string what;
  if (failure.mismatches == 0) {
    what = failure.buffer.empty() ? failure.message : fmt::format("{}: {}", failure.buffer, failure.message);
    return fmt::format("{} (case {})", what, case_name);
  }
  what = failure.buffer;
  if (failure.coordinates.empty()) what += fmt::format("[{}]", failure.index);
  for (const std::uint64_t coordinate : failure.coordinates) what += fmt::format("[{}]", coordinate);
  what += fmt::format(" is {}, expected {}", failure.actual, failure.expected);
  if (!failure.message.empty()) what += ", " + failure.message;
  const std::string many = failure.mismatches == 1
                               ? "the only wrong element"
                               : fmt::format("first of {} wrong elements", failure.mismatches);
  return fmt::format("{} (case {}; {})", what, case_name, many);
}

}  // namespace drillpress::drill

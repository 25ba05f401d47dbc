#include "drill/engine_report.h"

#include <fmt/format.h>

#include <charconv>

#include "base/text.h"
#include "drill/json_read.h"
#include "drill/ptxas.h"

namespace drillpress::drill {
namespace {

CodePlace place_in(const Json& object, const PlaceMap& places) {
  return places.place(text_of(object, "file"), static_cast<std::uint32_t>(count_of(object, "line")));
}

EngineLaunch parse_launch(const Json& object, const PlaceMap& places) {
  EngineLaunch out;
  out.mangled = text_of(object, "mangled");
  out.profiled = flag_of(object, "profiled");
  out.launch.kernel = kernel_name(out.mangled);
  out.launch.grid = numbers_of<std::uint32_t>(object, "grid");
  out.launch.block = numbers_of<std::uint32_t>(object, "block");
  out.launch.shared_bytes = count_of(object, "static_shared_bytes");
  out.launch.dynamic_shared_bytes = count_of(object, "dynamic_shared_bytes");
  out.launch.counters = numbers_by_name(object, "counters");
  for (const Json& line : items_of(object, "lines")) {
    const CodePlace place = place_in(line, places);
    if (place.line > 0) out.lines.push_back({place, numbers_by_name(line, "counters")});
  }
  return out;
}

// "memcheck.out_of_bounds" is the checker and the kind.
Finding parse_finding(const Json& object, const PlaceMap& places) {
  Finding out;
  const std::string kind = text_of(object, "kind");
  const std::size_t dot = kind.find('.');
  out.checker = kind.substr(0, dot);
  out.kind = dot == std::string::npos ? kind : kind.substr(dot + 1);
  out.kernel = kernel_name(text_of(object, "mangled"));
  out.block = numbers_of<std::uint32_t>(object, "block");
  out.thread = numbers_of<std::uint32_t>(object, "thread");
  out.place = place_in(object, places);
  out.message = places.without_folders(text_of(object, "message"));
  out.count = std::max<std::uint64_t>(1, count_of(object, "count"));
  return out;
}

constexpr std::string_view kUnsupported = "unsupported_instruction";
constexpr std::string_view kTimeout = "timeout";

base::Result<Json> parse_file(std::string_view text, const char* what) {
  Json json = Json::parse(text, nullptr, false);
  if (!json.is_object()) return base::Failure{fmt::format("the engine's {} are not JSON", what)};
  if (count_of(json, "schema") != 1) {
    return base::Failure{
        fmt::format("the engine's {} have schema {}, not 1", what, count_of(json, "schema"))};
  }
  return json;
}

void read_findings(const Json& json, const PlaceMap& places, EngineReport& report) {
  for (const Json& item : items_of(json, "findings")) report.findings.push_back(parse_finding(item, places));
  for (const Json& item : items_of(json, "faults")) {
    Finding fault = parse_finding(item, places);
    if (fault.kind == kUnsupported) {
      report.refusals.push_back(fault.message);
      continue;
    }
    report.timed_out = report.timed_out || fault.kind == kTimeout;
    fault.checker = "fault";
    report.findings.push_back(std::move(fault));
  }
  // After a fault the program could not free anything.
  const bool could_free = items_of(json, "faults").empty();
  for (const Json& item : items_of(json, "leaks")) {
    if (!could_free) break;
    Finding leak;
    leak.checker = "leak";
    leak.kind = "leak";
    leak.message = fmt::format("{} bytes of device memory (allocation {}) are never freed",
                               count_of(item, "size_bytes"), count_of(item, "serial"));
    report.findings.push_back(std::move(leak));
  }
  for (const Json& item : items_of(json, "refusals")) {
    report.refusals.push_back(
        places.without_folders(fmt::format("{}: {}", text_of(item, "what"), text_of(item, "why"))));
  }
}

}  // namespace

base::Result<EngineReport> parse_engine_report(std::string_view counters, std::string_view findings,
                                               const PlaceMap& places) {
  EngineReport report;
  if (!counters.empty()) {
    const auto json = parse_file(counters, "counters");
    if (!json.ok()) return base::Failure{json.error()};
    for (const Json& item : items_of(json.value(), "launches"))
      report.launches.push_back(parse_launch(item, places));
  }
  if (!findings.empty()) {
    const auto json = parse_file(findings, "findings");
    if (!json.ok()) return base::Failure{json.error()};
    read_findings(json.value(), places, report);
  }
  return report;
}

std::optional<CodePlace> parse_watched_store(std::string_view standard_error, const PlaceMap& places) {
  std::optional<CodePlace> last;
  for (const std::string_view line : base::split_lines(standard_error)) {
    if (line.find("watch: ") == std::string_view::npos) continue;
    if (line.find("the last store of the launch") == std::string_view::npos) continue;
    // "… in kernel k(int) at file:12 (1 lanes, the last store of the launch)"
    const std::size_t end = line.rfind(" (");
    const std::size_t colon = line.rfind(':', end);
    const std::size_t at = line.rfind(" at ", colon);
    if (end == std::string_view::npos || colon == std::string_view::npos || at == std::string_view::npos)
      continue;
    std::uint32_t number = 0;
    std::from_chars(line.data() + colon + 1, line.data() + end, number);
    const CodePlace place = places.place(line.substr(at + 4, colon - at - 4), number);
    if (places.is_authors(place)) last = place;
  }
  return last;
}

}  // namespace drillpress::drill

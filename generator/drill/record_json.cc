// Records as JSON and back. Every member is written, so that a reader need not know defaults; but for the
// readable values of inputs, which older records lack.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "base/hash.h"
#include "drill/input_key.h"
#include "drill/json_read.h"
#include "drill/language.h"
#include "drill/names.h"
#include "drill/record.h"

namespace drillpress::drill {
namespace {

constexpr double kExactIntegers = 9007199254740992.0;  // 2^53: beyond, a double is no count

// Counts as whole numbers. JSON has no NaN and no infinity; those are written as text.
Json to_json(double value) {
  if (std::isnan(value)) return "nan";
  if (std::isinf(value)) return value > 0 ? "inf" : "-inf";
  if (value == std::floor(value) && std::abs(value) < kExactIntegers) return static_cast<std::int64_t>(value);
  return value;
}

double read_double(const Json& object, const char* name) {
  const std::string text = text_of(object, name);
  if (text == "nan") return std::numeric_limits<double>::quiet_NaN();
  if (text == "inf") return std::numeric_limits<double>::infinity();
  if (text == "-inf") return -std::numeric_limits<double>::infinity();
  return number_of(object, name);
}

Json to_json(const Counters& counters) {
  Json out = Json::object();
  for (const auto& [name, value] : counters) out[name] = to_json(value);
  return out;
}

Json to_json(const CodePlace& place) {
  return {{"file", place.file}, {"line", place.line}};
}

CodePlace read_place(const Json& object) {
  const Json& place = member(object, "place");
  return {text_of(place, "file"), static_cast<std::uint32_t>(count_of(place, "line"))};
}

std::vector<std::string> texts_of(const Json& object, const char* name) {
  std::vector<std::string> out;
  for (const Json& item : items_of(object, name))
    out.push_back(item.is_string() ? item.get<std::string>() : "");
  return out;
}

std::uint32_t small_count(const Json& object, const char* name) {
  return static_cast<std::uint32_t>(count_of(object, name));
}

// One pair of functions for each part of a record; those that are in lists of parts are declared first.
Json to_json(const HarnessCase& c);
Json to_json(const LineCounters& l);
Json to_json(const Launch& l);
Json to_json(const Resources& r);
void read(const Json& j, HarnessCase& c);
void read(const Json& j, LineCounters& l);
void read(const Json& j, Launch& l);
void read(const Json& j, Resources& r);

Json to_json(const CompilerWarning& w) {
  return {{"column", w.column}, {"message", w.message}, {"place", to_json(w.place)}};
}
void read(const Json& j, CompilerWarning& w) {
  w = {read_place(j), small_count(j, "column"), text_of(j, "message")};
}

Json to_json(const Check& c) {
  return {{"detail", c.detail}, {"name", c.name}, {"passed", c.passed}};
}
void read(const Json& j, Check& c) {
  c = {text_of(j, "name"), flag_of(j, "passed"), text_of(j, "detail")};
}

Json to_json(const Finding& f) {
  return {{"block", f.block}, {"checker", f.checker}, {"count", f.count},          {"kernel", f.kernel},
          {"kind", f.kind},   {"message", f.message}, {"place", to_json(f.place)}, {"thread", f.thread}};
}
void read(const Json& j, Finding& f) {
  f = {text_of(j, "checker"),
       text_of(j, "kind"),
       text_of(j, "kernel"),
       numbers_of<std::uint32_t>(j, "block"),
       numbers_of<std::uint32_t>(j, "thread"),
       read_place(j),
       text_of(j, "message"),
       count_of(j, "count")};
}

Json to_json(const HarnessFailure& f) {
  return {{"actual", f.actual},           {"buffer", f.buffer},         {"check", f.check},
          {"coordinates", f.coordinates}, {"expected", f.expected},     {"index", f.index},
          {"message", f.message},         {"mismatches", f.mismatches}, {"run", f.run}};
}
void read(const Json& j, HarnessFailure& f) {
  f = {text_of(j, "check"),
       text_of(j, "run"),
       text_of(j, "buffer"),
       text_of(j, "message"),
       numbers_of<std::uint64_t>(j, "coordinates"),
       integer_of(j, "index"),
       text_of(j, "expected"),
       text_of(j, "actual"),
       count_of(j, "mismatches")};
}

template <typename T>
Json list_json(const std::vector<T>& items) {
  Json out = Json::array();
  for (const T& item : items) out.push_back(to_json(item));
  return out;
}
template <typename T>
void read_list(const Json& object, const char* name, std::vector<T>& items) {
  for (const Json& item : items_of(object, name)) read(item, items.emplace_back());
}

Json to_json(const HarnessCase& c) {
  return {{"elements", c.elements},
          {"failures", list_json(c.failures)},
          {"max_error", to_json(c.max_error)},
          {"name", c.name},
          {"passed", c.passed},
          {"tolerance", to_json(c.tolerance)}};
}
void read(const Json& j, HarnessCase& c) {
  c = {text_of(j, "name"),          count_of(j, "elements"),     flag_of(j, "passed"),
       read_double(j, "max_error"), read_double(j, "tolerance"), {}};
  read_list(j, "failures", c.failures);
}

Json to_json(const Harness& h) {
  Json out = {
      {"cases", list_json(h.cases)}, {"profiled", nullptr}, {"seed", h.seed}, {"tolerance", h.tolerance}};
  if (h.profiled) {
    out["profiled"] = {{"bytes_read", h.profiled->bytes_read},
                       {"bytes_written", h.profiled->bytes_written},
                       {"case", h.profiled->case_name},
                       {"operations", h.profiled->operations}};
  }
  return out;
}
void read(const Json& j, Harness& h) {
  h.seed = count_of(j, "seed");
  h.tolerance = text_of(j, "tolerance");
  read_list(j, "cases", h.cases);
  const Json& p = member(j, "profiled");
  if (p.is_object()) {
    h.profiled = ProfiledCost{text_of(p, "case"), count_of(p, "bytes_read"), count_of(p, "bytes_written"),
                              count_of(p, "operations")};
  }
}

Json to_json(const Launch& l) {
  return {{"block", l.block},
          {"counters", to_json(l.counters)},
          {"dynamic_shared_bytes", l.dynamic_shared_bytes},
          {"grid", l.grid},
          {"kernel", l.kernel},
          {"shared_bytes", l.shared_bytes}};
}
void read(const Json& j, Launch& l) {
  l = {text_of(j, "kernel"),
       numbers_of<std::uint32_t>(j, "grid"),
       numbers_of<std::uint32_t>(j, "block"),
       count_of(j, "shared_bytes"),
       count_of(j, "dynamic_shared_bytes"),
       numbers_by_name(j, "counters")};
}

Json to_json(const LineCounters& l) {
  return {{"counters", to_json(l.counters)}, {"place", to_json(l.place)}};
}
void read(const Json& j, LineCounters& l) {
  l = {read_place(j), numbers_by_name(j, "counters")};
}

Json to_json(const Resources& r) {
  Json out = {{"architecture", r.architecture},
              {"kernel", r.kernel},
              {"occupancy", nullptr},
              {"registers", r.registers},
              {"spill_load_bytes", r.spill_load_bytes},
              {"spill_store_bytes", r.spill_store_bytes},
              {"stack_bytes", r.stack_bytes},
              {"static_shared_bytes", r.static_shared_bytes}};
  if (const auto& o = r.occupancy) {
    out["occupancy"] = {{"active_warps", o->active_warps},
                        {"block_threads", o->block_threads},
                        {"blocks_per_multiprocessor", o->blocks_per_multiprocessor},
                        {"dynamic_shared_bytes", o->dynamic_shared_bytes},
                        {"limiter", o->limiter},
                        {"max_warps", o->max_warps}};
  }
  return out;
}
void read(const Json& j, Resources& r) {
  r = {text_of(j, "architecture"),      text_of(j, "kernel"),
       small_count(j, "registers"),     count_of(j, "static_shared_bytes"),
       count_of(j, "stack_bytes"),      count_of(j, "spill_store_bytes"),
       count_of(j, "spill_load_bytes"), std::nullopt};
  const Json& o = member(j, "occupancy");
  if (o.is_object()) {
    r.occupancy = Occupancy{small_count(o, "block_threads"),
                            count_of(o, "dynamic_shared_bytes"),
                            small_count(o, "blocks_per_multiprocessor"),
                            small_count(o, "active_warps"),
                            small_count(o, "max_warps"),
                            text_of(o, "limiter")};
  }
}

// What surrounded a run is in its provenance already.
constexpr const char* kReadableInputs[] = {"arguments", "flags"};

Json values_json(const Record& r) {
  Json values = Json::object();
  for (const Component& component : r.inputs) {
    for (const char* name : kReadableInputs) {
      if (component.name == name && !component.value.empty()) values[name] = component.value;
    }
  }
  return values;
}

Json provenance_json(const Provenance& p) {
  Json out = {
      {"architecture", p.architecture}, {"compiler", p.compiler}, {"device", p.device}, {"engine", p.engine}};
  if (p.without_sandbox) out["without_sandbox"] = true;
  return out;
}

Json record_json(const Record& r) {
  Json inputs = Json::object();
  for (const Component& component : r.inputs) inputs[component.name] = component.hash;
  Json backends = Json::array();
  for (const Backend backend : r.backends) backends.push_back(name_of(backend));
  Json out = {{"backends", backends},
              {"caught_by", r.caught_by},
              {"checks", list_json(r.checks)},
              {"compiler_output", r.compiler_output},
              {"exit_code", r.exit_code},
              {"findings", list_json(r.findings)},
              {"harness", r.harness ? to_json(*r.harness) : Json()},
              {"id", r.id},
              {"inputs", inputs},
              {"key", r.key},
              {"language", row_of(r.language).name},
              {"launch_count", r.launch_count},
              {"launches", list_json(r.launches)},
              {"lines", list_json(r.lines)},
              {"metrics", to_json(r.metrics)},
              {"original", r.original ? Json(name_of(*r.original)) : Json()},
              {"output", r.output},
              {"provenance", provenance_json(r.provenance)},
              {"reason", r.reason},
              {"resources", list_json(r.resources)},
              {"role", name_of(r.role)},
              {"schema", kRecordSchema},
              {"stale_components", r.stale_components},
              {"verdict", name_of(r.verdict)},
              {"warnings", list_json(r.warnings)}};
  if (!r.left_out.empty()) out["left_out"] = r.left_out;
  return out;
}

// Hash of everything but the checksum itself.
std::string checksum_of(Json json) {
  json.erase("checksum");
  return base::content_hash(own_text(json));
}

Json unsealed(const Record& record) {
  Json json = record_json(record);
  if (Json values = values_json(record); !values.empty()) json["input_values"] = std::move(values);
  return json;
}

Json sealed(const Record& record) {
  Json json = unsealed(record);
  json["checksum"] = checksum_of(json);
  return json;
}

std::string value_of_input(const Json& json, const std::string& name, const Provenance& provenance) {
  if (name == "compiler") return provenance.compiler;
  if (name == "runtime") return provenance.engine;
  if (name == "device") return provenance.device;
  return text_of(member(json, "input_values"), name.c_str());
}

void read_inputs(const Json& json, Record& r) {
  const Json& inputs = member(json, "inputs");
  if (!inputs.is_object()) return;
  for (const auto& [name, hash] : inputs.items()) {
    r.inputs.push_back({name, hash.is_string() ? hash.get<std::string>() : std::string(),
                        value_of_input(json, name, r.provenance)});
  }
}

std::string other_schema_message(const std::string& schema) {
  return fmt::format("it has schema `{}`, not `{}`", schema, kRecordSchema);
}

std::string schema_field(const std::string& schema) {
  return fmt::format("\"schema\": \"{}\"", schema);
}

base::Result<Record> read_record(const Json& json) {
  if (!json.is_object()) return base::Failure{"it is not a JSON object"};
  if (text_of(json, "schema") != kRecordSchema) {
    return base::Failure{other_schema_message(text_of(json, "schema"))};
  }
  if (text_of(json, "checksum") != checksum_of(json))
    return base::Failure{"its checksum does not match its content"};
  if (const auto left_out = texts_of(json, "left_out"); !left_out.empty())
    return base::Failure{fmt::format("it was made without the check `{}`", fmt::join(left_out, "`, `"))};
  const auto role = find_in(kRoles, text_of(json, "role"));
  const auto language = find_language(text_of(json, "language"));
  const auto verdict = find_verdict(text_of(json, "verdict"));
  if (!role || !language || !verdict) return base::Failure{"its role, language or verdict is unknown"};
  Record r;
  r.id = text_of(json, "id");
  r.role = *role;
  r.language = *language;
  r.key = text_of(json, "key");
  r.verdict = *verdict;
  r.original = find_verdict(text_of(json, "original"));
  r.reason = text_of(json, "reason");
  r.stale_components = texts_of(json, "stale_components");
  for (const std::string& name : texts_of(json, "backends")) {
    const auto backend = find_backend(name);
    if (!backend) return base::Failure{fmt::format("its backend `{}` is unknown", name)};
    r.backends.push_back(*backend);
  }
  read_list(json, "warnings", r.warnings);
  r.compiler_output = text_of(json, "compiler_output");
  r.exit_code = static_cast<int>(integer_of(json, "exit_code"));
  r.output = text_of(json, "output");
  read_list(json, "checks", r.checks);
  read_list(json, "findings", r.findings);
  r.caught_by = texts_of(json, "caught_by");
  if (member(json, "harness").is_object()) read(member(json, "harness"), r.harness.emplace());
  r.metrics = numbers_by_name(json, "metrics");
  read_list(json, "launches", r.launches);
  read_list(json, "lines", r.lines);
  r.launch_count = count_of(json, "launch_count");
  read_list(json, "resources", r.resources);
  const Json& p = member(json, "provenance");
  r.provenance = {text_of(p, "compiler"), text_of(p, "engine"), text_of(p, "architecture"),
                  text_of(p, "device"), flag_of(p, "without_sandbox")};
  read_inputs(json, r);
  return r;
}

// What a committed record must be beyond well sealed: evidence, and all of it read.
base::Result<Record> read_committed(const Json& json) {
  auto record = read_record(json);
  if (!record.ok()) return record;
  if (!is_evidence(record.value().verdict))
    return base::Failure{
        fmt::format("a run that came to `{}` is no evidence", name_of(record.value().verdict))};
  Json read = unsealed(record.value());
  read["checksum"] = member(json, "checksum");
  const std::string name = differing_member(json, read, std::equal_to<>());
  if (!name.empty())
    return base::Failure{fmt::format("its member `{}` is missing, unknown or out of range", name)};
  return record;
}

std::string id_field(std::string_view id) {
  return fmt::format("\"id\": {}", Json(id).dump(-1, ' ', false, Json::error_handler_t::replace));
}

std::size_t member_offset(std::string_view text, std::string_view name) {
  const std::size_t at = text.find(fmt::format("\n  \"{}\"", name));
  return at == std::string_view::npos ? 0 : at + 1;
}

}  // namespace

std::string render_record(const Record& record) {
  return own_text(sealed(record));
}

base::Result<Record> parse_record(std::string_view text) {
  JsonFault fault;
  const auto json = parse_json(text, fault);
  if (!json) return base::Failure{fault.message};
  return read_record(*json);
}

std::string render_records(std::vector<Record> records) {
  std::sort(records.begin(), records.end(), [](const Record& a, const Record& b) { return a.id < b.id; });
  Json list = Json::array();
  for (const Record& record : records) list.push_back(sealed(record));
  return own_text({{"records", list}, {"schema", kRecordSchema}});
}

std::size_t record_offset(std::string_view text, std::string_view id) {
  const std::size_t at = text.find(id_field(id));
  return at == std::string_view::npos ? 0 : at;
}

base::Result<std::vector<Record>> parse_records(std::string_view text, RecordFault* fault) {
  const auto fail = [&](std::string message, std::size_t offset, bool other_schema = false) {
    if (fault != nullptr) *fault = {other_schema, offset};
    return base::Failure{std::move(message)};
  };
  JsonFault unread;
  const auto json = parse_json(text, unread);
  if (!json) return fail(unread.message, unread.offset);
  const std::string schema = text_of(*json, "schema");
  if (!schema.empty() && schema != kRecordSchema) {
    return fail(other_schema_message(schema), text.find(schema_field(schema)), true);
  }
  if (items_of(*json, "records").empty()) return fail("it holds no list of records", 0);
  std::vector<Record> out;
  for (const Json& item : items_of(*json, "records")) {
    const std::string id = text_of(item, "id"), own = text_of(item, "schema");
    auto record = read_committed(item);
    if (!record.ok())
      return fail(fmt::format("record `{}`: {}", id, record.error()), record_offset(text, id),
                  !own.empty() && own != kRecordSchema);
    if (!out.empty() && out.back().id >= id)
      return fail(fmt::format("record `{}` stands twice, or not in its place", id), text.rfind(id_field(id)));
    out.push_back(std::move(record).value());
  }
  const Json own = {{"records", member(*json, "records")}, {"schema", kRecordSchema}};
  if (const std::string name = differing_member(*json, own, std::equal_to<>()); !name.empty())
    return fail(fmt::format("its member `{}` is missing or unknown", name), member_offset(text, name));
  if (const auto rewritten = find_rewriting(text, *json)) return fail(rewritten->message, rewritten->offset);
  return out;
}

}  // namespace drillpress::drill

#include "drill/record.h"

#include <algorithm>
#include <functional>
#include <limits>

#include "base/hash.h"
#include "base/source.h"
#include "base/text.h"
#include "drill/json_read.h"
#include "drill/names.h"
#include "drill/store.h"
#include "drill_site.h"

using namespace drillpress;
using namespace drillpress::drill;
using namespace drillpress::drill::testing;

namespace {

// Every member differs from its default, so that one that is not written shows.
Record full_record() {
  Record r;
  r.id = "transpose/padded";
  r.role = Role::kMutant;
  r.language = Language::kPython;
  r.inputs = {{"code", "00ff"}, {"flags", "11ee"}};
  r.key = "abcd";
  r.verdict = Verdict::kStale;
  r.original = Verdict::kFailedAsExpected;
  r.reason = "why \"not\"";
  r.stale_components = {"code"};
  r.backends = {Backend::kEngine, Backend::kGpu};
  r.warnings = {{{"drills/x.h", 3}, 4, "unused"}};
  r.compiler_output = "line 1: error: no\n";
  r.exit_code = -3;
  r.output = "a\nb \xE2\x80\xA6\n";
  r.checks = {{"output", true, "exact"}, {"memcheck", false, "2 findings"}};
  r.findings = {
      {"memcheck", "out_of_bounds", "k<int>", {1, 2, 3}, {4, 5, 6}, {"", 9}, "store past the end", 7}};
  r.caught_by = {"memcheck", "value"};
  Harness harness;
  harness.seed = 18446744073709551615ull;
  harness.tolerance = "n u";
  HarnessCase one{"33x32", 1056, false, 0.1, std::numeric_limits<double>::infinity(), {}};
  one.failures = {{"value", "guarded", "out", "never written", {3, 5}, -1, "12.5", "nan", 31}};
  harness.cases = {one};
  harness.profiled = ProfiledCost{"big", 1, 2, 3};
  r.harness = harness;
  r.metrics = {{"sectors", 12}, {"ratio", 1.0 / 3}};
  r.launches = {{"k<int>", {1, 2, 3}, {4, 5, 6}, 7, 8, {{"x", 1}}}};
  r.lines = {{{"", 5}, {{"x", 2}}}};
  r.launch_count = 9;
  r.resources = {{"sm_90", "k<int>", 10, 11, 12, 13, 14, Occupancy{256, 1, 8, 64, 64, "warps"}},
                 {"sm_100", "k<int>", 10, 11, 12, 13, 14, std::nullopt}};
  r.provenance = {"nvcc 13", "lockstep 1", "x86_64", "H200"};
  return r;
}

// As one that may be committed.
Record evidence(const std::string& id) {
  Record r = full_record();
  r.id = id;
  r.verdict = Verdict::kFailedAsExpected;
  return r;
}

// The text of records, edited as if by hand; but sealed again when `seal`.
std::string edited_records(const std::function<void(Json&)>& edit, bool seal) {
  Json json = Json::parse(render_records({evidence("a"), evidence("b")}));
  edit(json);
  if (seal) {
    for (Json& record : json["records"]) {
      record.erase("checksum");
      record["checksum"] = base::content_hash(own_text(record));
    }
  }
  return own_text(json);
}

}  // namespace

TEST_CASE("drill: a record survives being written and read") {
  const Record record = full_record();
  const std::string text = render_record(record);
  const auto back = parse_record(text);
  REQUIRE(back.ok());
  CHECK(back.value() == record);
  CHECK(render_record(back.value()) == text);
  const auto empty = parse_record(render_record(Record{}));
  REQUIRE(empty.ok());
  CHECK(empty.value() == Record{});
}

TEST_CASE("drill: every changed byte of a record is noticed") {
  const std::string text = render_record(full_record());
  std::size_t unnoticed = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    std::string changed = text;
    changed[i] = changed[i] == '7' ? '8' : '7';
    const auto back = parse_record(changed);
    // What is still accepted must mean the same (a blank between members, for example).
    if (back.ok() && !(back.value() == full_record())) ++unnoticed;
  }
  CHECK(unnoticed == 0);
  for (std::size_t size = 0; size + 1 < text.size(); ++size)
    CHECK_FALSE(parse_record(text.substr(0, size)).ok());
}

TEST_CASE("drill: several records are one file, sorted by id") {
  const Record a = evidence("b"), b = evidence("a");
  const std::string text = render_records({a, b});
  CHECK(text == render_records({b, a}));
  const auto back = parse_records(text);
  REQUIRE(back.ok());
  REQUIRE(back.value().size() == 2);
  CHECK(back.value()[0] == b);
  CHECK(back.value()[1] == a);
  CHECK_FALSE(parse_records("{}").ok());
  CHECK_FALSE(parse_records(text.substr(0, text.size() / 2)).ok());
}

TEST_CASE("drill: what is wrong with a record file is placed at the record") {
  const std::string text = render_records({evidence("a"), evidence("transpose/padded")});
  RecordFault fault;
  CHECK_FALSE(parse_records(base::replace_all(text, "\"schema\": \"1\"", "\"schema\": \"2\""), &fault).ok());
  CHECK(fault.other_schema);
  std::string edited = text;
  const std::size_t at = edited.rfind("12.5");
  REQUIRE(at != std::string::npos);
  edited[at] = '9';
  CHECK_FALSE(parse_records(edited, &fault).ok());
  CHECK_FALSE(fault.other_schema);
  CHECK(fault.offset == record_offset(edited, "transpose/padded"));
  CHECK(edited.compare(fault.offset, 24, "\"id\": \"transpose/padded\"") == 0);
  CHECK_FALSE(parse_records(text.substr(0, 40), &fault).ok());
  CHECK(fault.offset <= 40);
  CHECK(record_offset(text, "transpose/none") == 0);
}

TEST_CASE(
    "drill: a record file says nothing twice, nothing that is not read, and nothing that proves nothing") {
  struct Case {
    const char* what;
    std::function<void(Json&)> edit;
    bool seal;
    const char* complaint;
  };
  const auto first = [](const char* name, Json value) {
    return [name, value](Json& json) { json["records"][0][name] = value; };
  };
  const Case cases[] = {
      {"a second record", [](Json& json) { json["records"].push_back(json["records"][0]); }, false,
       "record `a` stands twice"},
      {"another order", [](Json& json) { std::swap(json["records"][0], json["records"][1]); }, false,
       "record `a` stands twice, or not in its place"},
      {"an unknown member of the file", [](Json& json) { json["more"] = 1; }, false, "its member `more`"},
      {"no schema of the file", [](Json& json) { json.erase("schema"); }, false, "its member `schema`"},
      {"no records", [](Json& json) { json["records"] = Json::array(); }, false, "no list of records"},
      {"an unknown member", first("more", 1), true, "its member `more`"},
      {"a missing member", [](Json& json) { json["records"][0].erase("launches"); }, true,
       "its member `launches`"},
      {"another type", first("output", 5), true, "its member `output`"},
      {"a number out of range", first("exit_code", 1ull << 40), true, "its member `exit_code`"},
      {"text among counters", [](Json& json) { json["records"][0]["metrics"]["ratio"] = "fast"; }, true,
       "its member `metrics`"},
      {"what failed", first("verdict", "failed"), true, "`failed` is no evidence"},
      {"what is itself a replay", first("verdict", "replayed"), true, "`replayed` is no evidence"},
  };
  REQUIRE(parse_records(edited_records([](Json&) {}, true)).ok());
  for (const Case& one : cases) {
    INFO(one.what);
    const auto records = parse_records(edited_records(one.edit, one.seal));
    REQUIRE_FALSE(records.ok());
    CHECK(records.error().find(one.complaint) != std::string::npos);
  }
}

TEST_CASE("drill: the text of a record file is what was written, byte by byte") {
  const std::string text = render_records({evidence("a")});
  const std::string deep = std::string(100'000, '[') + std::string(100'000, ']');
  struct Case {
    const char* complaint;
    std::string text;
    std::size_t line;
  };
  const std::string exit_code = "\"exit_code\": -3";
  const std::size_t line =
      1 + static_cast<std::size_t>(std::count(
              text.begin(), text.begin() + static_cast<std::ptrdiff_t>(text.find(exit_code)), '\n'));
  const Case cases[] = {
      {"rewritten", base::replace_all(text, "\n", "\r\n"), 1},
      {"rewritten", "\xEF\xBB\xBF" + text, 1},
      {"rewritten", base::replace_all(text, exit_code, "\"exit_code\": 0, " + exit_code), line},
      {"beyond all bounds", base::replace_all(text, exit_code, "\"exit_code\": 1e400"), line},
      {"nests too deep", base::replace_all(text, exit_code, "\"exit_code\": " + deep), line},
      {"it is not JSON, or cut short", base::replace_all(text, exit_code, "\"exit_code\": NaN"), line},
      {"it is not JSON, or cut short", text + "x",
       1 + static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'))},
      {"it is cut short", text.substr(0, text.find(exit_code)), line},
  };
  for (const Case& one : cases) {
    INFO(one.complaint);
    RecordFault fault;
    const auto records = parse_records(one.text, &fault);
    REQUIRE_FALSE(records.ok());
    CHECK(records.error().find(one.complaint) != std::string::npos);
    CHECK(base::Source("f", one.text).position(fault.offset).line == one.line);
  }
}

TEST_CASE("drill: readable inputs are kept beside their hashes and are not part of their sameness") {
  Record record = full_record();
  record.inputs = {{"arguments", "11", "--size 3"}, {"code", "22"}, {"flags", "33", "-O2"}};
  const std::string text = render_record(record);
  CHECK(text.find("\"arguments\": \"--size 3\"") != std::string::npos);
  const auto back = parse_record(text);
  REQUIRE(back.ok());
  CHECK(back.value().inputs[0].value == "--size 3");
  CHECK(back.value().inputs[2].value == "-O2");
  Record without = record;
  for (Component& component : without.inputs) component.value.clear();
  CHECK(without == record);
  CHECK(render_record(without).find("input_values") == std::string::npos);
  CHECK(parse_record(render_record(without)).ok());
}

TEST_CASE("drill: every verdict and backend has a name of its own") {
  for (const auto& row : kVerdicts) CHECK(find_verdict(row.name) == row.value);
  for (const auto& row : kBackends) CHECK(find_backend(row.name) == row.value);
  CHECK(std::size(kVerdicts) == static_cast<std::size_t>(Verdict::kFailed) + 1);
  CHECK_FALSE(find_verdict("fine"));
  CHECK(name_of(Comparison::kAtMost) == "<=");
  CHECK(name_of(Mode::kCompileFail) == "compile_fail");
}

TEST_CASE("drill: the cache gives back what was stored, and nothing from a damaged file") {
  const Site site;
  const RecordCache cache(site.path("cache"));
  Record record = full_record();
  CHECK_FALSE(cache.load(record.key));
  REQUIRE(cache.store(record).ok());
  REQUIRE(cache.load(record.key));
  CHECK(*cache.load(record.key) == record);
  const std::string file = "cache/records/abcd.json";
  site.write("cache/records/other.json", site.read(file));
  CHECK_FALSE(cache.load("other"));  // a record under another key is not that key's
  site.write(file, base::replace_all(site.read(file), "12.5", "12.6"));
  CHECK_FALSE(cache.load(record.key));
}

TEST_CASE("drill: a damaged committed file counts as absent and is reported once") {
  const Site site;
  diagnostics::Sink sink;
  const std::string good = render_records({evidence("transpose/padded")});
  site.write("drills/t/records/lockstep.json", good);
  site.write("drills/u/records/lockstep.json", base::replace_all(good, "31", "30"));
  CommittedRecords committed(site.root(), sink);
  CHECK(committed.find("drills/t/records/lockstep.json", "transpose/padded"));
  CHECK_FALSE(committed.find("drills/t/records/lockstep.json", "transpose/other"));
  CHECK_FALSE(committed.find("drills/none.json", "transpose/padded"));
  CHECK(heads(sink).empty());
  CHECK_FALSE(committed.find("drills/u/records/lockstep.json", "transpose/padded"));
  CHECK_FALSE(committed.find("drills/u/records/lockstep.json", "transpose/padded"));
  CHECK(heads(sink) == std::vector<std::string>{
                           "drills/u/records/lockstep.json:85:7: error: the record file is damaged: record "
                           "`transpose/padded`: its checksum does not match its content [record-damaged]"});
}

TEST_CASE("drill: evidence is the same whatever it was gathered with") {
  Record a = full_record();
  a.inputs = {{"code", "1"}, {"compiler", "1"}, {"runtime", "1"}};
  Record b = a;
  b.inputs = {{"code", "1"}, {"compiler", "2"}, {"runtime", "2"}};
  b.key = "other";
  b.provenance.engine = "lockstep 2";
  CHECK(same_evidence(a, b));
  b.output = "other";
  CHECK_FALSE(same_evidence(a, b));
  b = a;
  b.inputs[0].hash = "2";
  CHECK_FALSE(same_evidence(a, b));
}

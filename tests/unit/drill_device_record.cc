// Device records: written and read, and every way in which one is not to be believed. All numbers here are
// made up.
#include "drill/device_record.h"

#include <catch2/catch.hpp>

#include "base/hash.h"
#include "drill/device_inputs.h"
#include "drill/json_read.h"
#include "drill_device.h"

using namespace drillpress;
using namespace drillpress::drill;
using namespace drillpress::drill::testing;

namespace {

// The record's text with one piece replaced, and sealed again as an attentive forger would.
std::string forged(const std::string& text, const std::string& old, const std::string& fresh) {
  const std::size_t at = text.find(old);
  REQUIRE(at != std::string::npos);
  Json json = Json::parse(text.substr(0, at) + fresh + text.substr(at + old.size()));
  json.erase("checksum");
  json["checksum"] = base::content_hash(json.dump(2) + "\n");
  return json.dump(2) + "\n";
}

struct Refusal {
  std::string message, place;
};
Refusal refusal(const std::string& text) {
  DeviceRecordFault fault;
  CHECK_FALSE(parse_device_record(text, fault));
  return {fault.message, text.substr(fault.begin, fault.end - fault.begin)};
}

}  // namespace

TEST_CASE("drill: a device record survives being written and read") {
  const DeviceRecord record = synthetic_record();
  const std::string text = render_device_record(record);
  DeviceRecordFault fault;
  const auto back = parse_device_record(text, fault);
  CAPTURE(fault.message);
  REQUIRE(back);
  CHECK(*back == record);
  CHECK(render_device_record(*back) == text);
  CHECK(text.find("/") == text.find("/naive"));  // ids have slashes, paths would have more
}

TEST_CASE("drill: a device record that is cut short or edited is refused at the place") {
  const std::string text = render_device_record(synthetic_record());
  for (const std::size_t length : {std::size_t{0}, std::size_t{1}, text.size() / 2, text.size() - 3}) {
    CAPTURE(length);
    CHECK(refusal(text.substr(0, length)).message == "it is cut short");
  }
  CHECK(refusal("{} {").message == "it is not JSON, or cut short");

  std::string edited = text;
  edited.replace(edited.find("NVIDIA Test"), 11, "NVIDIA Best");
  CHECK(refusal(edited).message == "its checksum does not match its content: it was edited");
  CHECK(refusal(edited).place == "\"checksum\"");

  const Refusal schema = refusal(forged(text, "\"device-1\"", "\"device-2\""));
  CHECK(schema.message == "it has schema `device-2`, not `device-1`");
  CHECK(schema.place == "\"schema\": \"device-2\"");
}

TEST_CASE("drill: a summary that does not follow from its samples is refused, however well it is sealed") {
  const DeviceRecord record = synthetic_record();
  const std::string text = render_device_record(record);
  const stats::Summary& summary = record.measurement->contestants[0].series[0].summary;
  const std::string median = "\"median\": " + Json(summary.median).dump();
  const Refusal faster = refusal(forged(text, median, "\"median\": 1000.0"));
  CHECK(faster.message ==
        "the cold samples of naive give `median` = " + Json(summary.median).dump() + ", not 1000.0");
  CHECK(faster.place == "\"median\"");

  const Refusal steadier = refusal(forged(text, "\"time_limit\"", "\"stable\""));
  CHECK(steadier.message.find("give `statements`") != std::string::npos);

  // The samples themselves: a statistic of others.
  const std::string samples =
      "\"samples_ns\": \"" + Json(record.measurement->contestants[0].series[0].samples_ns[0]).dump();
  const std::size_t digits = text.find("\"samples_ns\": \"") + 15;
  REQUIRE(digits > 15);
  std::string moved = text;
  moved.replace(digits, 1, "9");
  CHECK(refusal(forged(moved, "\"cold\"", "\"cold\"")).message.find("the cold samples of naive give") == 0);

  for (const char* bad : {"-", "0 ", "nan ", "1e999 ", "x ", "-5 "}) {
    CAPTURE(bad);
    std::string broken = text;
    broken.insert(digits, bad);
    const std::string message = refusal(forged(broken, "\"cold\"", "\"cold\"")).message;
    const bool named = message.find("the cold samples of naive are") == 0;
    CHECK(named);
  }
}

TEST_CASE("drill: peaks and floors follow from what the device says") {
  Device h200;
  h200.capability = "9.0";
  h200.multiprocessors = 132;
  h200.sm_clock_khz = 1'980'000;
  h200.memory_clock_khz = 3'201'000;
  h200.memory_bus_bits = 6144;
  h200.l2_bytes = 50u << 20;
  CHECK(peak_bytes_per_second(h200) == Approx(2 * 3.201e9 * 768));
  CHECK(peak_operations_per_second(h200, Arithmetic::kCudaCores) == Approx(132 * 128 * 2 * 1.98e9));
  CHECK(peak_operations_per_second(h200, Arithmetic::kTensorCores) == 0);

  Workload copy;
  copy.bytes_read = copy.bytes_written = 1u << 28;
  copy.working_set_bytes = 1u << 29;
  CHECK(floor_ns(copy, h200) == Approx((1u << 29) / (2 * 3.201 * 768)));
  copy.working_set_bytes = 1u << 20;  // it may come from the cache: no floor
  CHECK(floor_ns(copy, h200) == 0);
  Workload product;
  product.operations = 1ull << 34;
  CHECK(floor_ns(product, h200) == Approx((1ull << 34) / (132 * 128 * 2 * 1.98)));

  Device unknown;
  copy.working_set_bytes = 1u << 29;
  CHECK(floor_ns(copy, unknown) == 0);
  CHECK(floor_ns(product, unknown) == 0);
}

TEST_CASE("drill: a hot series may use the cache, and its floor is lower for it") {
  DeviceRecord record = synthetic_record();
  record.device.memory_clock_khz = 1'000'000;
  record.device.memory_bus_bits = 1024;  // 256 GB/s
  Workload& workload = record.measurement->workload;
  workload.bytes_read = workload.bytes_written = 128'000'000;  // a millisecond
  workload.working_set_bytes = 256'000'000;
  record.device.l2_bytes = 25'600'000;  // a tenth
  SampleSeries series;
  series.samples_ns.assign(1000, 0.95e6);
  const auto cold = summary_of(series, workload, record.device);
  series.cold = false;
  const auto hot = summary_of(series, workload, record.device);
  CHECK(cold.value().says(stats::Statement::kBelowFloor));
  CHECK_FALSE(hot.value().says(stats::Statement::kBelowFloor));
}

TEST_CASE("drill: staleness of a device's evidence names the component") {
  const Site site;
  write_sources(site, "drills/");
  SourceFiles files(site.root());
  const auto before = measured_inputs("drills/toy/rungs/naive.cu", files);
  std::vector<std::string> names;
  for (const Component& component : before) names.push_back(component.name);
  CHECK(names == std::vector<std::string>{"case", "code", "flags", "includes", "method"});

  struct Row {
    const char *file, *component;
  };
  for (const Row row : {Row{"drills/toy/rungs/naive.cu", "code"},
                        {"drills/toy/problem.cuh", "includes"},
                        {"drills/support/drill.h", "includes"},
                        {"drills/toy/measured.cuh", "case"},
                        {"drills/recorder/measure.cu", "method"},
                        {"drills/recorder/rules.h", "method"},
                        {"drills/recorder/contestant.cu", "method"},
                        {"drills/recorder/flags.txt", "flags"}}) {
    CAPTURE(row.file);
    const std::string text = site.read(row.file);
    site.write(row.file, text + "// changed\n");
    SourceFiles changed(site.root());
    const auto now = differing(before, measured_inputs("drills/toy/rungs/naive.cu", changed));
    CHECK(std::find(now.begin(), now.end(), row.component) != now.end());
    site.write(row.file, text);
  }
  SourceFiles again(site.root());
  CHECK(differing(before, measured_inputs("drills/toy/rungs/naive.cu", again)).empty());
  // Verification does not depend on how the timing is done.
  site.write("drills/toy/measured.cuh", "// other\n");
  SourceFiles other(site.root());
  CHECK(differing(hardware_inputs("drills/toy/rungs/naive.cu", files),
                  hardware_inputs("drills/toy/rungs/naive.cu", other))
            .empty());
}

#include "drill/input_key.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>

#include "base/hash.h"
#include "drill/language.h"
#include "drill/names.h"

namespace drillpress::drill {
namespace {

constexpr std::array<std::string_view, 3> kSurroundingNames = {"compiler", "device", "runtime"};

bool is_surrounding(std::string_view name) {
  return std::find(kSurroundingNames.begin(), kSurroundingNames.end(), name) != kSurroundingNames.end();
}

std::string hash_of(const std::vector<std::string>& fields) {
  base::KeyHasher hasher;
  for (const std::string& field : fields) hasher.add(field);
  return hasher.hex();
}

// What is expected and how it is judged; the time limit is not part of it, for it cannot change good
// evidence.
std::vector<std::string> attribute_fields(const Program& program) {
  const Expectation& expectation = program.expectation;
  std::vector<std::string> fields = {std::string(row_of(program.language).name),
                                     std::string(name_of(program.role)),
                                     std::string(name_of(program.mode)),
                                     std::to_string(program.exit_code),
                                     program.compile_error,
                                     std::string(name_in(kExpectations, expectation.kind)),
                                     expectation.output.text,
                                     std::string(name_of(expectation.output.match)),
                                     fmt::format("{}", expectation.output.tolerance),
                                     program.expected_catcher,
                                     program.wants_resources ? "resources" : ""};
  for (const ExpectedCount& count : program.expected_counts) {
    fields.push_back(fmt::format("{} {} {}", count.metric, name_of(count.comparison), count.value));
  }
  return fields;
}

}  // namespace

Inputs describe_inputs(const Program& program, const Surroundings& surroundings, SourceFiles& files) {
  Inputs inputs;
  inputs.includes = scan_includes(program, files);
  std::vector<std::string> included;
  for (const base::SourcePtr& file : inputs.includes) {
    included.push_back(file->path());
    included.push_back(file->text());
  }
  // Code for the GPU that happens to be there belongs to the device, not to the flags that a record must
  // share.
  std::map<std::string, std::string> hashes = {
      {"arguments", hash_of(program.arguments)},
      {"attributes", hash_of(attribute_fields(program))},
      {"code", hash_of({program.code})},
      {"compiler", hash_of({surroundings.compiler})},
      {"device", hash_of({surroundings.device, surroundings.gpu_architecture})},
      {"flags", hash_of(compiler_flags(program, ""))},
      {"includes", hash_of(included)},
      {"runtime", hash_of({surroundings.runtime})},
      {"schema", hash_of({std::string(kRecordSchema)})},
  };
  base::KeyHasher all;
  // For people who are told that one has changed.
  const std::map<std::string, std::string> values = {
      {"arguments", fmt::format("{}", fmt::join(program.arguments, " "))},
      {"compiler", surroundings.compiler},
      {"device", surroundings.device},
      {"flags", fmt::format("{}", fmt::join(compiler_flags(program, ""), " "))},
      {"runtime", surroundings.runtime.empty() ? "" : engine_name(surroundings.runtime)},
  };
  for (const auto& [name, hash] : hashes) {
    const auto value = values.find(name);
    inputs.components.push_back({name, hash, value == values.end() ? "" : value->second});
    all.add(name).add(hash);
  }
  inputs.key = all.hex();
  base::KeyHasher binary;
  for (const char* name : {"code", "compiler", "flags", "includes"}) binary.add(hashes[name]);
  inputs.binary_key = binary.add(surroundings.gpu_architecture).hex();
  return inputs;
}

std::string engine_name(std::string_view library_hash) {
  return fmt::format("lockstep {}", library_hash.substr(0, 12));
}

std::vector<Change> changes(const std::vector<Component>& recorded, const std::vector<Component>& now) {
  std::map<std::string, std::pair<Component, Component>> by_name;
  for (const Component& component : recorded) by_name[component.name].first = component;
  for (const Component& component : now) by_name[component.name].second = component;
  std::vector<Change> out;
  for (const auto& [name, sides] : by_name) {
    if (sides.first.hash == sides.second.hash) continue;
    const bool surrounding = is_surrounding(name);
    // What is not here now cannot be compared with what was there then.
    if (surrounding && sides.second.value.empty()) continue;
    out.push_back({name, sides.first.value, sides.second.value, surrounding});
  }
  return out;
}

std::string describe(const Change& change) {
  const std::string what = fmt::format("the {} changed", change.name == "runtime" ? "engine" : change.name);
  if (change.before == change.after || (change.before.empty() && change.after.empty())) return what;
  const auto shown = [](const std::string& value) { return value.empty() ? std::string("none") : value; };
  return fmt::format("{}: {} → {}", what, shown(change.before), shown(change.after));
}

std::vector<std::string> changed_components(const std::vector<Component>& recorded,
                                            const std::vector<Component>& now) {
  std::map<std::string, std::pair<std::string, std::string>> by_name;
  for (const Component& component : recorded) by_name[component.name].first = component.hash;
  for (const Component& component : now) by_name[component.name].second = component.hash;
  std::vector<std::string> changed;
  for (const auto& [name, hashes] : by_name) {
    if (!is_surrounding(name) && hashes.first != hashes.second) changed.push_back(name);
  }
  return changed;
}

}  // namespace drillpress::drill

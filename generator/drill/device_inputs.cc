#include "drill/device_inputs.h"

#include <algorithm>

#include "base/hash.h"
#include "drill/include_scan.h"

namespace drillpress::drill {
namespace {

constexpr const char* kSupport = "drills/support";
constexpr const char* kRecorder = "drills/recorder";

// The file and everything of the tree that it includes.
struct Unit {
  std::string code, includes;
};

std::string text_of(const std::string& path, SourceFiles& files) {
  const base::SourcePtr file = files.load(path);
  return file ? file->text() : std::string();
}

Unit unit_of(const std::string& path, SourceFiles& files) {
  Program program;
  program.language = Language::kCuda;
  program.source = files.load(path);
  if (!program.source) return {};
  program.code = program.source->text();
  program.include_folders = {kSupport, kRecorder, drill_folder(path)};
  base::KeyHasher includes;
  for (const base::SourcePtr& file : scan_includes(program, files))
    includes.add(file->path()).add(file->text());
  return {base::content_hash(program.code), includes.hex()};
}

std::vector<Component> sorted(std::vector<Component> components) {
  std::sort(components.begin(), components.end(),
            [](const Component& a, const Component& b) { return a.name < b.name; });
  return components;
}

}  // namespace

std::string drill_folder(const std::string& path) {
  return path.substr(0, path.find('/', path.find('/') + 1));
}

std::vector<Component> hardware_inputs(const std::string& path, SourceFiles& files) {
  const Unit unit = unit_of(path, files);
  return sorted({{"code", unit.code},
                 {"flags", base::content_hash(text_of(std::string(kRecorder) + "/flags.txt", files))},
                 {"includes", unit.includes}});
}

std::vector<Component> measured_inputs(const std::string& path, SourceFiles& files) {
  const Unit chosen = unit_of(drill_folder(path) + "/measured.cuh", files);
  const Unit driver = unit_of(std::string(kRecorder) + "/measure.cu", files);
  const std::string contestant = text_of(std::string(kRecorder) + "/contestant.cu", files);
  std::vector<Component> out = hardware_inputs(path, files);
  out.push_back({"case", base::KeyHasher().add(chosen.code).add(chosen.includes).hex()});
  out.push_back({"method", base::KeyHasher().add(driver.code).add(driver.includes).add(contestant).hex()});
  return sorted(std::move(out));
}

std::vector<std::string> differing(const std::vector<Component>& recorded,
                                   const std::vector<Component>& now) {
  std::vector<std::string> out;
  const auto note = [&](const std::vector<Component>& these, const std::vector<Component>& others) {
    for (const Component& component : these)
      if (std::find(others.begin(), others.end(), component) == others.end()) out.push_back(component.name);
  };
  note(recorded, now);
  note(now, recorded);
  std::sort(out.begin(), out.end());
  out.erase(std::unique(out.begin(), out.end()), out.end());
  return out;
}

}  // namespace drillpress::drill

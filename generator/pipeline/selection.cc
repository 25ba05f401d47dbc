#include "pipeline/selection.h"

#include <fmt/format.h>

#include "base/text.h"
#include "drill/matching.h"

namespace drillpress::pipeline {
namespace {

bool is_pattern(std::string_view name) {
  return name.find_first_of("*?") != std::string_view::npos;
}

bool means(std::string_view name, const drill::Program& program) {
  if (is_pattern(name)) return drill::matches_glob(name, program.id);
  return program.id == name || owner_of(program.id) == name;
}

base::Failure unknown(const Programs& programs, const std::string& name) {
  if (is_pattern(name)) return {fmt::format("nothing that runs fits `{}`", name)};
  std::vector<std::string> known;
  for (const drill::Program& program : programs.programs) {
    known.push_back(program.id);
    known.push_back(owner_of(program.id));
  }
  const auto near = base::nearest(name, known);
  return {fmt::format("nothing that runs is called `{}`{}", name,
                      near ? fmt::format("; did you mean `{}`?", *near) : "")};
}

}  // namespace

base::Result<std::set<std::string>> select_programs(const Programs& programs,
                                                    const std::vector<std::string>& names) {
  std::set<std::string> ids;
  for (const std::string& name : names) {
    bool found = false;
    for (const drill::Program& program : programs.programs) {
      if (!means(name, program)) continue;
      ids.insert(program.id);
      found = true;
    }
    if (!found) return unknown(programs, name);
  }
  return ids;
}

}  // namespace drillpress::pipeline

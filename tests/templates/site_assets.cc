#include "site_assets.h"

#include <catch2/catch.hpp>
#include <sstream>

#include "template/embedded.h"

namespace drillpress::test {

std::string read_embedded(const std::string& path) {
  const auto* file = templating::find_embedded_file(path);
  INFO("embedded file " << path);
  REQUIRE(file != nullptr);
  return std::string(file->bytes);
}

JoinedParts joined_parts(const std::string& block, const std::string& folder, const std::string& extension) {
  const std::string yaml = read_embedded("site/site.yaml");
  const std::size_t at = yaml.find("\n" + block + ":\n");
  REQUIRE(at != std::string::npos);
  const auto between = [&](const std::string& open, const std::string& close) {
    const std::size_t begin = yaml.find(open, at) + open.size();
    return yaml.substr(begin, yaml.find(close, begin) - begin);
  };
  JoinedParts out{between("output: ", "\n"), {}};
  std::istringstream names(between("parts: [", "]"));
  for (std::string name; std::getline(names >> std::ws, name, ',');) {
    out.parts.push_back("site/" + folder + "/" + name + "." + extension);
  }
  return out;
}

std::vector<JoinedParts> page_scripts() {
  std::istringstream lines(read_embedded("site/site.yaml"));
  std::vector<JoinedParts> out;
  bool inside = false;
  for (std::string line; std::getline(lines, line);) {
    if (line == "page_scripts:") inside = true;
    const std::size_t output = line.find("output: "), parts = line.find("parts: [");
    if (inside && line.empty()) break;
    if (!inside || output == std::string::npos || parts == std::string::npos) continue;
    JoinedParts row{line.substr(output + 8, line.find(',', output) - output - 8), {}};
    std::istringstream names(line.substr(parts + 8, line.find(']', parts) - parts - 8));
    for (std::string name; std::getline(names >> std::ws, name, ',');)
      row.parts.push_back("site/scripts/" + name + ".js");
    out.push_back(std::move(row));
  }
  return out;
}

std::string join_parts(const JoinedParts& joined) {
  std::string out;
  for (const std::string& part : joined.parts) out += read_embedded(part);
  return out;
}

}  // namespace drillpress::test

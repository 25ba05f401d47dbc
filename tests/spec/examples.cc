#include "examples.h"

#include <sstream>

#include "base/text.h"

namespace drillpress::spec {

std::vector<Example> parse_examples(const std::string& text) {
  const std::string fence(32, '`');
  std::vector<Example> examples;
  std::string section;
  enum class State { kProse, kMarkdown, kHtml } state = State::kProse;
  int line_number = 0;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) {
    ++line_number;
    if (state == State::kProse) {
      if (line.rfind(fence + " example", 0) == 0) {
        examples.push_back({static_cast<int>(examples.size()) + 1, line_number, section, "", ""});
        state = State::kMarkdown;
      } else if (!line.empty() && line[0] == '#') {
        section = base::trim(line.substr(line.find_first_not_of('#')));
      }
    } else if (line == fence) {
      state = State::kProse;
    } else if (state == State::kMarkdown && line == ".") {
      state = State::kHtml;
    } else {
      std::string& part = state == State::kMarkdown ? examples.back().markdown : examples.back().html;
      part += base::replace_all(line, "→", "\t") + "\n";
    }
  }
  return examples;
}

std::map<int, std::string> parse_expected_failures(const std::string& text) {
  std::map<int, std::string> expected;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) {
    if (line.empty() || line[0] == '#') continue;
    std::istringstream fields(line);
    int number = 0;
    std::string reason;
    fields >> number;
    std::getline(fields >> std::ws, reason);
    expected[number] = reason;
  }
  return expected;
}

}  // namespace drillpress::spec

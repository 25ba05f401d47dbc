// Reads examples in the CommonMark specification's form, and the lists of those known to fail.
#pragma once

#include <map>
#include <string>
#include <vector>

namespace drillpress::spec {

/// Between a line of 32 backticks with the word "example" and one of 32 backticks: Markdown, a line `.`,
/// HTML. A tab is written `→`.
struct Example {
  int number = 0;  ///< from 1
  int line = 0;    ///< of the file
  std::string section;
  std::string markdown;
  std::string html;
};

std::vector<Example> parse_examples(const std::string& text);

/// Lines `number reason`; `#` begins a comment.
std::map<int, std::string> parse_expected_failures(const std::string& text);

}  // namespace drillpress::spec

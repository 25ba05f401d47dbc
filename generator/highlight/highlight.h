// Code to classified spans, with our own table-driven lexers; never fails, whatever the text.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "highlight/token_class.h"

namespace drillpress::highlight {

/// The bytes [begin, end) of the text. Lists of them are complete and in order: each begins where the one
/// before ends, the first at 0, the last ends with the text, none is empty, and neighbours differ in class.
struct Classified {
  std::uint32_t begin;
  std::uint32_t end;
  TokenClass token_class;
};

/// Classifies a text of less than 4 GiB. An unknown language gives plain text.
std::vector<Classified> highlight(std::string_view language, std::string_view text);

/// The languages by their main name, in alphabetical order ("bash", "cmake", …).
std::vector<std::string> language_names();
/// Whether a name or an alias ("cu", "c++", "sh") is known.
bool is_known_language(std::string_view name);

/// One element for each line of the text (a final line break opens no line): its HTML, escaped, tokens as
/// `<span class="tok-k">…</span>`. Spans never cross lines; a token over several lines is continued on each.
/// The line break (LF or CR LF) is not part of the element.
std::vector<std::string> render_lines(std::string_view language, std::string_view text);

}  // namespace drillpress::highlight

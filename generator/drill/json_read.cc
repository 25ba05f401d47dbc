#include "drill/json_read.h"

#include <algorithm>

namespace drillpress::drill {
namespace {

constexpr std::size_t kDeepest = 64;

// The bracket at which nesting gets too deep, or npos.
std::size_t too_deep(std::string_view text) {
  std::size_t depth = 0;
  bool quoted = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (quoted && c == '\\') {
      ++i;
    } else if (c == '"') {
      quoted = !quoted;
    } else if (!quoted && (c == '[' || c == '{')) {
      if (++depth > kDeepest) return i;
    } else if (!quoted && (c == ']' || c == '}')) {
      depth -= depth > 0 ? 1 : 0;
    }
  }
  return std::string_view::npos;
}

// The library names the number in single quotes at the end of its message, and nowhere its place.
std::size_t place_of_number(std::string_view text, std::string_view message) {
  const std::size_t end = message.rfind('\'');
  const std::size_t begin = end == std::string_view::npos ? end : message.rfind('\'', end - 1);
  if (begin == std::string_view::npos) return 0;
  const std::size_t at = text.find(message.substr(begin + 1, end - begin - 1));
  return at == std::string_view::npos ? 0 : at;
}

}  // namespace

std::optional<Json> parse_json(std::string_view text, JsonFault& fault) {
  if (const std::size_t at = too_deep(text); at != std::string_view::npos) {
    fault = {"it nests too deep", at};
    return std::nullopt;
  }
  try {
    return Json::parse(text);
  } catch (const Json::parse_error& error) {
    const std::size_t at = std::min<std::size_t>(error.byte == 0 ? 0 : error.byte - 1, text.size());
    fault = {at >= text.size() ? "it is cut short" : "it is not JSON, or cut short", at};
  } catch (const Json::out_of_range& error) {
    fault = {"it has a number beyond all bounds", place_of_number(text, error.what())};
  }
  return std::nullopt;
}

std::string own_text(const Json& json) {
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

std::optional<JsonFault> find_rewriting(std::string_view text, const Json& json) {
  const std::string own = own_text(json);
  if (own == text) return std::nullopt;
  const auto [in_own, in_text] = std::mismatch(own.begin(), own.end(), text.begin(), text.end());
  return JsonFault{"it was rewritten by something else, from here on",
                   static_cast<std::size_t>(in_text - text.begin())};
}

}  // namespace drillpress::drill

#include "markdown/render.h"

namespace drillpress::markdown {
namespace {

constexpr std::string_view kHexDigits = "0123456789ABCDEF";

// Written as they are in a URL: RFC 3986's unreserved and reserved characters (square brackets excepted, as
// the CommonMark examples have it) and `%`, which may already begin an escape.
bool is_url_character(char c) {
  constexpr std::string_view kMarks = "-_.!~*();/?:@=+$,#%";
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
         kMarks.find(c) != std::string_view::npos;
}

}  // namespace

std::string escape_text(std::string_view text) {
  std::string out;
  out.reserve(text.size() + text.size() / 16);
  for (const char c : text) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      default:
        out += c;
    }
  }
  return out;
}

std::string escape_url(std::string_view url) {
  std::string out;
  for (const char c : url) {
    if (c == '&') {
      out += "&amp;";
    } else if (c == '\'') {
      out += "&#x27;";
    } else if (is_url_character(c)) {
      out += c;
    } else {
      const auto byte = static_cast<unsigned char>(c);
      out += '%';
      out += kHexDigits[byte >> 4];
      out += kHexDigits[byte & 0xF];
    }
  }
  return out;
}

}  // namespace drillpress::markdown

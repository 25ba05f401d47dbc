#include "ptx/debug_info.h"

#include "ptx/constant.h"

namespace drillpress::ptx {
namespace {

std::size_t mix(std::size_t seed, std::size_t value) {
  return (seed ^ value) * 0x9E3779B97F4A7C15ULL + (seed >> 31);
}

bool is_octal(char c) {
  return c >= '0' && c <= '7';
}

}  // namespace

std::size_t DebugInfo::Hash::operator()(const Location& location) const {
  const std::size_t place = mix(mix(location.file, location.line), location.column);
  return mix(place, static_cast<std::size_t>(location.inlined_at));
}

std::size_t DebugInfo::Hash::operator()(const PendingSite& site) const {
  return mix(mix((*this)(site.location), std::hash<std::string_view>()(site.label)), site.offset);
}

void DebugInfo::begin_function() {
  location_ = {};
  inlined_.clear();
}

void DebugInfo::parse_file(Lexer& lexer) {
  SourceFile file;
  file.number = static_cast<std::uint32_t>(parse_count(lexer, "the number of a file", 0, kAnyU32));
  file.path = unescape(lexer.expect(Token::Kind::kString, "the path of a file").text);
  while (lexer.accept(',')) {
    parse_count(lexer, "the time or size of a file", 0, ~std::uint64_t{0});
  }
  files_.push_back(std::move(file));
}

Location DebugInfo::parse_place(Lexer& lexer) {
  Location place;
  place.file = static_cast<std::uint32_t>(parse_count(lexer, "the number of a file", 0, kAnyU32));
  place.line = static_cast<std::uint32_t>(parse_count(lexer, "a line", 0, kAnyU32));
  place.column = static_cast<std::uint32_t>(parse_count(lexer, "a column", 0, kAnyU32));
  return place;
}

void DebugInfo::parse_loc(Lexer& lexer) {
  const Location place = parse_place(lexer);
  location_ = place;
  if (lexer.accept(',')) {
    PendingSite site{};
    const Token attribute = lexer.expect(Token::Kind::kIdentifier, "`function_name`");
    if (attribute.text != "function_name")
      Lexer::fail(attribute, "expected `function_name` after `,` of `.loc`");
    site.label = lexer.expect(Token::Kind::kIdentifier, "the label of a function's name").text;
    if (lexer.accept('+')) site.offset = parse_count(lexer, "an offset", 0, kAnyU32);
    lexer.expect(',');
    const Token second = lexer.expect(Token::Kind::kIdentifier, "`inlined_at`");
    if (second.text != "inlined_at") Lexer::fail(second, "expected `inlined_at` after the function's name");
    site.location = parse_place(lexer);
    // The call itself may be in inlined code: its place is then that of an earlier `.loc` of this function.
    if (const auto outer = inlined_.find(site.location); outer != inlined_.end()) {
      site.location.inlined_at = outer->second;
    }
    const auto next = static_cast<std::int32_t>(sites_.size());
    const auto [known, is_new] = site_ids_.emplace(site, next);
    if (is_new) sites_.push_back(site);
    location_.inlined_at = known->second;
    inlined_[place] = known->second;
  } else if (!inlined_.empty()) {
    inlined_.erase(place);
  }
}

void DebugInfo::parse_section(Lexer& lexer) {
  const Token name = lexer.expect(Token::Kind::kSuffix, "the name of a section");
  lexer.expect('{', "to open the section");
  if (name.text == "debug_str") {
    strings_section_ = name;
    parse_strings(lexer);
  } else {
    while (!lexer.current().is('}') && !lexer.current().is(Token::Kind::kEnd)) lexer.advance();
  }
  if (!lexer.current().is('}')) Lexer::fail(name, "the section that begins here does not end");
  lexer.advance();
}

void DebugInfo::parse_strings(Lexer& lexer) {
  while (!lexer.current().is('}') && !lexer.current().is(Token::Kind::kEnd)) {
    if (lexer.accept_suffix("b8")) {
      do {
        strings_ += static_cast<char>(parse_count(lexer, "a byte", 0, 0xFF));
      } while (lexer.accept(','));
    } else {
      const Token label = lexer.expect(Token::Kind::kIdentifier, "`.b8` or a label");
      lexer.expect(':', "after a label");
      string_labels_.emplace(label.text, strings_.size());
    }
  }
}

std::string DebugInfo::string_at(std::string_view label, std::uint64_t offset) const {
  const auto found = string_labels_.find(label);
  if (found == string_labels_.end() || found->second + offset >= strings_.size()) return {};
  return strings_.c_str() + found->second + offset;
}

void DebugInfo::finish(Module& module, std::uint64_t most_name_bytes) {
  module.files = std::move(files_);
  for (const PendingSite& site : sites_) {
    std::string name = string_at(site.label, site.offset);
    if (name.size() > most_name_bytes)
      Lexer::fail(strings_section_, "the names of inlined functions are too long");
    most_name_bytes -= name.size();
    module.inline_sites.push_back({site.location, std::move(name)});
  }
}

std::string unescape(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '\\' || i + 1 == text.size()) {
      out += text[i];
      continue;
    }
    const char c = text[++i];
    if (is_octal(c)) {
      unsigned value = 0;
      const std::size_t limit = i + 3;
      for (; i < limit && i < text.size() && is_octal(text[i]); ++i) value = value * 8 + (text[i] - '0');
      --i;
      out += static_cast<char>(value);
    } else {
      out += c == 'n' ? '\n' : c == 't' ? '\t' : c;
    }
  }
  return out;
}

}  // namespace drillpress::ptx

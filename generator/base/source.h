// Source files and places in them: byte spans, and their lines and columns only when somebody has to read
// them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace drillpress::base {

/// One text file as it was read. Immutable; shared by everything that points into it.
class Source {
 public:
  /// `path` is the path shown to people: relative to the site's root, with forward slashes.
  Source(std::string path, std::string text);

  const std::string& path() const { return path_; }
  const std::string& text() const { return text_; }

  /// 1-based line and column of a byte offset; the column counts code points. An offset past the end names
  /// the end.
  struct Position {
    std::uint32_t line;
    std::uint32_t column;
  };
  Position position(std::size_t offset) const;

  /// Text of a 1-based line without its line break; empty past the end.
  std::string_view line(std::uint32_t number) const;
  /// Byte offset at which a 1-based line begins; the text's size past the end.
  std::size_t line_start(std::uint32_t number) const;
  std::uint32_t line_count() const { return static_cast<std::uint32_t>(line_starts_.size()); }

 private:
  std::string path_;
  std::string text_;
  std::vector<std::size_t> line_starts_;
};

using SourcePtr = std::shared_ptr<const Source>;

SourcePtr make_source(std::string path, std::string text);

/// A half-open byte range [begin, end) in a source. `source == nullptr` means "no place".
struct Span {
  SourcePtr source;
  std::size_t begin = 0;
  std::size_t end = 0;

  std::string_view text() const {
    return source ? std::string_view(source->text()).substr(begin, end - begin) : std::string_view();
  }
};

}  // namespace drillpress::base

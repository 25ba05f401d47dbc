// The part of a file that is Markdown, split into lines the way CommonMark does.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/source.h"

namespace drillpress::markdown {

/// A half-open byte range of the file.
struct Extent {
  std::size_t begin = 0;
  std::size_t end = 0;
};

/// CommonMark ends lines at LF, CR LF or a lone CR (base::Source only at LF), and the parser counts them from
/// 1 at the body's start.
class BodyLines {
 public:
  BodyLines(base::SourcePtr source, std::size_t body_offset);

  const base::SourcePtr& source() const { return source_; }
  /// Number of lines.
  int count() const { return static_cast<int>(lines_.size()); }
  /// The 1-based line without its line break; empty out of range.
  std::string_view line(int number) const;
  /// The line's place in the file; the end of the file out of range.
  Extent extent(int number) const;
  /// File offset of a 1-based line and 1-based byte column, kept within the line.
  std::size_t offset(int number, int column) const;
  base::Span span(Extent extent) const { return {source_, extent.begin, extent.end}; }

 private:
  base::SourcePtr source_;
  std::vector<Extent> lines_;
};

/// Length of the container markers that open a line: indentation, `>`, list markers, `[x]`, `[^label]:`.
/// Lines that only look like markers are taken for markers too: callers know what follows.
std::size_t container_prefix(std::string_view line);

/// Number of block quotes and list items a line would open.
std::size_t container_count(std::string_view line);

}  // namespace drillpress::markdown

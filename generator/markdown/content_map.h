// Where the text of a block lies in the file: the block parser joins lines without their container markers,
// this finds each of them again.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "markdown/body_lines.h"

namespace drillpress::markdown {

/// Maps byte offsets of a block's text to byte offsets of the file, piece by piece.
class ContentMap {
 public:
  void add(std::size_t content_begin, std::size_t file_begin);
  std::size_t file_offset(std::size_t content_offset) const;
  /// A range of the text; its end is one past the place of its last byte.
  Extent extent(std::size_t begin, std::size_t end) const;
  bool empty() const { return pieces_.empty(); }

 private:
  struct Piece {
    std::size_t content_begin, file_begin;
  };
  std::vector<Piece> pieces_;
};

/// A block's text found again: its map and the lines it takes.
struct Located {
  ContentMap map;
  int first_line = 0;
  int last_line = 0;
};

/// Finds paragraph text whose last line is `last_line`.
std::optional<Located> locate_ending_at(const BodyLines& lines, std::string_view content, int last_line);
/// Finds paragraph text at the first place at or after `first_line` that is not past `last_line` and is
/// followed by a setext underline.
std::optional<Located> locate_setext(const BodyLines& lines, std::string_view content, int first_line,
                                     int last_line);
/// Finds the text of an ATX heading that opens at a column of a line; nothing when no ATX heading does.
std::optional<Located> locate_atx(const BodyLines& lines, std::string_view content, int line, int column);
/// Maps the cells of one table row, in order. `begin` is the column (from 0) at which the row begins.
std::vector<ContentMap> locate_cells(const BodyLines& lines, int line, std::size_t begin);

/// File offsets of the lines of a code block whose literal begins on `first_line`.
std::vector<std::size_t> locate_code(const BodyLines& lines, std::string_view literal, int first_line);

}  // namespace drillpress::markdown

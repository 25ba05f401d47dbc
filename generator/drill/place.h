// From what a compiler or the engine calls a place to the author's own file, line and column.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "base/source.h"
#include "drill/record.h"
#include "drill/spec.h"

namespace drillpress::drill {

/// True when the program is a whole file, so that its own folder is searched for includes.
bool is_own_file(const Program& program);

/// Folders searched for includes, relative to the site's root, in order, each once.
std::vector<std::string> search_folders(const Program& program);

/// Source files below the site's root, each read once. Thread safe.
class SourceFiles {
 public:
  explicit SourceFiles(std::string root) : root_(std::move(root)) {}

  const std::string& root() const { return root_; }
  /// The file at a path relative to the root; nullptr when there is none, when a part of the path is hidden
  /// (`.git`), and when the path, or a symbolic link on it, leaves the root.
  base::SourcePtr load(const std::string& path);

 private:
  std::string root_;
  std::mutex mutex_;
  std::map<std::string, base::SourcePtr> files_;
};

/// Translates the places of one program.
class PlaceMap {
 public:
  /// `includes` are all files that the program includes below the root.
  PlaceMap(const Program& program, std::string root, std::vector<base::SourcePtr> includes);

  /// What a tool calls `path`: the program's own file, an included one, or a header of the toolkit
  /// (`<name>`).
  CodePlace place(std::string_view path, std::uint32_t line) const;

  /// The text with every absolute path in it replaced by what place() calls it, so that it says the same
  /// everywhere.
  std::string without_folders(std::string_view text) const;

  /// False for headers of the toolkit and for unknown places.
  bool is_authors(const CodePlace& place) const;

  /// Span of the place's line without its indentation, or from a 1-based byte column to the end of the word
  /// there. A place that is not the author's gives whole_program().
  base::Span span(const CodePlace& place, std::uint32_t column = 0) const;

  /// Where diagnostics about the program as a whole point.
  base::Span whole_program() const;

  /// Text of the line, or nothing.
  std::string_view line_text(const CodePlace& place) const;

 private:
  base::Span own_line(std::uint32_t line) const;
  base::Span line_of(const CodePlace& place) const;

  const Program& program_;
  std::string root_;
  std::vector<base::SourcePtr> includes_;
  base::Source code_;
};

}  // namespace drillpress::drill

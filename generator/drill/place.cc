#include "drill/place.h"

#include <algorithm>
#include <filesystem>

#include "base/text.h"
#include "drill/language.h"
#include "system/files.h"

namespace drillpress::drill {
namespace {

constexpr std::uint64_t kMaxSourceBytes = 4u << 20;

bool is_word(char c) {
  const auto u = static_cast<unsigned char>(c);
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || u >= 0x80;
}

// The part of the line that is not blank.
base::Span without_blanks(const base::Span& line) {
  const std::string_view text = line.text(), shown = base::trim(text);
  if (shown.empty()) return {line.source, line.begin, line.begin};
  const std::size_t begin = line.begin + static_cast<std::size_t>(shown.data() - text.data());
  return {line.source, begin, begin + shown.size()};
}

// From the column to the end of the word that begins there.
base::Span word_at(const base::Span& line, std::uint32_t column) {
  const std::string_view text = line.text();
  std::size_t end = column - 1;
  while (end < text.size() && is_word(text[end])) ++end;
  return {line.source, line.begin + column - 1, line.begin + std::max<std::size_t>(end, column)};
}

bool ends_with_path(std::string_view path, std::string_view tail) {
  return path == tail ||
         (path.size() > tail.size() && path.ends_with(tail) && path[path.size() - tail.size() - 1] == '/');
}

// "/usr/local/cuda/include/cub/block.cuh" → "<cub/block.cuh>"; without "/include/" the last part alone.
std::string toolkit_name(std::string_view path) {
  constexpr std::string_view kInclude = "/include/";
  const std::size_t include = path.rfind(kInclude);
  const std::size_t from =
      include != std::string_view::npos ? include + kInclude.size() : path.rfind('/') + 1;
  return "<" + std::string(path.substr(from)) + ">";
}

}  // namespace

bool is_own_file(const Program& program) {
  return program.source && program.code_begin == 0 && program.code.size() == program.source->text().size();
}

std::vector<std::string> search_folders(const Program& program) {
  std::vector<std::string> folders;
  const auto add = [&](const std::filesystem::path& folder) {
    std::string text = folder.lexically_normal().generic_string();
    if (text.size() > 1 && text.ends_with('/')) text.pop_back();
    if (text.empty()) text = ".";
    if (std::find(folders.begin(), folders.end(), text) == folders.end()) folders.push_back(text);
  };
  if (is_own_file(program)) add(std::filesystem::path(program.source->path()).parent_path());
  for (const std::string& folder : program.include_folders) add(folder);
  return folders;
}

base::SourcePtr SourceFiles::load(const std::string& path) {
  const std::filesystem::path normal = std::filesystem::path(path).lexically_normal();
  if (normal.is_absolute() || normal.empty() || *normal.begin() == "..") return nullptr;
  // What is hidden is not the site's text: caches, version control, keys.
  const auto hidden = [](const std::filesystem::path& part) { return part.string().starts_with('.'); };
  if (std::any_of(normal.begin(), normal.end(), hidden)) return nullptr;
  const std::string name = normal.generic_string();
  const std::lock_guard lock(mutex_);
  const auto known = files_.find(name);
  if (known != files_.end()) return known->second;
  std::error_code error;
  const std::string real = std::filesystem::canonical(root_ + "/" + name, error).string();
  const bool inside = !error && real.starts_with(root_ + "/");
  auto text = inside ? system::read_file(real, kMaxSourceBytes) : base::Result<std::string>(base::Failure{});
  base::SourcePtr source = text.ok() ? base::make_source(name, std::move(text).value()) : nullptr;
  files_.emplace(name, source);
  return source;
}

PlaceMap::PlaceMap(const Program& program, std::string root, std::vector<base::SourcePtr> includes)
    : program_(program), root_(std::move(root)), includes_(std::move(includes)), code_("", program.code) {}

CodePlace PlaceMap::place(std::string_view path, std::uint32_t line) const {
  if (path.empty()) return {"", 0};
  if (ends_with_path(path, row_of(program_.language).file_name)) return {"", line};
  // A binary from the cache may have been made when the root lay elsewhere, so the tail alone decides.
  const base::SourcePtr* best = nullptr;
  for (const base::SourcePtr& include : includes_) {
    if (ends_with_path(path, include->path()) && (!best || include->path().size() > (*best)->path().size())) {
      best = &include;
    }
  }
  if (best) return {(*best)->path(), line};
  return {toolkit_name(path), line};
}

std::string PlaceMap::without_folders(std::string_view text) const {
  constexpr std::string_view kEnd = " \t\n,;:()<>'\"`";
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    const bool begins = text[at] == '/' && (at == 0 || kEnd.find(text[at - 1]) != std::string_view::npos);
    if (!begins) {
      out += text[at++];
      continue;
    }
    const std::size_t end = std::min(text.find_first_of(kEnd, at), text.size());
    const std::string_view path = text.substr(at, end - at);
    const std::string file = place(path, 1).file;
    // A lone slash is a division, not a path.
    out += path.size() < 2 ? std::string(path)
           : file.empty()  ? std::string(row_of(program_.language).file_name)
                           : file;
    at = end;
  }
  return out;
}

bool PlaceMap::is_authors(const CodePlace& place) const {
  return place.line > 0 && !place.file.starts_with('<');
}

base::Span PlaceMap::own_line(std::uint32_t line) const {
  if (!program_.source || line == 0 || line > code_.line_count()) return {};
  const base::Source& file = *program_.source;
  const std::uint32_t number = file.position(program_.code_begin).line + line - 1;
  const std::size_t start = file.line_start(number);
  const std::string_view there = file.line(number);
  // Code inside a list or quotation is indented in the file but not in the program.
  const std::string_view text = code_.line(line);
  const std::size_t shift = there.find(text);
  if (shift == std::string_view::npos) return {program_.source, start, start + there.size()};
  return {program_.source, start + shift, start + shift + text.size()};
}

base::Span PlaceMap::line_of(const CodePlace& place) const {
  if (place.file.empty()) return own_line(place.line);
  for (const base::SourcePtr& include : includes_) {
    if (include->path() != place.file) continue;
    const std::size_t start = include->line_start(place.line);
    return {include, start, start + include->line(place.line).size()};
  }
  return {};
}

std::string_view PlaceMap::line_text(const CodePlace& place) const {
  return place.file.empty() ? code_.line(place.line) : line_of(place).text();
}

base::Span PlaceMap::span(const CodePlace& place, std::uint32_t column) const {
  const base::Span line = is_authors(place) ? line_of(place) : base::Span{};
  if (!line.source) return whole_program();
  const bool column_counts = column > 0 && column <= line.text().size() && line.text() == line_text(place);
  return column_counts ? word_at(line, column) : without_blanks(line);
}

base::Span PlaceMap::whole_program() const {
  if (program_.span.source) return program_.span;
  for (std::uint32_t line = 1; line <= code_.line_count(); ++line) {
    if (!base::trim(code_.line(line)).empty()) return without_blanks(own_line(line));
  }
  return {program_.source, program_.code_begin, program_.code_begin};
}

}  // namespace drillpress::drill

#include "base/source.h"

#include <algorithm>

#include "base/text.h"

namespace drillpress::base {

Source::Source(std::string path, std::string text) : path_(std::move(path)), text_(std::move(text)) {
  line_starts_.push_back(0);
  for (std::size_t i = 0; i < text_.size(); ++i) {
    if (text_[i] == '\n') line_starts_.push_back(i + 1);
  }
  // A final line break ends the last line rather than opening an empty one.
  if (line_starts_.size() > 1 && line_starts_.back() == text_.size()) line_starts_.pop_back();
}

Source::Position Source::position(std::size_t offset) const {
  offset = std::min(offset, text_.size());
  const auto after = std::upper_bound(line_starts_.begin(), line_starts_.end(), offset);
  const std::size_t index = static_cast<std::size_t>(after - line_starts_.begin()) - 1;
  const std::size_t start = line_starts_[index];
  const auto column = code_point_count(std::string_view(text_).substr(start, offset - start)) + 1;
  return {static_cast<std::uint32_t>(index + 1), static_cast<std::uint32_t>(column)};
}

std::size_t Source::line_start(std::uint32_t number) const {
  if (number == 0 || number > line_starts_.size()) return text_.size();
  return line_starts_[number - 1];
}

std::string_view Source::line(std::uint32_t number) const {
  if (number == 0 || number > line_starts_.size()) return {};
  const std::size_t start = line_starts_[number - 1];
  std::size_t end = number < line_starts_.size() ? line_starts_[number] : text_.size();
  while (end > start && (text_[end - 1] == '\n' || text_[end - 1] == '\r')) --end;
  return std::string_view(text_).substr(start, end - start);
}

SourcePtr make_source(std::string path, std::string text) {
  return std::make_shared<const Source>(std::move(path), std::move(text));
}

}  // namespace drillpress::base

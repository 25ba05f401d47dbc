#include "drill/include_scan.h"

#include <filesystem>
#include <map>
#include <optional>

#include "base/text.h"
#include "drill/language.h"

namespace drillpress::drill {
namespace {

struct Directive {
  std::string name;
  bool quoted;
};

// `#include "name"` or `#include <name>`, with any blanks; nothing for other lines.
std::optional<Directive> parse_directive(std::string_view line) {
  line = base::trim(line);
  if (!line.starts_with('#')) return std::nullopt;
  line = base::trim(line.substr(1));
  constexpr std::string_view kWord = "include";
  if (!line.starts_with(kWord)) return std::nullopt;
  line = base::trim(line.substr(kWord.size()));
  if (line.size() < 2 || (line[0] != '"' && line[0] != '<')) return std::nullopt;
  const std::size_t end = line.find(line[0] == '"' ? '"' : '>', 1);
  if (end == std::string_view::npos) return std::nullopt;
  return Directive{std::string(line.substr(1, end - 1)), line[0] == '"'};
}

class Scan {
 public:
  Scan(const Program& program, SourceFiles& files) : folders_(search_folders(program)), files_(files) {}

  void visit(std::string_view text, const std::optional<std::string>& own_folder) {
    for (const std::string_view line : base::split_lines(text)) {
      const auto directive = parse_directive(line);
      if (!directive) continue;
      const base::SourcePtr file = resolve(*directive, own_folder);
      if (!file || !found_.emplace(file->path(), file).second) continue;
      visit(file->text(), std::filesystem::path(file->path()).parent_path().generic_string());
    }
  }

  std::vector<base::SourcePtr> take() {
    std::vector<base::SourcePtr> out;
    for (auto& [path, file] : found_) out.push_back(std::move(file));
    return out;
  }

 private:
  base::SourcePtr resolve(const Directive& directive, const std::optional<std::string>& own_folder) {
    if (directive.quoted && own_folder) {
      if (auto file = load(*own_folder, directive.name)) return file;
    }
    for (const std::string& folder : folders_) {
      if (auto file = load(folder, directive.name)) return file;
    }
    return nullptr;
  }

  base::SourcePtr load(const std::string& folder, const std::string& name) {
    return files_.load((std::filesystem::path(folder) / name).generic_string());
  }

  std::vector<std::string> folders_;
  SourceFiles& files_;
  std::map<std::string, base::SourcePtr> found_;
};

}  // namespace

std::vector<base::SourcePtr> scan_includes(const Program& program, SourceFiles& files) {
  if (!row_of(program.language).compiled) return {};
  Scan scan(program, files);
  scan.visit(program.code, std::nullopt);
  return scan.take();
}

}  // namespace drillpress::drill

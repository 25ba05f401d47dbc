// `drillpress new`: a page or drill to start from.
#include <fmt/format.h>

#include <memory>

#include "base/text.h"
#include "cli/commands.h"
#include "cli/scaffold.h"
#include "system/files.h"

namespace drillpress::cli {
namespace {

struct NewCommand {
  std::string root = ".", kind, slug;
};

int begin_page(const NewCommand& command) {
  if (!model::is_slug(command.slug)) {
    fmt::print(stderr, "error: `{}` cannot be a name; write `{}`\n", command.slug,
               base::slugify(command.slug));
    return kUsageError;
  }
  for (const model::PageKind kind : model::all_page_kinds()) {
    if (model::name(kind) != command.kind) continue;
    const auto files = scaffold(kind, command.slug);
    for (const ScaffoldFile& file : files) {
      if (!system::exists(command.root + "/" + file.path)) continue;
      fmt::print(stderr, "error: `{}` exists already; nothing was written\n", file.path);
      return kUsageError;
    }
    for (const ScaffoldFile& file : files) {
      const auto written = system::write_file_atomically(command.root + "/" + file.path, file.text);
      if (!written.ok()) {
        fmt::print(stderr, "error: {}\n", written.error());
        return kEnvironmentError;
      }
      fmt::print("{}\n", file.path);
    }
  }
  return kClean;
}

}  // namespace

Command new_command() {
  auto command = std::make_shared<NewCommand>();
  std::vector<std::string> kinds;
  for (const model::PageKind kind : model::all_page_kinds()) {
    if (!scaffold(kind, "x").empty()) kinds.emplace_back(model::name(kind));
  }
  return {
      .name = "new",
      .brief = "begin a guide, card, checklist, page or drill that passes the checks",
      .arguments =
          {
              {"--root", &command->root, "folder of the site", {.value = "DIR", .shows_default = true}},
              {"kind", &command->kind, "what to begin", {.required = true, .one_of = kinds}},
              {"slug",
               &command->slug,
               "its id: lower-case words joined by hyphens",
               {.value = "SLUG", .required = true}},
          },
      .run = [command] { return begin_page(*command); },
  };
}

}  // namespace drillpress::cli

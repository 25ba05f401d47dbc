// `drillpress records`: what is committed, and how it stands to the site as it is now.
#include <fmt/format.h>

#include <map>
#include <memory>
#include <nlohmann/json.hpp>

#include "cli/evidence_options.h"
#include "cli/record_device.h"
#include "cli/report.h"
#include "drill/prune.h"
#include "pipeline/committed.h"
#include "pipeline/view_parts.h"

namespace drillpress::cli {
namespace {

struct RecordsCommand {
  SiteOptions site;
  EvidenceOptions evidence;
  bool pretend = false;
};

std::string size_text(std::uint64_t bytes) {
  return bytes < 1024 ? fmt::format("{} B", bytes)
                      : fmt::format("{:.1f} KiB", static_cast<double>(bytes) / 1024);
}

void print_json(const std::vector<pipeline::CommittedRecord>& rows) {
  nlohmann::json list = nlohmann::json::array();
  for (const pipeline::CommittedRecord& row : rows) {
    list.push_back({{"path", row.path},
                    {"id", row.id},
                    {"device", row.device},
                    {"bytes", row.bytes},
                    {"state", pipeline::name_of(row.state)},
                    {"notes", row.notes}});
  }
  fmt::print("{}\n", nlohmann::json{{"records", std::move(list)}}.dump(
                         1, ' ', false, nlohmann::json::error_handler_t::replace));
}

void print_rows(const std::vector<pipeline::CommittedRecord>& rows) {
  std::string path;
  for (const pipeline::CommittedRecord& row : rows) {
    if (row.path != path) fmt::print("{}\n", row.path);
    path = row.path;
    fmt::print("  {:<44} {:<16} {:>10}  {}{}{}\n", row.id, row.device, size_text(row.bytes),
               pipeline::name_of(row.state), row.notes.empty() ? "" : ": ", fmt::join(row.notes, ", "));
  }
}

// "230 fresh, 2 stale, 1 vanished; 3 programs have none"
void print_summary(const pipeline::SiteModel& site, const pipeline::BuildOptions& options,
                   const std::vector<pipeline::CommittedRecord>& rows) {
  std::map<pipeline::RecordState, std::size_t> counts;
  std::set<std::string> recorded;
  for (const pipeline::CommittedRecord& row : rows) {
    ++counts[row.state];
    recorded.insert(row.id);
  }
  std::string text;
  for (const auto& [state, count] : counts)
    text += fmt::format("{}{} {}", text.empty() ? "" : ", ", count, pipeline::name_of(state));
  std::size_t without = 0;
  for (const drill::Program& program : site.programs.programs) {
    const bool wanted = !options.wanted || options.wanted->contains(program.id);
    if (!wanted || recorded.contains(program.id)) continue;
    ++without;
    fmt::print("  {:<44} has no record\n", program.id);
  }
  fmt::print("{}{}\n", text.empty() ? "no records" : text,
             without == 0
                 ? ""
                 : fmt::format("; {} without a record", pipeline::counted(without, "program", "programs")));
}

int list(const RecordsCommand& command) {
  pipeline::BuildOptions options = build_options(command.site, command.evidence);
  diagnostics::Sink unused;  // `check` is for mistakes in the sources
  const auto site = pipeline::check_site(options, unused);
  if (!select_wanted(command.evidence.only, *site, options)) return kUsageError;
  diagnostics::Sink sink;
  auto rows = pipeline::committed_records(site->programs, pipeline::drill_options(options), sink);
  std::erase_if(rows, [&](const pipeline::CommittedRecord& row) {
    return options.wanted && !options.wanted->contains(row.id);
  });
  if (command.site.json() && !sink.has_errors()) {
    print_json(rows);
    return kClean;
  }
  if (!command.site.json()) {
    print_rows(rows);
    print_summary(*site, options, rows);
  }
  return report_diagnostics(sink, command.site);
}

int prune(const RecordsCommand& command) {
  if (!command.evidence.only.empty()) {
    fmt::print(stderr, "error: --only has no meaning for prune: what it removes has no program\n");
    return kUsageError;
  }
  const pipeline::BuildOptions options = build_options(command.site, command.evidence);
  diagnostics::Sink sink;
  const auto site = pipeline::check_site(options, sink);
  // A page that cannot be read would take its programs along, and so the records of them.
  if (sink.has_errors()) {
    const int status = report_diagnostics(sink, command.site);
    fmt::print(stderr, "nothing was removed: mistakes in the sources may hide programs\n");
    return status;
  }
  const std::string_view verb = command.pretend ? "would remove" : "removed";
  const auto vanished = pipeline::vanished_records(site->programs, options.root, sink);
  for (const pipeline::VanishedRecord& record : vanished)
    fmt::print("{} {} from {}\n", verb, record.id, record.path);
  if (!command.pretend) {
    const auto removed = pipeline::remove_records(vanished, options.root);
    if (!removed.ok()) report_environment(sink, removed.error());
  }
  const auto pruned =
      drill::prune_cache(site->programs.programs, pipeline::drill_options(options), command.pretend);
  if (!pruned.ok()) {
    report_environment(sink, pruned.error());
  } else if (!pruned.value().kept_because.empty()) {
    fmt::print("the cache of this machine stays as it is: {}\n", pruned.value().kept_because);
  } else {
    fmt::print("{} {} and {} ({}) from the cache of this machine\n", verb,
               pipeline::counted(pruned.value().records, "record", "records"),
               pipeline::counted(pruned.value().binaries, "binary", "binaries"),
               size_text(pruned.value().bytes));
  }
  return report_diagnostics(sink, command.site);
}

}  // namespace

Command records_command() {
  auto command = std::make_shared<RecordsCommand>();
  Command prune_command = {
      .name = "prune",
      .brief = "remove records of programs that are gone, and what the cache cannot use any more",
      .arguments = {{"--dry-run", &command->pretend, "only say what would be removed"}},
      .run = [command] { return prune(*command); },
      .takes_options_of_parent = true,
  };
  return {
      .name = "records",
      .brief = "list the committed records and what has changed since; take away what is out of use",
      .arguments = with_site_options(command->site, {only_option(command->evidence)}),
      .run = [command] { return list(*command); },
      .subcommands = {std::move(prune_command), import_command()},
  };
}

}  // namespace drillpress::cli

// `drillpress record`: verified runs → the committed records.
#include <fmt/format.h>

#include <memory>

#include "cli/evidence_options.h"
#include "cli/record_device.h"
#include "cli/report.h"

namespace drillpress::cli {
namespace {

struct RecordCommand {
  SiteOptions site;
  EvidenceOptions evidence;
  std::string device;
  bool check = false;
};

int record(const RecordCommand& command) {
  pipeline::BuildOptions options = build_options(command.site, command.evidence);
  diagnostics::Sink sink;
  auto site = pipeline::check_site(options, sink);
  if (!select_wanted(command.evidence.only, *site, options)) return kUsageError;
  pipeline::gather_evidence(*site, options, sink);
  std::vector<std::string> paths;
  if (!sink.has_errors()) {
    auto written = drill::write_records(site->programs.programs, site->records,
                                        pipeline::drill_options(options), command.check);
    if (written.ok()) {
      paths = std::move(written).value();
    } else {
      report_environment(sink, written.error());
    }
    const base::Result<bool> pruned = command.check ? base::Result<bool>(site->formulas.unused() > 0)
                                                    : pipeline::prune_formulas(options.root, site->formulas);
    if (!pruned.ok()) report_environment(sink, pruned.error());
    if (pruned.ok() && pruned.value()) paths.emplace_back(pipeline::kFormulaCachePath);
  }
  const int status = report_diagnostics(sink, command.site);
  const bool out_of_date = command.check && !paths.empty();
  if (!command.site.json() && !command.site.quiet && status == kClean) {
    for (const std::string& path : paths)
      fmt::print("{} {}\n", command.check ? "out of date:" : "wrote", path);
    if (paths.empty()) fmt::print("every record is up to date\n");
  }
  return status == kClean && out_of_date ? kContentErrors : status;
}

}  // namespace

Command record_command() {
  auto command = std::make_shared<RecordCommand>();
  return {
      .name = "record",
      .brief = "write the committed records of what ran and was verified here",
      .arguments = with_site_options(
          command->site,
          {
              only_option(command->evidence),
              refresh_flag(command->evidence),
              no_gpu_flag(command->evidence),
              {"--check", &command->check,
               "write nothing; fail when a committed record says something else than the run here"},
              {"--device",
               &command->device,
               "verify and measure on the GPU of this machine, and write the records of that device",
               {.value = "NAME"}},
          }),
      .run =
          [command] {
            return command->device.empty()
                       ? record(*command)
                       : record_on_device(command->site, command->device, command->evidence.only);
          },
      .contradictions =
          {
              {"--device", "--check", "the one writes records, the other only looks at them"},
              {"--device", "--no-gpu", "the one measures on the GPU, the other leaves it alone"},
              {"--device", "--refresh", "what is measured is always run again"},
          },
  };
}

}  // namespace drillpress::cli

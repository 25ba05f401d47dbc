// `drillpress records import`, `drillpress record --device`: from a GPU's raw reports to committed records.
#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <thread>

#include "cli/record_device.h"
#include "cli/report.h"
#include "drill/recording.h"
#include "system/files.h"
#include "system/process.h"

namespace drillpress::cli {
namespace {

struct ImportCommand {
  SiteOptions site;
  std::string folder, device;
};

// What goes wrong with the site itself is said as well: records are held against its sources.
std::vector<std::string> import_recording(const std::string& folder, const std::string& device,
                                          const pipeline::BuildOptions& options, diagnostics::Sink& sink) {
  const auto recording = drill::open_recording(folder);
  if (!recording.ok()) {
    report_environment(sink, recording.error());
    return {};
  }
  // Committed records are about to be replaced; what is wrong with the old ones is no matter.
  diagnostics::Sink of_site;
  const auto site = pipeline::check_site(options, of_site);
  std::vector<std::string> written;
  for (const drill::DeviceRecord& record :
       drill::records_of(recording.value(), site->programs.programs, options.root, device, sink)) {
    const std::string path = drill::device_record_path(record);
    if (auto status =
            system::write_file_atomically(options.root + "/" + path, drill::render_device_record(record));
        !status.ok()) {
      report_environment(sink, status.error());
      break;
    }
    written.push_back(path);
  }
  if (written.empty() && !sink.has_errors())
    report_environment(sink, "the recording has no drill of this site");
  return written;
}

int finish(const std::vector<std::string>& written, const diagnostics::Sink& sink, const SiteOptions& site) {
  const int status = report_diagnostics(sink, site);
  if (!site.json() && !site.quiet)
    for (const std::string& path : written) fmt::print("wrote {}\n", path);
  return status;
}

int import(const ImportCommand& command) {
  const pipeline::BuildOptions options = command.site.build_options();
  diagnostics::Sink sink;
  const auto written = import_recording(command.folder, command.device, options, sink);
  return finish(written, sink, command.site);
}

// Runs cmake with its words in a log, so that a long run can be followed.
bool run_cmake(const std::vector<std::string>& words, const std::string& log, diagnostics::Sink& sink) {
  system::ProcessRequest request;
  request.argv = {"sh", "-c", "log=$1; shift; exec \"$@\" >>\"$log\" 2>&1", "sh", log, "cmake"};
  request.argv.insert(request.argv.end(), words.begin(), words.end());
  request.environment = system::current_environment();
  const auto outcome = system::run_process(request);
  if (outcome.ok() && outcome.value().succeeded()) return true;
  report_environment(sink,
                     outcome.ok() ? fmt::format("the recorder failed; `{}` says why", log) : outcome.error());
  return false;
}

}  // namespace

int record_on_device(const SiteOptions& site, const std::string& device,
                     const std::vector<std::string>& only) {
  const pipeline::BuildOptions options = site.build_options();
  const std::string folder = options.cache_dir + "/recorder", log = folder + "/record.log";
  diagnostics::Sink sink;
  std::vector<std::string> written;
  if (auto made = system::make_folders(folder); !made.ok()) report_environment(sink, made.error());
  if (!site.quiet) fmt::print(stderr, "recording; progress is in {}\n", log);
  const std::string jobs = fmt::format(
      "-j{}", options.jobs > 0 ? options.jobs : std::max(1u, std::thread::hardware_concurrency()));
  if (!sink.has_errors() &&
      run_cmake({"-S", options.root + "/drills/recorder", "-B", folder,
                 fmt::format("-DDRILLS={}", fmt::join(only, ";"))},
                log, sink) &&
      run_cmake({"--build", folder, "--target", "record", jobs}, log, sink)) {
    written = import_recording(folder + "/raw", device, options, sink);
  }
  return finish(written, sink, site);
}

Command import_command() {
  auto command = std::make_shared<ImportCommand>();
  return {
      .name = "import",
      .brief = "make records of what the recorder left on a machine with a GPU",
      .arguments = with_site_options(command->site,
                                     {
                                         {"folder",
                                          &command->folder,
                                          "the recorder's folder `raw`, carried back",
                                          {.value = "DIR", .required = true}},
                                         {"--device",
                                          &command->device,
                                          "name of the record files [from the device: h200]",
                                          {.value = "NAME"}},
                                     }),
      .run = [command] { return import(*command); },
  };
}

}  // namespace drillpress::cli

#include "pipeline/committed.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "drill/record.h"
#include "drill/store.h"
#include "pipeline/ledger.h"
#include "system/files.h"

namespace drillpress::pipeline {
namespace {

constexpr std::string_view kPageRecords = "content/records";
constexpr std::string_view kDrillRecords = "/records/lockstep.json";

bool is_run_record(std::string_view folder, std::string_view path) {
  if (folder == kPageRecords) return path.ends_with(".json") && path.find('/') == std::string_view::npos;
  const std::size_t slash = path.find('/');
  return slash != std::string_view::npos && path.substr(slash) == kDrillRecords;
}

}  // namespace

std::vector<std::string> record_files(const std::string& root) {
  std::vector<std::string> files;
  for (const std::string_view folder : {kPageRecords, std::string_view("drills")}) {
    const std::string full = fmt::format("{}/{}", root, folder);
    if (!system::is_folder(full)) continue;
    const auto entries = system::list_tree(full, root);
    if (!entries.ok()) continue;
    for (const system::Entry& entry : entries.value()) {
      if (is_run_record(folder, entry.path))  // of whatever kind: what is no file is reported
        files.push_back(fmt::format("{}/{}", folder, entry.path));
    }
  }
  return files;
}

std::string_view name_of(RecordState state) {
  switch (state) {
    case RecordState::kFresh:
      return "fresh";
    case RecordState::kStale:
      return "stale";
    case RecordState::kVanished:
      break;
  }
  return "vanished";
}

std::vector<CommittedRecord> committed_records(const Programs& programs, const drill::Options& options,
                                               diagnostics::Sink& sink) {
  const auto standings = drill::describe_standing(programs.programs, options);
  drill::CommittedRecords files(options.root, sink);
  std::vector<CommittedRecord> out;
  for (const std::string& path : record_files(options.root)) {
    for (const std::string& id : files.ids(path)) {
      const drill::Record record = *files.find(path, id);
      CommittedRecord& row = out.emplace_back();
      row = {path, id, device_of(record), drill::render_record(record).size(), RecordState::kFresh, {}};
      const auto program = programs.by_id.find(id);
      if (program == programs.by_id.end() || record_path(programs.programs[program->second]) != path) {
        row.state = RecordState::kVanished;
        continue;
      }
      for (const drill::Change& change :
           drill::changes(record.inputs, standings[program->second].inputs.components)) {
        if (!change.surrounding) row.state = RecordState::kStale;
        row.notes.push_back(drill::describe(change));
      }
    }
  }
  return out;
}

std::vector<VanishedRecord> vanished_records(const Programs& programs, const std::string& root,
                                             diagnostics::Sink& sink) {
  std::vector<VanishedRecord> vanished;
  drill::CommittedRecords committed(root, sink);
  for (const std::string& path : record_files(root)) {
    for (const std::string& id : committed.ids(path)) {
      const drill::Program* program = programs.find(id);
      if (program == nullptr || record_path(*program) != path) vanished.push_back({path, id});
    }
  }
  return vanished;
}

void report_vanished_records(const Programs& programs, const std::string& root, diagnostics::Sink& sink) {
  diagnostics::Sink unused;
  drill::CommittedRecords committed(root, unused);
  for (const VanishedRecord& record : vanished_records(programs, root, sink)) {
    sink.report({diagnostics::Code::kRecordVanished,
                 diagnostics::Severity::kError,
                 committed.place(record.path, record.id),
                 fmt::format("there is no program `{}` that this record could be of", record.id),
                 {},
                 "take it away with `drillpress records prune`"});
  }
}

base::Result<std::vector<std::string>> remove_records(const std::vector<VanishedRecord>& vanished,
                                                      const std::string& root) {
  std::map<std::string, std::vector<std::string>> gone;
  for (const VanishedRecord& record : vanished) gone[record.path].push_back(record.id);
  std::vector<std::string> changed;
  for (const auto& [path, ids] : gone) {
    const std::string full = root + "/" + path;
    const auto text = system::read_file(full);
    auto records = text.ok() ? drill::parse_records(text.value())
                             : base::Result<std::vector<drill::Record>>(base::Failure{text.error()});
    if (!records.ok()) return base::Failure{fmt::format("{}: {}", path, records.error())};
    std::erase_if(records.value(), [&](const drill::Record& record) {
      return std::find(ids.begin(), ids.end(), record.id) != ids.end();
    });
    const auto done = records.value().empty()
                          ? system::remove_tree(full)
                          : system::write_file_atomically(full, drill::render_records(records.value()));
    if (!done.ok()) return base::Failure{done.error()};
    changed.push_back(path);
  }
  return changed;
}

}  // namespace drillpress::pipeline

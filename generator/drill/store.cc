#include "drill/store.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "drill/evidence.h"
#include "drill/input_key.h"
#include "system/files.h"

namespace drillpress::drill {
namespace {

using diagnostics::Code;

constexpr std::uint64_t kMaxRecordBytes = 64u << 20;

bool is_link(system::EntryKind kind) {
  return kind == system::EntryKind::kSymlinkInside || kind == system::EntryKind::kSymlinkOutside;
}

}  // namespace

std::optional<Record> RecordCache::load(const std::string& key) const {
  const auto text = system::read_file(path_of(key), kMaxRecordBytes);
  if (!text.ok()) return std::nullopt;
  auto record = parse_record(text.value());
  if (!record.ok() || record.value().key != key) return std::nullopt;
  return std::move(record).value();
}

base::Status RecordCache::store(const Record& record) const {
  return system::write_file_atomically(path_of(record.key), render_record(record));
}

CommittedRecords::File CommittedRecords::load(const std::string& path) const {
  File file;
  const std::string full = root_ + "/" + path;
  const auto kind = system::kind_of(full, root_);
  if (!kind) return file;
  const auto text = is_link(*kind)
                        ? base::Result<std::string>(base::Failure{
                              "a symbolic link leads to it, and what is behind is no part of the site"})
                        : system::read_file(full, kMaxRecordBytes);
  RecordFault fault;
  auto records = text.ok() ? parse_records(text.value(), &fault)
                           : base::Result<std::vector<Record>>(base::Failure{text.error()});
  file.source = base::make_source(path, text.ok() ? text.value() : std::string());
  if (!records.ok()) {
    file.bad = true;
    const std::size_t begin = file.source->line_start(file.source->position(fault.offset).line);
    const std::string_view line = file.source->line(file.source->position(fault.offset).line);
    sink_.report(
        {.code = fault.other_schema ? Code::kRecordSchema : Code::kRecordDamaged,
         .span = {file.source, begin + (line.size() - base::trim(line).size()), begin + line.size()},
         .message = fmt::format("the record file {}: {}",
                                fault.other_schema ? "is of another version" : "is damaged", records.error()),
         .help = fault.other_schema ? "gather the evidence with this version: `drillpress record`"
                                    : "restore it from version control, or gather the evidence again: "
                                      "`drillpress record`"});
    return file;
  }
  for (Record& record : records.value()) {
    const std::string id = record.id;
    file.records.emplace(id, std::move(record));
  }
  return file;
}

const CommittedRecords::File& CommittedRecords::file(const std::string& path) {
  const std::lock_guard lock(mutex_);
  auto file = files_.find(path);
  if (file == files_.end()) file = files_.emplace(path, load(path)).first;
  return file->second;
}

std::optional<Record> CommittedRecords::find(const std::string& path, const std::string& id) {
  const auto& records = file(path).records;
  const auto record = records.find(id);
  if (record == records.end()) return std::nullopt;
  return record->second;
}

bool CommittedRecords::is_bad(const std::string& path) {
  return file(path).bad;
}

base::Span CommittedRecords::place(const std::string& path, const std::string& id) {
  const base::SourcePtr& source = file(path).source;
  if (!source) return {base::make_source(path, ""), 0, 0};
  const std::size_t begin = record_offset(source->text(), id);
  const std::size_t line_end = std::min(source->text().find_first_of(",\n", begin), source->text().size());
  return {source, begin, line_end};
}

std::vector<std::string> CommittedRecords::ids(const std::string& path) {
  std::vector<std::string> ids;
  for (const auto& [id, record] : file(path).records) ids.push_back(id);
  return ids;
}

bool same_evidence(const Record& a, const Record& b) {
  if (!changed_components(a.inputs, b.inputs).empty()) return false;
  // Evidence from inside the sandbox is worth more.
  if (a.provenance.without_sandbox && !b.provenance.without_sandbox) return false;
  Record x = a, y = b;
  for (Record* record : {&x, &y}) {
    record->inputs.clear();
    record->key.clear();
    record->provenance = {};
  }
  return x == y;
}

base::Result<std::vector<std::string>> write_records(const std::vector<Program>& programs,
                                                     const std::vector<Record>& records,
                                                     const Options& options, bool pretend) {
  std::vector<std::string> written;
  if (!options.left_out.empty()) return base::Failure{"no record is made of runs that left out a check"};
  if (!options.record_path) return written;
  struct Entry {
    const Record* record;
    bool wanted;
  };
  std::map<std::string, std::vector<Entry>> by_path;
  for (std::size_t i = 0; i < programs.size() && i < records.size(); ++i) {
    const std::string path = options.record_path(programs[i]);
    const bool wanted = !options.wanted || options.wanted(programs[i]);
    if (!path.empty()) by_path[path].push_back({&records[i], wanted});
  }
  diagnostics::Sink damage;  // a damaged file is replaced here, which is its cure
  CommittedRecords committed(options.root, damage);
  for (const auto& [path, fresh] : by_path) {
    std::vector<Record> content;
    if (std::none_of(fresh.begin(), fresh.end(), [](const Entry& entry) { return entry.wanted; })) continue;
    for (const auto& [record, wanted] : fresh) {
      const auto old = committed.find(path, record->id);
      const bool is_new = wanted && is_evidence(record->verdict);
      if (old && (!is_new || same_evidence(*old, *record))) {
        content.push_back(*old);
      } else if (is_new) {
        content.push_back(*record);
      }
    }
    if (content.empty()) continue;
    const std::string full = options.root + "/" + path, bytes = render_records(std::move(content));
    const auto before = system::read_file(full, kMaxRecordBytes);
    if (before.ok() && before.value() == bytes) continue;
    written.push_back(path);
    if (pretend) continue;
    if (auto status = system::write_file_atomically(full, bytes); !status.ok())
      return base::Failure{status.error()};
  }
  return written;
}

}  // namespace drillpress::drill

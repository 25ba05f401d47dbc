#include "drill/store.h"

#include <fmt/format.h>

#include "drill/evidence.h"
#include "drill/input_key.h"
#include "system/files.h"

namespace drillpress::drill {
namespace {

constexpr std::uint64_t kMaxRecordBytes = 64u << 20;

// A verdict that says that the program was verified in this run.
bool verified_here(Verdict verdict) {
  switch (verdict) {
    case Verdict::kRanOnGpu:
    case Verdict::kRanOnEngine:
    case Verdict::kRanOnHost:
    case Verdict::kCompiledOnly:
    case Verdict::kFailedAsExpected:
      return true;
    case Verdict::kReplayed:
    case Verdict::kStale:
    case Verdict::kSkipped:
    case Verdict::kFailed:
      return false;
  }
  return false;
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

std::map<std::string, Record> CommittedRecords::load(const std::string& path) const {
  std::map<std::string, Record> out;
  const std::string full = root_ + "/" + path;
  if (!system::exists(full)) return out;
  const auto text = system::read_file(full, kMaxRecordBytes);
  auto records = text.ok() ? parse_records(text.value())
                           : base::Result<std::vector<Record>>(base::Failure{text.error()});
  if (!records.ok()) {
    diagnostics::Diagnostic damaged{.code = diagnostics::Code::kRecordDamaged, .span = {}, .message = {}};
    damaged.span.source = base::make_source(path, "");
    damaged.message = fmt::format("the record file is damaged: {}", records.error());
    damaged.help = "restore it from version control, or gather the evidence again and write it";
    sink_.report(std::move(damaged));
    return out;
  }
  for (Record& record : records.value()) out.emplace(record.id, std::move(record));
  return out;
}

std::optional<Record> CommittedRecords::find(const std::string& path, const std::string& id) {
  const std::lock_guard lock(mutex_);
  auto file = files_.find(path);
  if (file == files_.end()) file = files_.emplace(path, load(path)).first;
  const auto record = file->second.find(id);
  if (record == file->second.end()) return std::nullopt;
  return record->second;
}

bool same_evidence(const Record& a, const Record& b) {
  if (!changed_components(a.inputs, b.inputs).empty()) return false;
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
                                                     const Options& options) {
  std::vector<std::string> written;
  if (!options.record_path) return written;
  std::map<std::string, std::vector<const Record*>> by_path;
  for (std::size_t i = 0; i < programs.size() && i < records.size(); ++i) {
    const std::string path = options.record_path(programs[i]);
    if (!path.empty()) by_path[path].push_back(&records[i]);
  }
  diagnostics::Sink damage;  // a damaged file is replaced here, which is its cure
  CommittedRecords committed(options.root, damage);
  for (const auto& [path, fresh] : by_path) {
    std::vector<Record> content;
    for (const Record* record : fresh) {
      const auto old = committed.find(path, record->id);
      const bool keep_old = old && (!verified_here(record->verdict) || same_evidence(*old, *record));
      if (keep_old) {
        content.push_back(*old);
      } else if (verified_here(record->verdict)) {
        content.push_back(*record);
      }
    }
    if (content.empty()) continue;
    const std::string full = options.root + "/" + path, bytes = render_records(std::move(content));
    const auto before = system::read_file(full, kMaxRecordBytes);
    if (before.ok() && before.value() == bytes) continue;
    if (auto status = system::write_file_atomically(full, bytes); !status.ok())
      return base::Failure{status.error()};
    written.push_back(path);
  }
  return written;
}

}  // namespace drillpress::drill

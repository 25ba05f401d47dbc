// Where records are kept: this machine's cache, one file a record, and the committed files beside the
// content.
#pragma once

#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "diagnostics/sink.h"
#include "drill/record.h"

namespace drillpress::drill {

/// Good records of this machine by key. A damaged file reads as absent, because the program is simply run
/// again.
class RecordCache {
 public:
  explicit RecordCache(std::string cache_dir) : folder_(std::move(cache_dir) + "/records") {}
  std::optional<Record> load(const std::string& key) const;
  base::Status store(const Record& record) const;

 private:
  std::string path_of(const std::string& key) const { return folder_ + "/" + key + ".json"; }
  std::string folder_;
};

/// Committed record files, each read once. Thread safe.
class CommittedRecords {
 public:
  CommittedRecords(std::string root, diagnostics::Sink& sink) : root_(std::move(root)), sink_(sink) {}

  /// The record of a program in the file at `path` (relative to the root). A file that is not there has none;
  /// one that is damaged or of another schema has none either and is reported once, at the record.
  std::optional<Record> find(const std::string& path, const std::string& id);

  /// Of all records in the file, sorted.
  std::vector<std::string> ids(const std::string& path);

  /// True when the file is there and does not count.
  bool is_bad(const std::string& path);

  /// Place of a program's record; of the file when it has none.
  base::Span place(const std::string& path, const std::string& id);

 private:
  struct File {
    std::map<std::string, Record> records;
    base::SourcePtr source;  ///< null: there is no file
    bool bad = false;
  };
  const File& file(const std::string& path);
  File load(const std::string& path) const;

  std::string root_;
  diagnostics::Sink& sink_;
  std::mutex mutex_;
  std::map<std::string, File> files_;
};

/// True when the records say the same about a program, whatever they were gathered with: they differ at most
/// in the compiler, the runtime, the device, and the key that follows from them.
bool same_evidence(const Record& a, const Record& b);

}  // namespace drillpress::drill

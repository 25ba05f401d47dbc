// The committed record files of a site as a whole: which there are, and what they hold that has no program.
#pragma once

#include <string>
#include <vector>

#include "diagnostics/sink.h"
#include "pipeline/site_model.h"

namespace drillpress::pipeline {

/// What is named as record files of runs are, relative to the root, sorted: `drills/*/records/lockstep.json`
/// and `content/records/*.json`.
std::vector<std::string> record_files(const std::string& root);

/// How a committed record stands to the site as it is now.
enum class RecordState { kFresh, kStale, kVanished };
std::string_view name_of(RecordState state);  ///< "fresh", "stale", "vanished"

struct CommittedRecord {
  std::string path, id;
  std::string device;  ///< what ran it: "lockstep engine", "host", a GPU's name, or "compiler" alone
  std::size_t bytes = 0;
  RecordState state = RecordState::kFresh;
  /// For people: why it is stale; of a fresh one, with what else than is here it was made.
  std::vector<std::string> notes;
};

/// Every committed record, by path and then id. Files that do not count go to the sink.
std::vector<CommittedRecord> committed_records(const Programs& programs, const drill::Options& options,
                                               diagnostics::Sink& sink);

/// A record whose program is gone, in the file it lies in.
struct VanishedRecord {
  std::string path, id;
  bool operator==(const VanishedRecord&) const = default;
};
/// Sorted by path, then id. Files that do not count go to the sink.
std::vector<VanishedRecord> vanished_records(const Programs& programs, const std::string& root,
                                             diagnostics::Sink& sink);

/// An error for each of them, at the record, and for each file that does not count.
void report_vanished_records(const Programs& programs, const std::string& root, diagnostics::Sink& sink);

/// Takes them out of their files; a file that would be empty is removed. Gives back the paths that changed.
base::Result<std::vector<std::string>> remove_records(const std::vector<VanishedRecord>& vanished,
                                                      const std::string& root);

}  // namespace drillpress::pipeline

// Private folders below the cache that are gone when their owner is, whatever happened in between.
#pragma once

#include <string>

#include "base/result.h"

namespace drillpress::drill {

/// A fresh empty folder `<cache>/tmp/<process>-<number>`, removed with everything in it by the destructor.
class TemporaryFolder {
 public:
  static base::Result<TemporaryFolder> make(const std::string& cache_dir);
  TemporaryFolder(TemporaryFolder&& other) noexcept;
  TemporaryFolder& operator=(TemporaryFolder&& other) noexcept;
  ~TemporaryFolder();

  const std::string& path() const { return path_; }

 private:
  explicit TemporaryFolder(std::string path) : path_(std::move(path)) {}
  std::string path_;
};

/// Removes the folders that processes which no longer exist left behind (they were killed).
void remove_abandoned_folders(const std::string& cache_dir);

}  // namespace drillpress::drill

// Where diagnostics are collected: from any thread, in any order, read back sorted.
#pragma once

#include <mutex>
#include <vector>

#include "diagnostics/diagnostic.h"

namespace drillpress::diagnostics {

/// Collects diagnostics of one run. `report` may be called from several threads.
class Sink {
 public:
  void report(Diagnostic diagnostic);

  bool has_errors() const;
  std::size_t error_count() const;
  std::size_t warning_count() const;

  /// All of them, sorted by path, place, code and message, without exact repetitions.
  std::vector<Diagnostic> sorted() const;

 private:
  mutable std::mutex mutex_;
  std::vector<Diagnostic> diagnostics_;
};

}  // namespace drillpress::diagnostics

#include "diagnostics/sink.h"

#include <algorithm>
#include <tuple>

namespace drillpress::diagnostics {
namespace {

auto key(const Diagnostic& d) {
  static const std::string none;
  return std::tuple(std::string_view(d.span.source ? d.span.source->path() : none), d.span.begin, d.span.end,
                    static_cast<int>(d.severity), static_cast<int>(d.code), std::string_view(d.message));
}

}  // namespace

void Sink::report(Diagnostic diagnostic) {
  const std::lock_guard lock(mutex_);
  diagnostics_.push_back(std::move(diagnostic));
}

std::size_t Sink::error_count() const {
  const std::lock_guard lock(mutex_);
  return static_cast<std::size_t>(
      std::count_if(diagnostics_.begin(), diagnostics_.end(),
                    [](const Diagnostic& d) { return d.severity == Severity::kError; }));
}

std::size_t Sink::warning_count() const {
  const std::lock_guard lock(mutex_);
  return static_cast<std::size_t>(
      std::count_if(diagnostics_.begin(), diagnostics_.end(),
                    [](const Diagnostic& d) { return d.severity == Severity::kWarning; }));
}

bool Sink::has_errors() const {
  return error_count() > 0;
}

std::vector<Diagnostic> Sink::sorted() const {
  const std::lock_guard lock(mutex_);
  std::vector<Diagnostic> out = diagnostics_;
  std::stable_sort(out.begin(), out.end(), [](const auto& a, const auto& b) { return key(a) < key(b); });
  out.erase(
      std::unique(out.begin(), out.end(), [](const auto& a, const auto& b) { return key(a) == key(b); }),
      out.end());
  return out;
}

}  // namespace drillpress::diagnostics

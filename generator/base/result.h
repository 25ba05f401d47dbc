// A value or an environment failure with its context; authors' mistakes are diagnostics instead.
#pragma once

#include <string>
#include <utility>
#include <variant>

namespace drillpress::base {

/// Why an operation on the environment failed, in words for people ("cannot open x: permission denied").
struct Failure {
  std::string message;
};

/// Holds either a `T` or a `Failure`. Asking for the one that is not there is a bug of the caller (it throws
/// std::bad_variant_access, which ends the program as an internal error).
template <typename T>
class Result {
 public:
  Result(T value) : state_(std::move(value)) {}
  Result(Failure failure) : state_(std::move(failure)) {}

  bool ok() const { return std::holds_alternative<T>(state_); }
  explicit operator bool() const { return ok(); }

  const T& value() const& { return std::get<T>(state_); }
  T& value() & { return std::get<T>(state_); }
  T&& value() && { return std::get<T>(std::move(state_)); }
  const std::string& error() const { return std::get<Failure>(state_).message; }

 private:
  std::variant<T, Failure> state_;
};

/// Result of an operation that gives nothing back.
struct Done {};
using Status = Result<Done>;

}  // namespace drillpress::base

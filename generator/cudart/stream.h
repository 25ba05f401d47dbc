// Streams, events and captures: handles that programs hold, and the state behind them.
#pragma once

#include <algorithm>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "cudart/graph.h"

namespace drillpress::cudart {

struct Stream;

/// A graph being recorded from one or more streams.
struct Capture {
  std::unique_ptr<Graph> owned;  ///< the graph, until the capture ends and the program gets it
  Graph* graph = nullptr;
  const Stream* origin = nullptr;
  unsigned long long id = 0;
  bool invalidated = false;
  bool ended = false;
};

struct Stream {
  unsigned flags = 0;
  int priority = 0;
  unsigned long long id = 0;
  std::shared_ptr<Capture> capture;  ///< null: operations run at once
  std::vector<GraphNode*> frontier;  ///< what the next captured operation depends on
};

struct Event {
  unsigned flags = 0;
  std::optional<std::uint64_t> recorded_at_ns;  ///< synthetic time (Context::clock_ns)
  std::shared_ptr<Capture> capture;             ///< recorded inside this capture
  std::vector<GraphNode*> frontier;
};

/// Objects behind opaque handles. A handle that was never given or was destroyed is found out, not followed.
template <typename T>
class HandleTable {
 public:
  T* add(std::unique_ptr<T> object) {
    objects_.push_back(std::move(object));
    return objects_.back().get();
  }
  T* find(const void* handle) const {
    const auto found = position(handle);
    return found == objects_.end() ? nullptr : found->get();
  }
  bool remove(const void* handle) {
    const auto found = position(handle);
    if (found == objects_.end()) return false;
    objects_.erase(found);
    return true;
  }
  const std::vector<std::unique_ptr<T>>& all() const { return objects_; }

 private:
  auto position(const void* handle) const {
    return std::find_if(objects_.begin(), objects_.end(),
                        [handle](const std::unique_ptr<T>& object) { return object.get() == handle; });
  }
  std::vector<std::unique_ptr<T>> objects_;
};

}  // namespace drillpress::cudart

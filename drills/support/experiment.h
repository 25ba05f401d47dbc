/// What a problem declares: its cases, and for one case its buffers, reference, cost and launch.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <deque>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "compare.h"
#include "random.h"

namespace drill {

using Shape = std::vector<std::size_t>;  ///< extents, outermost first

inline std::size_t element_count(const Shape& shape) {
  std::size_t count = 1;
  for (const std::size_t extent : shape) count *= extent;
  return count;
}

/// Where a buffer's first element lies: at a 256-byte boundary, one element past it, or (staggered) as many
/// elements past it as the buffer's position in the declaration, so that no two buffers are aligned alike.
enum class Placement { aligned, offset, staggered };

struct Case {
  Shape shape;
  Distribution distribution = Distribution::uniform;
  Placement placement = Placement::aligned;

  /// "33x127", "1025-mixed-signs", "1023-offset": unique within a drill.
  std::string name() const {
    std::string text;
    for (const std::size_t extent : shape) text += (text.empty() ? "" : "x") + std::to_string(extent);
    if (distribution != Distribution::uniform) text += std::string("-") + row_of(distribution).name;
    if (placement != Placement::aligned) text += placement == Placement::offset ? "-offset" : "-staggered";
    return text;
  }
};

/// The edges that break one-dimensional kernels: empty, around a warp, around a block, a prime, each
/// distribution that any drill can take, and bases that are not aligned for vector loads.
inline std::vector<Case> vector_cases() {
  std::vector<Case> cases;
  for (const std::size_t n : {0, 1, 31, 32, 33, 127, 129, 1023, 1025, 65539}) cases.push_back({{n}});
  for (const auto d : {Distribution::constant, Distribution::mixed_signs, Distribution::magnitudes})
    cases.push_back({{1025}, d});
  cases.push_back({{1023}, Distribution::uniform, Placement::offset});
  cases.push_back({{1025}, Distribution::uniform, Placement::staggered});
  return cases;
}

enum class Role { input, output, scratch };

/// One array that the solution sees. `device` is set by the harness for the duration of a run.
struct Buffer {
  std::string name;
  Role role = Role::input;
  Shape shape;
  std::size_t element_bytes = 1;
  double (*widen)(const std::byte*) = nullptr;  ///< one element, exactly, as float64
  std::vector<std::byte> contents;              ///< an input's data
  std::vector<Expected> expected;               ///< an output's reference, one per element
  std::byte* device = nullptr;

  std::size_t bytes() const { return element_count(shape) * element_bytes; }
};

/// A declared input: host values for the reference, a device pointer for the launch.
template <class T>
class Input {
 public:
  explicit Input(const Buffer& buffer) : buffer_(&buffer) {}
  T operator[](std::size_t i) const {
    T value;
    std::memcpy(&value, buffer_->contents.data() + i * sizeof(T), sizeof(T));
    return value;
  }
  const T* device() const { return reinterpret_cast<const T*>(buffer_->device); }

 private:
  const Buffer* buffer_;
};

/// A declared output or scratch array. It holds a poison pattern, not zeros, when the solution starts.
template <class T>
class Output {
 public:
  explicit Output(const Buffer& buffer) : buffer_(&buffer) {}
  T* device() const { return reinterpret_cast<T*>(buffer_->device); }

 private:
  const Buffer* buffer_;
};

/// What the task cannot do without: each input byte read once, each output byte written once.
struct Cost {
  std::size_t bytes_read = 0;
  std::size_t bytes_written = 0;
  std::size_t operations = 0;
};

/// One case with its data. Handles point into it, so it stays where it was made.
class Experiment {
 public:
  Experiment(Case which, std::uint64_t seed) : which_(std::move(which)), seed_(seed) {}
  Experiment(const Experiment&) = delete;
  Experiment& operator=(const Experiment&) = delete;
  ~Experiment() { delete launch_; }

  std::size_t count() const { return element_count(which_.shape); }
  std::size_t extent(std::size_t dimension) const { return which_.shape[dimension]; }
  const Case& which() const { return which_; }

  /// An input drawn from the case's distribution.
  template <class T>
  Input<T> input(std::string name, Shape shape) {
    static_assert(std::is_floating_point_v<T>, "give a generator for other types");
    return input<T>(std::move(name), std::move(shape),
                    [&](Random& random) { return static_cast<T>(row_of(which_.distribution).draw(random)); });
  }

  /// An input whose elements are `generate(random)`, in order.
  template <class T, class Generate>
  Input<T> input(std::string name, Shape shape, Generate generate) {
    Buffer& buffer = add<T>(std::move(name), Role::input, std::move(shape));
    buffer.contents.resize(buffer.bytes());
    Random random(derive_seed(buffer.name, seed_));
    for (std::size_t at = 0; at < buffer.contents.size(); at += sizeof(T)) {
      const T value = generate(random);
      std::memcpy(buffer.contents.data() + at, &value, sizeof(T));
    }
    return Input<T>(buffer);
  }

  /// An output whose i-th element (row-major) must be `expect(i)`.
  template <class T, class Expect>
  Output<T> output(std::string name, Shape shape, Expect expect) {
    Buffer& buffer = add<T>(std::move(name), Role::output, std::move(shape));
    const std::size_t count = element_count(buffer.shape);
    buffer.expected.reserve(count);
    for (std::size_t i = 0; i < count; ++i) buffer.expected.push_back(in_range_of<T>(expect(i)));
    return Output<T>(buffer);
  }

  /// Working memory for the solution; its contents are never compared.
  template <class T>
  Output<T> scratch(std::string name, Shape shape) {
    return Output<T>(add<T>(std::move(name), Role::scratch, std::move(shape)));
  }

  /// `call` calls the solution with the buffers' device pointers.
  template <class Call>
  void launch(Call call) {
    struct Typed final : Launch {
      explicit Typed(Call c) : call(std::move(c)) {}
      void run() const override { call(); }
      Call call;
    };
    delete launch_;
    launch_ = new Typed(std::move(call));
  }
  void run() const { launch_->run(); }

  Cost cost;
  std::deque<Buffer> buffers;  ///< in order of declaration; a deque never moves its elements

 private:
  /// What std::function would do, at a fraction of its cost to compile.
  struct Launch {
    virtual ~Launch() = default;
    virtual void run() const = 0;
  };

  template <class T>
  Buffer& add(std::string name, Role role, Shape shape) {
    static_assert(sizeof(T) <= 4 || std::is_floating_point_v<T>, "float64 must hold every value exactly");
    const auto widen = [](const std::byte* element) {
      T value;
      std::memcpy(&value, element, sizeof(T));
      return static_cast<double>(value);
    };
    return buffers.emplace_back(
        Buffer{std::move(name), role, std::move(shape), sizeof(T), widen, {}, {}, nullptr});
  }

  /// A reference beyond T's range is an infinity in T.
  template <class T>
  static Expected in_range_of(Expected expected) {
    if constexpr (std::is_floating_point_v<T>)
      if (std::isinf(static_cast<T>(expected.value)))
        expected.value = static_cast<double>(static_cast<T>(expected.value));
    return expected;
  }

  Case which_;
  std::uint64_t seed_;
  Launch* launch_ = nullptr;
};

/// A drill's problem, returned by its `drill::problem()`.
struct Problem {
  std::string name;
  std::string tolerance;  ///< the formula and where it comes from, printed and reported
  std::vector<Case> cases;
  Case profiled;  ///< runs last; its first run is the one whose counters the page shows
  void (*define)(Experiment&) = nullptr;
  bool bit_identical = true;  ///< false only where the order of atomics is the lesson
};

}  // namespace drill

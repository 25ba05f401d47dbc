/// Reproducible input data: the same case, buffer and seed give the same bits on every machine.
#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string_view>

namespace drill {

/// SplitMix64 (Steele, Lea and Flood, "Fast Splittable Pseudorandom Number Generators", OOPSLA 2014).
class Random {
 public:
  explicit Random(std::uint64_t seed) : state_(seed) {}

  std::uint64_t next() {
    std::uint64_t z = state_ += 0x9e3779b97f4a7c15;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
    z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
    return z ^ (z >> 31);
  }

  /// Uniform in [0, 1), a multiple of 2^-24.
  double unit() { return static_cast<double>(next() >> 40) * 0x1p-24; }

  /// Uniform in 0 … bound - 1 (bound > 0; the bias is below bound / 2^64).
  std::uint64_t below(std::uint64_t bound) { return next() % bound; }

 private:
  std::uint64_t state_;
};

/// The seed that `name` (a case, a buffer) gets under `seed`: FNV-1a over the name, then mixed.
inline std::uint64_t derive_seed(std::string_view name, std::uint64_t seed) {
  std::uint64_t hash = 0xcbf29ce484222325;
  for (const unsigned char byte : name) hash = (hash ^ byte) * 0x100000001b3;
  return Random(hash ^ Random(seed).next()).next();
}

/// How a case fills its floating-point inputs.
enum class Distribution {
  uniform,
  constant,
  mixed_signs,
  magnitudes,
  infinities,
  specials,
  skewed,
  shifted,
  masked
};

struct DistributionRow {
  Distribution id;
  const char* name;
  double (*draw)(Random&);
};

/// Every distribution is biased away from zero, so that an output of zeros can never pass by luck.
inline constexpr DistributionRow kDistributions[] = {
    // Positive and varied: a lost, doubled or misplaced element shows.
    {Distribution::uniform, "uniform", [](Random& r) { return 0.5 + r.unit(); }},
    // All keys equal.
    {Distribution::constant, "constant", [](Random&) { return 1.25; }},
    // Cancellation: in [-1, 2).
    {Distribution::mixed_signs, "mixed-signs", [](Random& r) { return 3.0 * r.unit() - 1.0; }},
    // Either sign, from about 2^-20 to 2^21.
    {Distribution::magnitudes, "magnitudes",
     [](Random& r) {
       const double sign = r.below(4) == 0 ? -1.0 : 1.0;
       return std::ldexp(sign * (1.0 + r.unit()), static_cast<int>(r.below(41)) - 20);
     }},
    // Mostly finite, about one +infinity in 64.
    {Distribution::infinities, "infinities",
     [](Random& r) { return r.below(64) == 0 ? std::numeric_limits<double>::infinity() : 0.5 + r.unit(); }},
    // The float32 corner values: signed zeros, subnormals, the largest, infinities, NaN.
    {Distribution::specials, "specials",
     [](Random& r) {
       constexpr double inf = std::numeric_limits<double>::infinity();
       constexpr double corners[] = {0.0,
                                     -0.0,
                                     1.0,
                                     -1.0,
                                     0x1p-149,
                                     -0x1p-126,
                                     0x1.fffffep127,
                                     -0x1.fffffep127,
                                     inf,
                                     -inf,
                                     std::numeric_limits<double>::quiet_NaN()};
       return corners[r.below(sizeof corners / sizeof *corners)];
     }},
    // 1 for half of the elements, 2 for a quarter, 3 for an eighth, … (at most 64).
    {Distribution::skewed, "skewed", [](Random& r) { return 1.0 + __builtin_ctzll(r.next() | 1ull << 63); }},
    // A mean that dwarfs the spread: from 4096 to 4097.
    {Distribution::shifted, "shifted", [](Random& r) { return 4096.0 + r.unit(); }},
    // Three of four are -infinity.
    {Distribution::masked, "masked",
     [](Random& r) { return r.below(4) > 0 ? -std::numeric_limits<double>::infinity() : 0.5 + r.unit(); }},
};

inline const DistributionRow& row_of(Distribution id) {
  return kDistributions[static_cast<std::size_t>(id)];
}

}  // namespace drill

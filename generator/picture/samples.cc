#include "picture/samples.h"

#include <fmt/format.h>

#include <algorithm>

#include "stats/order.h"

namespace drillpress::picture {
namespace {

constexpr std::size_t kBins = 40;
constexpr double kTop = 16, kBottom = 100;

}  // namespace

Picture render_samples(const Samples& samples) {
  Picture picture{samples.id, samples.title, {}, {}, {"Statistic", "Value"}, {}};
  if (samples.values.empty()) {
    picture.caption = "Not yet measured.";
    Svg svg(samples.id, samples.title, picture.caption);
    svg.text(0, 14, "not yet measured", "pic-missing");
    picture.svg = std::move(svg).finish(20);
    return picture;
  }
  std::vector<double> sorted = samples.values;
  std::sort(sorted.begin(), sorted.end());
  const double low = sorted.front(), high = sorted.back(), median = stats::quantile(sorted, 0.5);
  const double first = stats::quantile(sorted, 0.25), third = stats::quantile(sorted, 0.75);
  const auto shown = [&](double value) { return fmt::format("{:.4g} {}", value, samples.unit); };
  picture.caption = fmt::format("{} samples, median {}, quartiles {} and {}.", sorted.size(), shown(median),
                                shown(first), shown(third));
  picture.rows = {{"samples", std::to_string(sorted.size())}, {"least", shown(low)},
                  {"first quartile", shown(first)},           {"median", shown(median)},
                  {"third quartile", shown(third)},           {"largest", shown(high)}};

  std::vector<std::size_t> bins(kBins, 0);
  const double range = high - low;
  const auto x = [&](double value) { return range > 0 ? kWidth * (value - low) / range : kWidth / 2; };
  for (const double value : sorted)
    ++bins[std::min(kBins - 1, static_cast<std::size_t>(x(value) / kWidth * static_cast<double>(kBins)))];
  const double most = static_cast<double>(*std::max_element(bins.begin(), bins.end())),
               width = kWidth / kBins;
  Svg svg(samples.id, samples.title, picture.caption);
  for (std::size_t i = 0; i < kBins; ++i) {
    if (bins[i] == 0) continue;
    const double height = (kBottom - kTop) * static_cast<double>(bins[i]) / most;
    svg.rect(static_cast<double>(i) * width + 0.5, kBottom - height, width - 1, height, "pic-bar");
  }
  svg.line(0, kBottom, kWidth, kBottom, "pic-axis");
  svg.line(x(first), kBottom + 5, x(third), kBottom + 5, "pic-whisker");
  svg.line(x(median), kTop - 4, x(median), kBottom + 8, "pic-mark");
  const std::string label = "median " + shown(median);
  const bool right = x(median) + text_width(label) <= kWidth;
  svg.text(x(median), kTop - 6, label, "pic-label", right ? Anchor::kStart : Anchor::kEnd);
  svg.text(0, kBottom + 20, shown(low), "pic-label");
  if (range > 0) svg.text(kWidth, kBottom + 20, shown(high), "pic-label", Anchor::kEnd);
  picture.svg = std::move(svg).finish(kBottom + 26);
  return picture;
}

}  // namespace drillpress::picture

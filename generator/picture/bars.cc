#include "picture/bars.h"

#include <fmt/format.h>

#include <algorithm>

namespace drillpress::picture {
namespace {

constexpr double kLabelHeight = 14, kBarHeight = 10, kRowGap = 8, kHeadingHeight = 18, kGroupGap = 10;
constexpr double kTextGap = 6, kLeastBar = 1.5;

// Largest value that anything of the group reaches.
double scale_top(const BarGroup& group) {
  double top = group.mark.value_or(0);
  for (const Bar& bar : group.bars) top = std::max({top, bar.value.value_or(0), bar.to.value_or(0)});
  return top;
}

// Room for bars once the longest text behind them is taken off.
double bar_room(const BarGroup& group) {
  double widest = 0;
  for (const Bar& bar : group.bars) widest = std::max(widest, text_width(bar.text));
  return std::max(kWidth / 3, kWidth - kTextGap - widest - 1);
}

void draw_bar(Svg& svg, const Bar& bar, double y, double room, double top) {
  const auto x = [&](double value) { return top > 0 ? room * std::clamp(value / top, 0.0, 1.0) : 0.0; };
  svg.text(0, y + kLabelHeight - 4, fitted(bar.label, kWidth),
           bar.strong ? "pic-name pic-strong-text" : "pic-name");
  const double line = y + kLabelHeight;
  double end = 0;
  if (bar.value) {
    const double begin = x(bar.low.value_or(0));
    end = std::max(x(*bar.value), *bar.value > 0 ? begin + kLeastBar : begin);
    svg.rect(0, line, room, kBarHeight, "pic-rail");
    svg.rect(begin, line, end - begin, kBarHeight, bar.strong ? "pic-fill" : "pic-bar");
    if (bar.first) svg.rect(begin, line, std::max(x(*bar.first) - begin, 0.0), kBarHeight, "pic-fill");
    if (bar.from && bar.to) {
      svg.line(x(*bar.from), line + kBarHeight / 2, x(*bar.to), line + kBarHeight / 2, "pic-whisker");
      for (const double at : {x(*bar.from), x(*bar.to)})
        svg.line(at, line + 1, at, line + kBarHeight - 1, "pic-whisker");
    }
    svg.text(room + kTextGap, line + kBarHeight - 1, fitted(bar.text, kWidth - room - kTextGap), "pic-value");
  } else {
    svg.text(0, line + kBarHeight - 1, fitted(bar.text, kWidth), "pic-missing");
  }
}

}  // namespace

Picture render_bars(const BarChart& chart) {
  Picture picture{chart.id, chart.title, {}, chart.caption, {}, {}};
  const bool grouped = std::any_of(chart.groups.begin(), chart.groups.end(),
                                   [](const BarGroup& g) { return !g.heading.empty(); });
  if (grouped) picture.columns.push_back("Of");
  picture.columns.push_back(chart.label_column);
  picture.columns.push_back(chart.value_column);
  if (!chart.note_column.empty()) picture.columns.push_back(chart.note_column);

  std::string description;
  for (const BarGroup& group : chart.groups) {
    if (!group.heading.empty()) description += group.heading + ": ";
    for (const Bar& bar : group.bars) description += fmt::format("{} {}; ", bar.label, bar.text);
    if (group.mark) description += fmt::format("{}; ", group.mark_label);
  }
  if (description.ends_with("; ")) description.resize(description.size() - 2);
  Svg svg(chart.id, chart.title, description.empty() ? "No data." : description + ".");

  double y = 0;
  for (const BarGroup& group : chart.groups) {
    if (!group.heading.empty()) {
      svg.text(0, y + 12, fitted(group.heading, kWidth), "pic-heading");
      y += kHeadingHeight;
    }
    const double top = scale_top(group), room = bar_room(group), begin = y;
    for (const Bar& bar : group.bars) {
      draw_bar(svg, bar, y, room, top);
      y += kLabelHeight + kBarHeight + kRowGap;
      std::vector<std::string> row;
      if (grouped) row.push_back(group.heading);
      row.push_back(bar.label);
      row.push_back(bar.text);
      if (!chart.note_column.empty()) row.push_back(bar.note);
      picture.rows.push_back(std::move(row));
    }
    if (group.mark && top > 0) {
      const double x = room * *group.mark / top;
      for (double row = begin + kLabelHeight; row < y; row += kLabelHeight + kBarHeight + kRowGap)
        svg.line(x, row - 2, x, row + kBarHeight + 2, "pic-mark");
      const double width = text_width(group.mark_label);
      const bool fits_right = x + width <= kWidth, fits_left = width <= x;
      svg.text(fits_right || fits_left ? x : 0, y + 6, fitted(group.mark_label, kWidth), "pic-label",
               fits_right || !fits_left ? Anchor::kStart : Anchor::kEnd);
      y += kHeadingHeight - 4;
    }
    y += kGroupGap;
  }
  picture.svg = std::move(svg).finish(std::max(y - kGroupGap, 1.0));
  return picture;
}

}  // namespace drillpress::picture

#include "model/yaml.h"

#include <fmt/format.h>
#include <yaml.h>

#include <algorithm>
#include <memory>

namespace drillpress::model {
namespace {

using diagnostics::Code;
using diagnostics::Diagnostic;
using diagnostics::Severity;

constexpr int kMaxDepth = 32;

// libyaml counts lines and columns in characters from the start of its input; spans are bytes in the whole
// file.
class Builder {
 public:
  Builder(const base::SourcePtr& source, std::size_t begin, std::size_t end, diagnostics::Sink& sink)
      : source_(source), begin_(begin), end_(end), sink_(sink) {
    const std::string_view text = std::string_view(source->text()).substr(begin, end - begin);
    line_starts_.push_back(begin);
    for (std::size_t i = 0; i < text.size(); ++i) {
      if (text[i] == '\n') line_starts_.push_back(begin + i + 1);
    }
    yaml_parser_initialize(&parser_);
    yaml_parser_set_encoding(&parser_, YAML_UTF8_ENCODING);
    yaml_parser_set_input_string(&parser_, reinterpret_cast<const unsigned char*>(text.data()), text.size());
  }
  ~Builder() { yaml_parser_delete(&parser_); }
  Builder(const Builder&) = delete;
  Builder& operator=(const Builder&) = delete;

  std::optional<YamlNode> build() {
    YamlNode root;
    root.kind = YamlNode::Kind::kMapping;
    root.span = {source_, begin_, end_};
    while (true) {
      Event event;
      if (!next(event)) return std::nullopt;
      if (event->type == YAML_STREAM_END_EVENT) return root;
      if (event->type == YAML_STREAM_START_EVENT || event->type == YAML_DOCUMENT_END_EVENT) continue;
      if (event->type == YAML_DOCUMENT_START_EVENT) {
        Event first;
        if (!next(first) || !node(first, root, 0)) return std::nullopt;
        continue;
      }
      return std::nullopt;
    }
  }

 private:
  struct Event {
    yaml_event_t raw{};
    bool live = false;
    Event() = default;
    ~Event() {
      if (live) yaml_event_delete(&raw);
    }
    Event(const Event&) = delete;
    Event& operator=(const Event&) = delete;
    yaml_event_t* operator->() { return &raw; }
  };

  std::size_t offset(const yaml_mark_t& mark) const {
    if (mark.line >= line_starts_.size()) return end_;
    std::size_t at = line_starts_[mark.line];
    const std::string& text = source_->text();
    for (std::size_t column = 0; column < mark.column && at < end_; ++column) {
      ++at;
      while (at < end_ && (static_cast<unsigned char>(text[at]) & 0xC0U) == 0x80U) ++at;
    }
    return std::min(at, end_);
  }

  base::Span span(const yaml_event_t& event) const {
    const std::size_t from = offset(event.start_mark);
    return {source_, from, std::max(from, offset(event.end_mark))};
  }

  bool fault(base::Span place, std::string message, std::string help = {}) {
    sink_.report(
        {Code::kBadYaml, Severity::kError, std::move(place), std::move(message), {}, std::move(help)});
    return false;
  }

  bool next(Event& event) {
    if (yaml_parser_parse(&parser_, &event.raw) == 1) {
      event.live = true;
      return true;
    }
    const std::size_t at = parser_.error == YAML_READER_ERROR ? begin_ : offset(parser_.problem_mark);
    std::string message = parser_.problem != nullptr ? parser_.problem : "cannot be read";
    if (parser_.context != nullptr) message = fmt::format("{} {}", message, parser_.context);
    return fault({source_, at, std::min(at + 1, end_)}, fmt::format("YAML: {}", message),
                 "a value that holds `: ` or starts with a special character needs quotes: key: \"value\"");
  }

  bool node(Event& event, YamlNode& out, int depth) {
    out = YamlNode{};
    out.span = span(event.raw);
    if (depth > kMaxDepth)
      return fault(out.span, fmt::format("YAML nested deeper than {} levels", kMaxDepth));
    switch (event->type) {
      case YAML_SCALAR_EVENT:
        out.kind = YamlNode::Kind::kScalar;
        out.scalar.assign(reinterpret_cast<const char*>(event->data.scalar.value), event->data.scalar.length);
        out.quoted = event->data.scalar.style != YAML_PLAIN_SCALAR_STYLE;
        return true;
      case YAML_SEQUENCE_START_EVENT:
        return sequence(out, depth);
      case YAML_MAPPING_START_EVENT:
        return mapping(out, depth);
      case YAML_ALIAS_EVENT:
        return fault(out.span, "YAML aliases are not used here", "write the value out where it is needed");
      default:
        return fault(out.span, "unexpected YAML structure");
    }
  }

  bool sequence(YamlNode& out, int depth) {
    out.kind = YamlNode::Kind::kSequence;
    while (true) {
      Event event;
      if (!next(event)) return false;
      if (event->type == YAML_SEQUENCE_END_EVENT) {
        out.span.end = std::max(out.span.end, offset(event->end_mark));
        return true;
      }
      YamlNode item;
      if (!node(event, item, depth + 1)) return false;
      out.span.end = std::max(out.span.end, item.span.end);
      out.items.push_back(std::move(item));
    }
  }

  bool mapping(YamlNode& out, int depth) {
    out.kind = YamlNode::Kind::kMapping;
    while (true) {
      Event key_event;
      if (!next(key_event)) return false;
      if (key_event->type == YAML_MAPPING_END_EVENT) return true;
      YamlNode key;
      if (!node(key_event, key, depth + 1)) return false;
      if (key.kind != YamlNode::Kind::kScalar) return fault(key.span, "a YAML key must be plain text");
      Event value_event;
      YamlNode value;
      if (!next(value_event) || !node(value_event, value, depth + 1)) return false;
      out.span.end = std::max(out.span.end, value.span.end);
      const auto same = std::find_if(out.members.begin(), out.members.end(),
                                     [&](const YamlNode::Member& m) { return m.key == key.scalar; });
      if (same != out.members.end()) {
        sink_.report({Code::kDuplicateKey,
                      Severity::kError,
                      key.span,
                      fmt::format("`{}` is given twice", key.scalar),
                      {{same->key_span, "first given here"}},
                      "keep one of the two"});
        continue;
      }
      out.members.push_back({key.scalar, key.span, std::move(value)});
    }
  }

  base::SourcePtr source_;
  std::size_t begin_, end_;
  diagnostics::Sink& sink_;
  std::vector<std::size_t> line_starts_;
  yaml_parser_t parser_{};
};

}  // namespace

const YamlNode* YamlNode::find(std::string_view key) const {
  for (const Member& member : members) {
    if (member.key == key) return &member.value;
  }
  return nullptr;
}

std::optional<YamlNode> parse_yaml(const base::SourcePtr& source, std::size_t begin, std::size_t end,
                                   diagnostics::Sink& sink) {
  return Builder(source, begin, end, sink).build();
}

}  // namespace drillpress::model

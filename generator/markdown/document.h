// A parsed Markdown document: an immutable tree whose every node knows the bytes it was written as.
#pragma once

#include <cstddef>
#include <cstdint>
#include <iterator>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/source.h"

namespace drillpress::markdown {

enum class Kind : std::uint8_t {
  // Blocks.
  kDocument,
  kParagraph,
  kHeading,
  kBlockQuote,
  kAlert,
  kList,
  kItem,
  kCodeBlock,
  kHtmlBlock,  ///< only with ParseOptions::allow_raw_html
  kThematicBreak,
  kTable,
  kTableRow,
  kTableCell,
  kFootnoteDefinition,
  // Inlines (kDirective and kFormula are blocks when they stand alone in their paragraph).
  kText,
  kSoftBreak,
  kLineBreak,
  kCodeSpan,
  kHtmlInline,  ///< only with ParseOptions::allow_raw_html
  kEmphasis,
  kStrong,
  kStrikethrough,
  kLink,
  kImage,
  kFootnoteReference,
  kDirective,
  kFormula,
};

/// Index of a node in Document::nodes().
using NodeId = std::uint32_t;
inline constexpr NodeId kRoot = 0;
inline constexpr NodeId kNoNode = 0xFFFFFFFF;

/// No node is deeper than this below the root, so a tree may be walked recursively. Deeper input is the
/// diagnostic `nesting-too-deep`.
inline constexpr std::uint32_t kMaxDepth = 100;

struct Heading {
  int level = 1;             ///< 1..6
  std::string id;            ///< unique among all ids of the document
  bool explicit_id = false;  ///< written by the author as `{#id}`
  base::Span id_span = {};   ///< of the id inside `{#id}`; the heading itself when generated
};

struct List {
  bool ordered = false;
  int start = 1;       ///< of an ordered list
  bool tight = false;  ///< items' paragraphs are rendered without `<p>`
};

enum class Task : std::uint8_t { kNone, kUnchecked, kChecked };

struct Item {
  Task task = Task::kNone;
  std::string id;           ///< from a trailing `{#id}`; empty when the author gave none
  base::Span id_span = {};  ///< of the id inside `{#id}`
};

/// One `key` or `key=value` of a code fence.
struct Attribute {
  std::string key;
  std::optional<std::string> value;  ///< unquoted and unescaped
  base::Span span;                   ///< the whole attribute
  base::Span key_span;
  base::Span value_span;  ///< the value without its quotes; empty after the key when there is none
};

struct CodeBlock {
  bool fenced = false;
  std::string language;           ///< first word of the info string; may be empty
  base::Span language_span = {};  ///< of that word; the opening fence (or first line) when there is none
  std::vector<Attribute> attributes = {};
  std::string info;            ///< whole info string, unescaped
  base::Span fence_span = {};  ///< first line of the block: fence and info string
  /// Byte offset in the file of each line of the literal: column c of line n (both from 0) is at
  /// `line_offsets[n] + c`. For code indented with a tab that a list or quote used in part, the offset of the
  /// tab.
  std::vector<std::size_t> line_offsets = {};

  const Attribute* find(std::string_view key) const;
};

enum class Alignment : std::uint8_t { kNone, kLeft, kCenter, kRight };

struct Table {
  std::vector<Alignment> alignments;
};

struct TableRow {
  bool header = false;
};

struct TableCell {
  bool header = false;
  Alignment alignment = Alignment::kNone;
};

struct Link {               // also images
  std::string destination;  ///< unescaped, as CommonMark defines it; not yet percent-encoded
  std::string title;
  base::Span destination_span;  ///< exact; for a reference link it lies in the definition
  /// Span of the definition `[label]: destination` when this is a reference link.
  std::optional<base::Span> definition_span = {};
  bool autolink = false;
};

struct FootnoteReference {
  std::string label;
  int number = 0;      ///< of the footnote, from 1 in order of first use
  int occurrence = 0;  ///< which use of that footnote, from 1
};

struct FootnoteDefinition {
  std::string label;
  int number = 0;
  int references = 0;  ///< number of uses
};

struct Alert {
  std::string kind;      ///< "note", "tip", "important", "warning", "caution", "strong" or "weak"
  base::Span kind_span;  ///< of the word inside `[!WORD]`
};

struct Argument {
  std::string value;  ///< unquoted and unescaped
  base::Span span;    ///< without quotes
  bool quoted = false;
};

/// `{{ name argument "quoted argument" }}`
struct Directive {
  std::string name;
  base::Span name_span;
  std::vector<Argument> arguments;
  bool block = false;  ///< stood alone in its paragraph
};

/// `$tex$` or `$$tex$$`; the node's literal is the TeX, with single spaces for line breaks.
struct Formula {
  bool display = false;
  bool block = false;  ///< stands alone in its paragraph, or was a code block
  /// Where the pieces of the TeX between blanks are: offset in the literal, byte offset in the file.
  struct Place {
    std::size_t literal, file;
  };
  std::vector<Place> places = {};

  /// Byte offset in the file of an offset in the TeX.
  std::size_t file_offset(std::size_t literal_offset) const;
};

using Data = std::variant<std::monostate, Heading, List, Item, CodeBlock, Table, TableRow, TableCell, Link,
                          FootnoteReference, FootnoteDefinition, Alert, Directive, Formula>;

struct Node {
  Kind kind = Kind::kDocument;
  NodeId parent = kNoNode;
  NodeId end = 0;  ///< one past the last node of this subtree
  std::uint32_t depth = 0;
  std::size_t source_begin = 0;  ///< the node is source().text()[source_begin, source_end)
  std::size_t source_end = 0;
  std::string
      literal;  ///< text, code spans, code blocks, HTML: the content with escapes and entities resolved
  Data data;
};

/// Immutable. Nodes are stored in pre-order: the subtree of `id` is [id, node(id).end), its first child is
/// `id + 1`, and the next sibling of a child is its `end`.
class Document {
 public:
  Document(base::SourcePtr source, std::size_t body_offset, std::vector<Node> nodes);

  const base::SourcePtr& source() const { return source_; }
  std::size_t body_offset() const { return body_offset_; }
  const std::vector<Node>& nodes() const { return nodes_; }
  const Node& node(NodeId id) const { return nodes_[id]; }
  base::Span span(NodeId id) const { return {source_, nodes_[id].source_begin, nodes_[id].source_end}; }

  /// The kind's data; asking for another kind's is a bug (std::bad_variant_access).
  template <typename T>
  const T& data(NodeId id) const {
    return std::get<T>(nodes_[id].data);
  }

  /// The children of a node, first to last, as a range of NodeId.
  class Children;
  Children children(NodeId id) const;

 private:
  base::SourcePtr source_;
  std::size_t body_offset_;
  std::vector<Node> nodes_;
};

class Document::Children {
 public:
  class Iterator {
   public:
    using iterator_category = std::input_iterator_tag;
    using value_type = NodeId;
    using difference_type = std::ptrdiff_t;
    using pointer = const NodeId*;
    using reference = NodeId;

    Iterator(const Document* document, NodeId id) : document_(document), id_(id) {}
    NodeId operator*() const { return id_; }
    Iterator& operator++() {
      id_ = document_->node(id_).end;
      return *this;
    }
    bool operator==(const Iterator& other) const { return id_ == other.id_; }
    bool operator!=(const Iterator& other) const { return id_ != other.id_; }

   private:
    const Document* document_;
    NodeId id_;
  };

  Children(const Document* document, NodeId parent) : document_(document), parent_(parent) {}
  Iterator begin() const { return {document_, parent_ + 1}; }
  Iterator end() const { return {document_, document_->node(parent_).end}; }
  bool empty() const { return begin() == end(); }

 private:
  const Document* document_;
  NodeId parent_;
};

inline Document::Children Document::children(NodeId id) const {
  return {this, id};
}

/// Text of the subtree without markup: literals joined, breaks as single spaces, blocks separated by a space;
/// footnote references and directives contribute nothing, formulas their TeX.
std::string plain_text(const Document& document, NodeId id);

/// A link or image as written.
struct LinkUse {
  NodeId node;
  bool image;
};
std::vector<LinkUse> links(const Document& document);

/// A part of the document under one h2: top-level nodes [begin, end), the heading itself not among them.
/// What comes before the first h2 is a section without heading (left out when it is empty).
struct Section {
  NodeId heading = kNoNode;
  std::string id;
  std::string title;  ///< plain text
  NodeId begin = 0;
  NodeId end = 0;
};
std::vector<Section> sections(const Document& document);

}  // namespace drillpress::markdown

#include "markdown/cmark_parser.h"

#include <cmark-gfm-core-extensions.h>
#include <cmark-gfm-extension_api.h>

#include <algorithm>
#include <array>
#include <mutex>

#include "base/text.h"
#include "markdown/directive.h"
#include "markdown/formula.h"

// Not part of the documented interface, but exported: the library's own reading of entities, escapes and
// labels, so that ours cannot differ from it. These headers have no C++ guards of their own.
extern "C" {
#include <cmark-gfm/buffer.h>
#include <cmark-gfm/chunk.h>
#include <cmark-gfm/houdini.h>
#include <cmark-gfm/node.h>
#include <cmark-gfm/utf8.h>
}

namespace drillpress::markdown {
namespace {

struct ParserDeleter {
  void operator()(cmark_parser* parser) const { cmark_parser_free(parser); }
};

class Buffer {
 public:
  Buffer() { cmark_strbuf_init(cmark_get_default_mem_allocator(), &buffer_, 0); }
  ~Buffer() { cmark_strbuf_free(&buffer_); }
  Buffer(const Buffer&) = delete;
  Buffer& operator=(const Buffer&) = delete;
  cmark_strbuf* get() { return &buffer_; }
  std::string text() const {
    return {reinterpret_cast<const char*>(buffer_.ptr), static_cast<std::size_t>(buffer_.size)};
  }

 private:
  cmark_strbuf buffer_;
};

const std::uint8_t* bytes(std::string_view text) {
  return reinterpret_cast<const std::uint8_t*>(text.data());
}
bufsize_t size(std::string_view text) {
  return static_cast<bufsize_t>(text.size());
}

cmark_node* match_construct(cmark_syntax_extension*, cmark_parser*, cmark_node*, unsigned char character,
                            cmark_inline_parser* inlines) {
  const cmark_chunk* chunk = cmark_inline_parser_get_chunk(inlines);
  const int offset = cmark_inline_parser_get_offset(inlines);
  const std::string_view rest(reinterpret_cast<const char*>(chunk->data) + offset,
                              static_cast<std::size_t>(chunk->len - offset));
  const char before = offset > 0 ? static_cast<char>(chunk->data[offset - 1]) : '\0';
  const std::size_t length = character == '$' ? formula_length(rest, before) : brace_construct_length(rest);
  if (length == 0) return nullptr;
  cmark_node* node = cmark_node_new(CMARK_NODE_HTML_INLINE);
  cmark_node_set_literal(node, std::string(rest.substr(0, length)).c_str());
  cmark_inline_parser_set_offset(inlines, offset + static_cast<int>(length));
  return node;
}

cmark_syntax_extension* make_own_extension() {
  cmark_syntax_extension* extension = cmark_syntax_extension_new("drillpress");
  cmark_llist* characters = nullptr;
  for (const std::uintptr_t c : {'{', '$'}) {
    characters =
        cmark_llist_append(cmark_get_default_mem_allocator(), characters, reinterpret_cast<void*>(c));
  }
  cmark_syntax_extension_set_special_inline_chars(extension, characters);
  cmark_syntax_extension_set_match_inline_func(extension, match_construct);
  return extension;
}

constexpr std::array<const char*, 4> kGithubExtensions = {"table", "strikethrough", "autolink", "tasklist"};
using Extensions = std::array<cmark_syntax_extension*, kGithubExtensions.size() + 1>;

Extensions register_extensions() {
  cmark_gfm_core_extensions_ensure_registered();
  Extensions all{};
  std::transform(kGithubExtensions.begin(), kGithubExtensions.end(), all.begin(),
                 cmark_find_syntax_extension);
  all.back() = make_own_extension();
  return all;
}

// Registered by the first thread that parses; they live as long as the process, like the library's own
// registry.
const Extensions& extensions_once() {
  static const Extensions all = register_extensions();
  return all;
}

std::mutex& inline_phase() {
  static std::mutex mutex;
  return mutex;
}

}  // namespace

CmarkTree parse_cmark(const std::string& text, bool extensions) {
  const std::unique_ptr<cmark_parser, ParserDeleter> parser(
      cmark_parser_new(extensions ? CMARK_OPT_FOOTNOTES : CMARK_OPT_DEFAULT));
  if (extensions) {
    for (cmark_syntax_extension* extension : extensions_once()) {
      cmark_parser_attach_syntax_extension(parser.get(), extension);
    }
  }
  cmark_parser_feed(parser.get(), text.data(), text.size());
  // While it parses inlines cmark-gfm adds the extensions' special characters to a global table and takes
  // them away afterwards, so that phase runs for one document at a time; the rest of our work stays parallel.
  const std::lock_guard lock(inline_phase());
  return CmarkTree(cmark_parser_finish(parser.get()));
}

std::string_view content_of(cmark_node* node) {
  if (!cmark_node_first_child(node)) return {};
  return {reinterpret_cast<const char*>(node->content.ptr), static_cast<std::size_t>(node->content.size)};
}

std::string normalised_body(std::string_view body) {
  std::string text;
  text.reserve(body.size());
  for (std::size_t i = 0; i < body.size(); ++i) {
    if (body[i] == '\r') {
      if (i + 1 == body.size() || body[i + 1] != '\n') text += '\n';
    } else {
      text += body[i] == '\0' ? ' ' : body[i];
    }
  }
  return text;
}

std::string unescape(std::string_view text) {
  Buffer buffer;
  houdini_unescape_html_f(buffer.get(), bytes(text), size(text));
  cmark_strbuf_unescape(buffer.get());
  return buffer.text();
}

Entity read_entity(std::string_view text) {
  Buffer buffer;
  const bufsize_t length = houdini_unescape_ent(buffer.get(), bytes(text), size(text));
  if (length <= 0) return {};
  return {buffer.text(), static_cast<std::size_t>(length)};
}

std::string normalised_label(std::string_view label) {
  Buffer buffer;
  const std::string_view trimmed = base::trim(label);
  cmark_utf8proc_case_fold(buffer.get(), bytes(trimmed), size(trimmed));
  cmark_strbuf_normalize_whitespace(buffer.get());
  return buffer.text();
}

}  // namespace drillpress::markdown

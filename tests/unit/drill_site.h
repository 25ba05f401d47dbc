// A site in a folder of its own, and programs in it, for the tests of the drill module.
#pragma once

#include <stdlib.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <filesystem>
#include <string>
#include <vector>

#include "diagnostics/render.h"
#include "drill/evidence.h"
#include "system/files.h"

namespace drillpress::drill::testing {

class Site {
 public:
  Site() {
    std::string path = (std::filesystem::temp_directory_path() / "drillpress-test-XXXXXX").string();
    REQUIRE(::mkdtemp(path.data()) != nullptr);
    root_ = std::filesystem::canonical(path).string();
  }
  ~Site() { std::filesystem::remove_all(root_); }
  Site(const Site&) = delete;
  Site& operator=(const Site&) = delete;

  const std::string& root() const { return root_; }
  std::string path(const std::string& relative) const { return root_ + "/" + relative; }
  void write(const std::string& relative, const std::string& text) const {
    REQUIRE(system::write_file_atomically(path(relative), text).ok());
  }
  std::string read(const std::string& relative) const {
    const auto text = system::read_file(path(relative));
    return text.ok() ? text.value() : std::string();
  }

  Options options() const {
    Options out;
    out.root = root_;
    out.engine_dir = path("engine");
    out.quiet = true;
    out.use_gpu = false;
    return out;
  }

  /// What is left of temporary folders; must be nothing after every run.
  std::size_t leftovers() const {
    std::error_code error;
    std::size_t count = 0;
    for (std::filesystem::directory_iterator it(path(".drillpress/tmp"), error), end; !error && it != end;
         ++it)
      ++count;
    return count;
  }

  /// A compiler that takes CUDA programs without any CUDA in them, and notes that it was called.
  void install_fake_nvcc() const {
    write("tools/nvcc", R"(#!/bin/sh
echo "$1" >> ")" + path("calls.log") +
                            R"("
if [ "$1" = --version ]; then echo 'Cuda compilation tools, release 13.0, V13.0.88'; exit 0; fi
skip=
n=$#
while [ "$n" -gt 0 ]; do
  a=$1
  shift
  n=$((n - 1))
  if [ -n "$skip" ]; then skip=; continue; fi
  case "$a" in
    -gencode|-cudart|-Xptxas) skip=1 ;;
    --no-compress|-lineinfo) ;;
    *.cu) set -- "$@" -x c++ "$a" ;;
    *) set -- "$@" "$a" ;;
  esac
done
exec g++ "$@"
)");
    std::filesystem::permissions(path("tools/nvcc"), std::filesystem::perms::owner_all);
    write("engine/libcudart.so.13", "engine 1");
  }
  std::size_t compiler_calls() const {
    const std::string log = read("calls.log");
    return static_cast<std::size_t>(std::count(log.begin(), log.end(), '\n'));
  }

 private:
  std::string root_;
};

/// A program that is a file of its own.
inline Program file_program(const std::string& id, const std::string& path, const std::string& code,
                            Language language) {
  Program out;
  out.id = id;
  out.language = language;
  out.code = code;
  out.source = base::make_source(path, code);
  return out;
}

/// A program in a page, `before` lines of text above it.
inline Program page_program(const std::string& id, const std::string& before, const std::string& code,
                            Language language) {
  Program out;
  out.id = id;
  out.language = language;
  out.code = code;
  out.source = base::make_source("content/pages/p.md", before + code + "```\n");
  out.code_begin = before.size();
  return out;
}

inline void expect_output(Program& program, const std::string& text, Match match = Match::kExact,
                          double tolerance = 0) {
  program.expectation.kind = Expectation::Kind::kOutput;
  program.expectation.output = {
      text, {base::make_source("expected.txt", text), 0, text.size()}, match, tolerance};
}

/// First lines of all diagnostics: `path:line:column: error: message [code]`.
inline std::vector<std::string> heads(const diagnostics::Sink& sink) {
  std::vector<std::string> out;
  for (const auto& diagnostic : sink.sorted()) {
    const std::string text = diagnostics::render_text(diagnostic);
    out.push_back(text.substr(0, text.find('\n')));
  }
  return out;
}

}  // namespace drillpress::drill::testing

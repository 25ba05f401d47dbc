// What the tests of the PTX parser share: parsing that must succeed or fail, and a kernel around a body.
#pragma once

#include <catch2/catch.hpp>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>
#include <vector>

#include "ptx/parser.h"
#include "ptx/printer.h"

namespace ptx_test {

using namespace drillpress::ptx;

inline const std::string kHeader = ".version 9.0\n.target sm_90\n.address_size 64\n";

inline std::string describe(const std::vector<ParseError>& errors) {
  std::string out;
  for (const ParseError& error : errors) {
    out += std::to_string(error.line) + ":" + std::to_string(error.column) + ": " + error.message + "\n";
  }
  return out;
}

/// The module of a text that must parse.
inline Module parse_whole(std::string_view text) {
  auto parsed = parse_module(text);
  if (const auto* errors = std::get_if<std::vector<ParseError>>(&parsed)) FAIL(describe(*errors));
  return std::get<Module>(std::move(parsed));
}

/// The same after version, target and address size, which take three lines.
inline Module parse(const std::string& text) {
  return parse_whole(kHeader + text);
}

/// The errors of a text, "line:column: message" a line; empty if it parses. Lines count from the text's own
/// first.
inline std::string errors_of(const std::string& text) {
  auto parsed = parse_module(kHeader + text);
  auto* errors = std::get_if<std::vector<ParseError>>(&parsed);
  if (errors == nullptr) return {};
  for (ParseError& error : *errors) error.line -= 3;
  return describe(*errors);
}

/// A kernel with registers %p0-7, %r0-15, %rd0-15, %f0-7, %fd0-7, %h0-7 and `body`, which begins on the
/// text's line 9.
inline std::string kernel(const std::string& body) {
  return ".entry k(.param .u64 a, .param .b32 n) {\n"
         ".reg .pred %p<8>;\n"
         ".reg .b32 %r<16>;\n"
         ".reg .b64 %rd<16>;\n"
         ".reg .f32 %f<8>;\n"
         ".reg .f64 %fd<8>;\n"
         ".reg .b16 %h<8>;\n"
         "\n" +
         body + "\n}\n";
}

/// The function `k` of a module made of `before` and a kernel with `body`.
inline Function parse_kernel(const std::string& body, const std::string& before = {}) {
  Module module = parse(before + kernel(body));
  return std::move(module.functions.back());
}

/// The one instruction of a kernel.
inline Instruction parse_instruction(const std::string& text, const std::string& before = {}) {
  Function function = parse_kernel(text, before);
  REQUIRE(function.instructions.size() == 1);
  return std::move(function.instructions[0]);
}

inline const std::string& register_name(const Function& function, const Operand& operand) {
  return function.registers[operand.reg].name;
}

/// The lines of the text are the one thing that printing and parsing again may change.
inline void forget_lines(Module& module) {
  for (Function& function : module.functions) {
    function.ptx_line = 0;
    for (Instruction& instruction : function.instructions) instruction.ptx_line = 0;
  }
}

inline std::string load(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  REQUIRE(file);
  return {std::istreambuf_iterator<char>(file), {}};
}

/// The hand-written PTX texts, in the order of their names.
inline std::vector<std::filesystem::path> data_files() {
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::directory_iterator(std::filesystem::path(DRILLPRESS_SOURCE_DIR) /
                                                               "tests/unit/data/ptx")) {
    if (entry.path().extension() == ".ptx") files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  REQUIRE(files.size() >= 12);
  return files;
}

/// Instructions of a PTX text, counted without the parser: statements that end with `;` and begin, after
/// braces, labels and a guard, with a lower-case letter. Defined in ptx_count.cc.
std::size_t count_instructions(const std::string& text);

}  // namespace ptx_test

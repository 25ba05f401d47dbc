// The view that the template tests' cases use, and compilation of a case with the shared files it names.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "diagnostics/sink.h"
#include "template/template.h"

namespace drillpress::test {

/// The view of `case.html`.
templating::Record case_record();
templating::Map case_view();

/// A template set of one text, with the files of data/template/shared that it reaches by name.
struct CompiledCase {
  std::optional<templating::TemplateSet> set;
  std::string findings;  ///< as people see them
};
CompiledCase compile_case(const std::string& text);

/// Files of one folder of data/template, sorted.
std::vector<std::filesystem::path> case_files(const std::string& folder, const std::string& extension);

std::string read_text(const std::filesystem::path& path);

/// Compares with a golden file; with DRILLPRESS_BLESS set in the environment it is written instead.
void check_golden(const std::filesystem::path& golden, const std::string& text);

}  // namespace drillpress::test

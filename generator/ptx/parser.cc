#include "ptx/parser.h"

#include "ptx/fault_list.h"
#include "ptx/module_parser.h"

namespace drillpress::ptx {

std::variant<Module, std::vector<ParseError>> parse_module(std::string_view ptx) {
  FaultList faults;
  Module module = ModuleParser(ptx, faults).parse();
  if (!faults.empty()) return faults.take();
  return module;
}

}  // namespace drillpress::ptx

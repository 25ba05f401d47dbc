#include "ptx/printer.h"

#include <array>
#include <cstdint>
#include <map>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "ptx/print_variable.h"

namespace drillpress::ptx {
namespace {

std::string escape(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (byte < 0x20 || byte >= 0x7F) {
      out += fmt::format("\\{:03o}", byte);
    } else {
      out += c;
    }
  }
  return out;
}

std::string parameter_list(const std::vector<Variable>& parameters) {
  std::string out = "(";
  for (const Variable& parameter : parameters) {
    out += out.size() == 1 ? "" : ", ";
    out += render_declarator(parameter);
  }
  return out + ")";
}

std::string dimensions(std::string_view directive, const std::uint32_t (&d)[3]) {
  return d[0] == 0 ? "" : fmt::format(".{} {}, {}, {}\n", directive, d[0], d[1], d[2]);
}

std::string count(std::string_view directive, std::uint32_t value) {
  return value == 0 ? "" : fmt::format(".{} {}\n", directive, value);
}

class ModulePrinter {
 public:
  explicit ModulePrinter(const Module& module) : module_(module) {}

  std::string print() {
    out_ = fmt::format(".version {}.{}\n.target {}\n.address_size 64\n", module_.version_major,
                       module_.version_minor, module_.target);
    for (const SourceFile& file : module_.files) {
      out_ += fmt::format(".file {} \"{}\"\n", file.number, escape(file.path));
    }
    // All declarations come first: initial values and calls may name functions that are defined later.
    for (const Function& function : module_.functions) {
      print_prototype(function, function.is_declaration);
      if (function.is_declaration) print_directives(function);
      out_ += ";\n";
    }
    for (const Variable& global : module_.globals) out_ += render_definition(global) + "\n";
    for (const Function& function : module_.functions) {
      if (!function.is_declaration) print_definition(function);
    }
    for (const Alias& alias : module_.aliases) {
      out_ += fmt::format(".alias {}, {};\n", alias.name, alias.function);
    }
    print_debug_strings();
    return std::move(out_);
  }

 private:
  void print_prototype(const Function& function, bool is_extern) {
    out_ += is_extern ? ".extern " : function.is_weak ? ".weak " : function.is_visible ? ".visible " : "";
    out_ += function.is_entry ? ".entry " : ".func ";
    if (!function.returns.empty()) out_ += parameter_list(function.returns) + " ";
    out_ += function.name + parameter_list(function.parameters) + "\n";
  }

  void print_directives(const Function& function) {
    out_ += dimensions("maxntid", function.max_threads);
    out_ += dimensions("reqntid", function.required_threads);
    out_ += count("minnctapersm", function.min_blocks_per_multiprocessor);
    out_ += count("maxnreg", function.max_registers);
    out_ += dimensions("reqnctapercluster", function.required_blocks_per_cluster);
    out_ += count("maxclusterrank", function.max_blocks_per_cluster);
    if (function.is_explicit_cluster) out_ += ".explicitcluster\n";
    if (function.launches_in_clusters) out_ += ".blocksareclusters\n";
    if (function.is_noreturn) out_ += ".noreturn\n";
  }

  void print_definition(const Function& function) {
    print_prototype(function, false);
    print_directives(function);
    out_ += "{\n";
    out_ += render_registers(function);
    for (const Variable& variable : function.variables) out_ += "\t" + render_definition(variable) + "\n";
    print_lists(function);
    location_ = Location{};
    inlined_.clear();
    print_inline_sites();
    auto label = function.labels.begin();
    auto pragma = function.pragmas.begin();
    for (std::uint32_t i = 0; i <= function.instructions.size(); ++i) {
      for (; label != function.labels.end() && label->target == i; ++label) out_ += label->name + ":\n";
      for (; pragma != function.pragmas.end() && pragma->target == i; ++pragma) {
        out_ += fmt::format("\t.pragma \"{}\";\n", escape(pragma->text));
      }
      if (i == function.instructions.size()) break;
      const Instruction& instruction = function.instructions[i];
      if (location_ != instruction.location) print_location(instruction.location);
      out_ += "\t" + render_instruction(function, instruction) + "\n";
    }
    out_ += "}\n";
  }

  void print_lists(const Function& function) {
    for (const Prototype& prototype : function.prototypes) {
      out_ += fmt::format("{}: .callprototype ", prototype.name);
      if (!prototype.returns.empty()) out_ += parameter_list(prototype.returns) + " ";
      out_ += "_ " + parameter_list(prototype.parameters) + (prototype.is_noreturn ? " .noreturn;\n" : ";\n");
    }
    for (const BranchTargets& list : function.branch_targets) {
      out_ += fmt::format("{}: .branchtargets ", list.name);
      for (std::size_t i = 0; i < list.labels.size(); ++i) {
        out_ += (i == 0 ? "" : ", ") + function.labels[list.labels[i]].name;
      }
      out_ += ";\n";
    }
    for (const CallTargets& list : function.call_targets) {
      out_ += fmt::format("{}: .calltargets {};\n", list.name, fmt::join(list.functions, ", "));
    }
  }

  // Inline sites get their numbers in the order the text first names them: name them all, once, in order.
  void print_inline_sites() {
    if (std::exchange(sites_printed_, true)) return;
    for (std::size_t i = 0; i < module_.inline_sites.size(); ++i) {
      print_location({0, 0, 0, static_cast<std::int32_t>(i)});
    }
  }

  // The place of a call must have a `.loc` of its own, whose latest in the function also tells where that
  // call is inlined itself. Where there is none, or it says something else, one comes first, and so outwards
  // along the chain of calls.
  void print_location(const Location& location) {
    std::vector<const Location*> chain = {&location};
    while (chain.back()->inlined_at >= 0) {
      const Location& call =
          module_.inline_sites[static_cast<std::size_t>(chain.back()->inlined_at)].location;
      if (is_told(call) || call.inlined_at >= chain.back()->inlined_at) break;
      chain.push_back(&call);
    }
    for (auto next = chain.rbegin(); next != chain.rend(); ++next) print_one_location(**next);
  }

  void print_one_location(const Location& location) {
    out_ += fmt::format("\t.loc {} {} {}", location.file, location.line, location.column);
    if (location.inlined_at >= 0) {
      const auto index = static_cast<std::size_t>(location.inlined_at);
      const Location& call = module_.inline_sites[index].location;
      out_ += fmt::format(", function_name $L__inlined_{}, inlined_at {} {} {}", index, call.file, call.line,
                          call.column);
    }
    out_ += '\n';
    inlined_[{location.file, location.line, location.column}] = location.inlined_at;
    location_ = location;
  }

  bool is_told(const Location& place) const {
    const auto found = inlined_.find({place.file, place.line, place.column});
    return found != inlined_.end() && found->second == place.inlined_at;
  }

  void print_debug_strings() {
    if (module_.inline_sites.empty()) return;
    out_ += ".section .debug_str\n{\n";
    for (std::size_t i = 0; i < module_.inline_sites.size(); ++i) {
      out_ += fmt::format("$L__inlined_{}:\n.b8 ", i);
      for (const char c : module_.inline_sites[i].function) {
        out_ += fmt::format("{},", static_cast<unsigned char>(c));
      }
      out_ += "0\n";
    }
    out_ += "}\n";
  }

  const Module& module_;
  std::string out_;
  Location location_;  // of the last `.loc` printed
  std::map<std::array<std::uint32_t, 3>, std::int32_t>
      inlined_;  // and what each place's last one said, in this function
  bool sites_printed_ = false;
};

}  // namespace

std::string render_module(const Module& module) {
  return ModulePrinter(module).print();
}

}  // namespace drillpress::ptx

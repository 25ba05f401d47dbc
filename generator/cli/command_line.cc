#include "cli/command_line.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <type_traits>

namespace drillpress::cli {
namespace {

constexpr std::size_t kNamesWidth = 34;  // of options and arguments in --help

// A command and what the library makes of it.
struct Declared {
  const Command* command;
  const CLI::App* app;
};

CLI::Option* declare_target(CLI::App& app, const Argument& argument) {
  return std::visit(
      [&](auto* target) {
        if constexpr (std::is_same_v<decltype(target), bool*>) {
          return app.add_flag(argument.names, *target, argument.meaning);
        } else {
          return app.add_option(argument.names, *target, argument.meaning);
        }
      },
      argument.target);
}

void declare_argument(CLI::App& app, const Argument& argument) {
  CLI::Option* option = declare_target(app, argument);
  const Rules& rules = argument.rules;
  option->required(rules.required)->allow_extra_args(rules.takes_several);
  if (!rules.value.empty()) option->type_name(rules.value);
  if (rules.range) option->check(CLI::Range(rules.range->least, rules.range->most));
  if (!rules.one_of.empty()) option->check(CLI::IsMember(rules.one_of));
  if (rules.objection != nullptr) option->check(CLI::Validator(rules.objection, ""));
  if (rules.shows_default) option->capture_default_str();
}

// Each command stands before its subcommands.
void declare_commands(CLI::App& parent, const std::vector<Command>& commands,
                      std::vector<Declared>& declared) {
  for (const Command& command : commands) {
    CLI::App* app = parent.add_subcommand(command.name, command.brief);
    app->fallthrough(command.takes_options_of_parent)->positionals_at_end(command.positionals_last);
    if (!command.footer.empty()) app->footer(command.footer);
    for (const Argument& argument : command.arguments) declare_argument(*app, argument);
    declared.push_back({&command, app});
    declare_commands(*app, command.subcommands, declared);
  }
}

// Why the options that were given to a command contradict each other; empty when they do not.
std::string find_contradiction(const Command& command, const CLI::App& app) {
  const auto is_given = [&](std::string_view name) {
    const std::size_t equals = name.find('=');
    const CLI::Option* option = app.get_option_no_throw(std::string(name.substr(0, equals)));
    if (option == nullptr || option->count() == 0) return false;
    return equals == std::string_view::npos || option->results().back() == name.substr(equals + 1);
  };
  for (const Contradiction& row : command.contradictions) {
    if (is_given(row.first) && is_given(row.second))
      return fmt::format("{} contradicts {}: {}", row.first, row.second, row.because);
  }
  return {};
}

}  // namespace

int run_program(const Program& program, int argc, const char* const* argv) {
  CLI::App app(program.brief, program.name);
  app.set_version_flag("--version", program.name + " " + program.version);
  app.require_subcommand(1);
  app.get_formatter()->column_width(kNamesWidth);
  app.footer(program.footer);  // commands inherit it when they are declared
  std::vector<Declared> declared;
  declare_commands(app, program.commands, declared);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    const bool asked = error.get_exit_code() == 0;  // --help and --version
    app.exit(error);
    return asked ? kClean : kUsageError;
  }
  const Command* named = nullptr;  // the innermost, and there is one: it is required
  for (const Declared& one : declared) {
    if (!one.app->parsed()) continue;
    if (const std::string why = find_contradiction(*one.command, *one.app); !why.empty()) {
      fmt::print(stderr, "error: {}\n", why);
      return kUsageError;
    }
    named = one.command;
  }
  return named->run();
}

}  // namespace drillpress::cli

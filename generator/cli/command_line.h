// What the commands take, declared as values, and the one reader of command lines.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace drillpress::cli {

/// Exit status of the executable.
enum ExitStatus : int {
  kClean = 0,
  kContentErrors = 1,
  kUsageError = 2,
  kEnvironmentError = 3,
};

/// Where a value goes; until then it holds the default. A bool makes a flag, a list may be given again.
using Target = std::variant<bool*, unsigned*, std::string*, std::vector<std::string>*>;

struct Range {
  int least, most;
};

/// How a value is called in --help, and which ones are taken.
struct Rules {
  std::string value = {};  ///< "DIR"; empty: after the type of the target
  bool required = false;
  bool shows_default = false;
  bool takes_several = false;  ///< for a list: all words up to the next option, not one each time
  std::optional<Range> range = {};
  std::vector<std::string> one_of = {};
  std::string (*objection)(const std::string& value) = nullptr;  ///< what is wrong with a value, or nothing
};

/// An option ("-q,--quiet"), or what goes by its place ("slug").
struct Argument {
  std::string names;
  Target target;
  std::string meaning;
  Rules rules = {};
};

/// Two options of one command that cannot both be meant; "--option=value" is the option with that value.
struct Contradiction {
  std::string_view first, second, because;
};

/// A command: its entry in --help, what it takes, and what runs it, giving the exit status. `run` keeps the
/// targets of the arguments alive.
struct Command {
  std::string name, brief;
  std::vector<Argument> arguments;
  std::function<int()> run;
  std::vector<Command> subcommands = {};
  std::vector<Contradiction> contradictions = {};
  bool takes_options_of_parent = false;
  bool positionals_last = false;  ///< what follows the first of them belongs to them, with hyphens, too
  std::string footer = {};        ///< of --help; empty: the program's
};

struct Program {
  std::string name, version, brief;
  std::vector<Command> commands;
  std::string footer;  ///< of --help
};

/// Reads the command line and runs the command it names. Gives the exit status: `kUsageError`, with a message
/// on standard error, when the words mean no command.
int run_program(const Program& program, int argc, const char* const* argv);

}  // namespace drillpress::cli

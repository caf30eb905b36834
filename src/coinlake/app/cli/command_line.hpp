// The command line as words: which command, with which options. CLI11 stays in here.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "coinlake/app/commands/commands.hpp"

namespace coinlake::app {

// Everything the command line can say. Options of all commands live here while CLI11 fills them in.
struct Words {
  std::optional<std::string> config, db_path, lang;
  bool verbose = false, version = false, help = false;
  // the reference system's flags
  bool all = false, historical = false;
  std::optional<std::int64_t> limit, days;

  CollectOptions collect;
  std::optional<std::int64_t> top;
  bool collect_all = false;
  std::optional<std::string> preset, ids, currencies, source;
  ShowOptions show;
  std::optional<std::string> watch;  // of show and of status
  RunOptions run;
  RunsOptions runs;
  SlotsOptions slots;
  StatusOptions status;
  BudgetOptions budget;
  PlanOptions plan;
  DoctorOptions doctor;
  QueryOptions query;
  QuarantineOptions quarantine;
  std::optional<std::string> quarantine_action;
  ReplayOptions replay;
  LedgerOptions ledger;
  ConfigOptions config_command;
  InitOptions init;
  VersionOptions version_command;
  HelpOptions help_command;
  std::string shell;
};

struct CommandWords {
  std::string command;  // "" is the program itself
  Words words;
  std::optional<Error> fault = {};  // usage
};
CommandWords parse_command_line(const std::vector<std::string>& arguments);

Message see_help(const std::string& command);  // "see coinlake show --help"

// What may be said, as completions and the tests of the help texts want it.
struct WordSyntax {
  std::vector<std::string> names;  // "--output", "-o"; none: by its place
  std::string takes;  // "table|json|csv", or one of FILE, COIN, ID, CURRENCY, RUN, …; "ID,…" is a list; or ""
  bool is_flag = false, many = false;
};
struct CommandSyntax {
  std::string name;  // "" is the program
  std::vector<WordSyntax> options, positionals;
};
std::vector<CommandSyntax> command_line_syntax();  // the program first

// The long options that `command` ("" for the program itself) understands, as "--name".
std::vector<std::string> option_names(const std::string& command);

}  // namespace coinlake::app

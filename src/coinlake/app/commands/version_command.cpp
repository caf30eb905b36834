#include <toml++/impl/preprocessor.h>
#include <toml++/impl/version.h>
#include <CLI/Version.hpp>

#include "coinlake/app/build_info.hpp"
#include "coinlake/app/commands/commands.hpp"
#include "coinlake/app/process.hpp"
#include "coinlake/app/wiring.hpp"
#include "coinlake/base/json.hpp"
#include "coinlake/ledger/schema.hpp"
#include "coinlake/ledger/versions.hpp"
#include "coinlake/net/versions.hpp"
#include "coinlake/source/versions.hpp"

#ifdef __clang__
#define COINLAKE_COMPILER "Clang " __clang_version__
#else
#define COINLAKE_COMPILER "GCC " __VERSION__
#endif

namespace coinlake::app {
namespace {

Versions library_versions() {
  Versions out = {{"cli11", CLI11_VERSION}, {"toml++", dotted(TOML_LIB_MAJOR, TOML_LIB_MINOR, TOML_LIB_PATCH)}};
  add_base_versions(out);
  net::add_versions(out);
  ledger::add_versions(out);
  source::add_versions(out);
  return out;
}

std::string version_json() {
  std::string out;
  JsonWriter json(out);
  json.begin_object().key("version").value(COINLAKE_VERSION).key("commit").value(COINLAKE_COMMIT);
  json.key("compiler").value(COINLAKE_COMPILER).key("ledger_schema").value(std::ssize(ledger::migrations()));
  json.key("decoders").begin_object();
  for (const auto& [source, version] : decoder_versions()) json.key(source).value(version);
  json.end_object().key("libraries").begin_object();
  for (const auto& [library, version] : library_versions()) json.key(library).value(version);
  json.end_object().end_object();
  return out + "\n";
}

}  // namespace

std::string_view program_version() { return COINLAKE_VERSION; }

int version(Console& console, const VersionOptions& options) {
  console.print_data(options.json ? version_json() : version_line() + "\n");
  return 0;
}

}  // namespace coinlake::app

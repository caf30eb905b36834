// Configurations that nobody would write.
#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include <algorithm>

#include "coinlake/app/config/config.hpp"
#include "coinlake/app/config/config_layers.hpp"
#include "coinlake/app/config/dotenv.hpp"
#include "coinlake/base/text.hpp"

namespace coinlake::app {
namespace {

constexpr std::string_view kCanary = "cAnArY4711";

std::string pieces(const std::vector<std::string>& of) {
  std::string out;
  const auto piece = rc::gen::oneOf(rc::gen::elementOf(of), rc::gen::string<std::string>());
  for (const auto& part : *rc::gen::container<std::vector<std::string>>(piece)) out += part;
  return out;
}

std::string any_toml() {
  return pieces({"[http]\n",
                 "retries",
                 " = ",
                 "1",
                 "\n",
                 "[coingecko]\n",
                 "[schedules.a]\n",
                 "when",
                 "ids",
                 "[\"a\", 1]",
                 "\"every 5m\"",
                 "api_key",
                 "=",
                 "\"",
                 "'",
                 "\"\"\"",
                 "{",
                 "}",
                 "[[",
                 "]]",
                 "\\",
                 "1979-05-27T07:32:00",
                 "true",
                 "#",
                 ".",
                 "0x",
                 "1e9",
                 "\xEF\xBB\xBF",
                 "\r\n",
                 "\xff"});
}

std::string any_dotenv() {
  return pieces({"CMC_API_KEY", "COINLAKE_HTTP__RETRIES",
                 "A",           "=",
                 " ",           "#",
                 "'",           "\"",
                 "\\",          "\\n",
                 "\n",          "\r\n",
                 "\r",          "export ",
                 "$(x)",        "${A}",
                 "}",           "\xEF\xBB\xBF",
                 "\xC2\xA0",    "\xff",
                 "\t",          "\n[ledger]\npath=\"x\"\n"});
}

std::string all_texts(const ConfigLayer& layer) {
  std::string out;
  for (const auto& texts : {layer.faults, layer.notes})
    for (const auto& text : texts) out += text.english() + "\n";
  return out;
}

RC_GTEST_PROP(ConfigProperty, F74_AnyBytesAsTomlAreReadOrAreAFaultWithItsLine, ()) {
  const auto text = any_toml();
  const auto layer = read_toml("c.toml", text);
  RC_ASSERT(layer.whole || layer.faults.size() == 1);
  for (const auto& fault : layer.faults) {
    RC_ASSERT(fault.english().starts_with("c.toml:"));
    RC_ASSERT(printable(fault.english()) == fault.english());
  }
  for (const auto& setting : layer.settings)
    RC_ASSERT(setting.good == !complaint(setting.key->named(setting.name), setting.value).has_value());
}

RC_GTEST_PROP(ConfigProperty, F74_AnyBytesAsDotenvAreReadOrAreFaultsWithTheirLines, ()) {
  const auto text = any_dotenv();
  const auto file = parse_dotenv(text);
  const auto lines =
      1 + static_cast<std::size_t>(std::ranges::count_if(text, [](char c) { return c == '\n' || c == '\r'; }));
  for (const auto line : file.faulty_lines) RC_ASSERT(line >= 1 && line <= lines);
  std::size_t before = 1;
  for (const auto& entry : file.entries) {
    RC_ASSERT(!entry.name.empty() && entry.line >= before && entry.line <= lines);
    before = entry.line;
  }
  const auto layer = read_dotenv(".env", file);
  RC_ASSERT(layer.whole == file.faulty_lines.empty());
  for (const auto& text_of : layer.faults) RC_ASSERT(printable(text_of.english()) == text_of.english());
}

// What a careful hand quotes comes back byte for byte.
RC_GTEST_PROP(ConfigProperty, AQuotedValueOfDotenvComesBackAsItWas, ()) {
  std::string value;
  for (const auto& part : *rc::gen::container<std::vector<std::string>>(rc::gen::elementOf(
           std::vector<std::string>{"'", "\"", "\\", "\n", "#", " ", "$(x)", "${A}", "}", "=", "é", "a\\n", "\\'"})))
    value += part;
  std::string quoted;
  for (const char c : value) quoted += c == '\'' || c == '\\' ? std::string("\\") + c : std::string(1, c);
  const auto file = parse_dotenv("A='" + quoted + "' # a comment\nB=1");
  RC_ASSERT(file.faulty_lines.empty() && file.entries.size() == 2U);
  RC_ASSERT(file.entries[0].value == value);
}

// One byte of a good file goes wrong, or its end is missing: whatever is said about it, the secret is not.
RC_GTEST_PROP(ConfigProperty, F111_ADamagedFileIsComplainedAboutWithoutItsSecrets, ()) {
  const auto canary = std::string(kCanary);
  const std::vector<std::string> files = {
      "[coingecko]\nplan = \"pro\"\napi_key = \"" + canary + "\"\nbase_url = \"https://u:" + canary + "@x.test\"\n",
      "[coingecko]\napi_key = " + canary + "\n", "[coingecko]\napi_key = '" + canary + "'\n[x]\ny = 1\n",
      "CMC_API_KEY='" + canary + "'\nDB_PASS=\"" + canary + "\" # x\nCOINLAKE_HTTP__RETRIES=1\n"};
  auto text = *rc::gen::elementOf(files);
  const auto at = *rc::gen::inRange<std::size_t>(0, text.size());
  if (*rc::gen::arbitrary<bool>()) text.resize(at);
  else text[at] = *rc::gen::arbitrary<char>();
  const auto said = all_texts(read_toml("c.toml", text)) + all_texts(read_dotenv(".env", parse_dotenv(text)));
  RC_LOG() << text << said;
  RC_ASSERT(said.find(kCanary) == std::string::npos);
  RC_ASSERT(said.find(kCanary.substr(0, 6)) == std::string::npos);
  RC_ASSERT(said.find(kCanary.substr(4)) == std::string::npos);
}

// Whatever the files are, a secret from elsewhere is in no complaint about them.
RC_GTEST_PROP(ConfigProperty, F111_FaultsOfFilesSayNoSecretOfTheEnvironment, ()) {
  const std::map<std::string, std::string> environment = {
      {"CMC_API_KEY", std::string(kCanary) + "\n"},
      {"COINLAKE_COINGECKO__API_KEY", "\x01" + std::string(kCanary)},
      {"DB_PASS", std::string(kCanary) + "\r"},
      {*rc::gen::elementOf(std::vector<std::string>{"COINLAKE_EMAIL_PASSWORD", "COINLAKE_EMAIL__PASSWORT"}),
       std::string(kCanary)}};
  const auto said = all_texts(read_toml("c.toml", any_toml())) +
                    all_texts(read_dotenv(".env", parse_dotenv(any_dotenv()))) +
                    all_texts(read_environment(environment));
  RC_ASSERT(said.find(kCanary) == std::string::npos);
}

}  // namespace
}  // namespace coinlake::app

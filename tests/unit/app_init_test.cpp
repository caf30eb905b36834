// init in-process, in a folder of its own.
#include <gmock/gmock.h>
#include <sys/stat.h>

#include <filesystem>
#include <sstream>

#include "coinlake/app/config/config.hpp"
#include "coinlake/app/config/config_keys.hpp"
#include "coinlake/base/text.hpp"
#include "tests/support/command_in_folder.hpp"

namespace coinlake::app {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::StartsWith;
using InitCommand = test::CommandInFolder;

TEST_F(InitCommand, InitWritesAFileForItsUserAloneThatPassesTheCheck) {
  const auto before = ::umask(0);
  const auto said = run({"init"}, {{"TZ", "America/Sao_Paulo"}});
  ::umask(before);
  EXPECT_EQ(said.code, 0);
  struct stat info{};
  ASSERT_EQ(::stat("coinlake.toml", &info), 0);
  EXPECT_EQ(info.st_mode & 0777U, 0600U);
  EXPECT_THAT(content("coinlake.toml"), HasSubstr("\nzone = \"America/Sao_Paulo\"\n"));
  EXPECT_THAT(said.out, HasSubstr("Next:\n  coinlake config check\n"));
  EXPECT_THAT(run({"config", "check"}).out, StartsWith("ok: coinlake.toml\n"));
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator("."), {}), 1) << "nothing else is left";
}

// With the comment sign taken from each key the file says the defaults.
TEST_F(InitCommand, EveryUsedKeyIsInTheFileAtItsDefault) {
  ASSERT_EQ(run({"init"}).code, 0);
  auto text = content("coinlake.toml");
  for (const auto& key : config_keys()) {
    const auto line = "\n# " + std::string(key.label()) + " = ";
    if (!key.used || key.kind == KeyKind::zone) continue;
    const auto at = text.find(line, text.find("[" + std::string(key.section()) + "]"));
    ASSERT_NE(at, std::string::npos) << key.name;
    text.erase(at + 1, 2);
  }
  write("coinlake.toml", text);
  const auto reading = Config::read({});
  EXPECT_THAT(reading.faults, IsEmpty());
  for (const auto& key : config_keys()) {
    if (!key.used) continue;
    EXPECT_EQ(reading.config.origin(key.name).layer, Layer::toml) << key.name;
    if (key.kind != KeyKind::secret && key.kind != KeyKind::zone) {
      EXPECT_EQ(reading.config.text(key.name), key.fallback) << key.name;
    }
  }
}

TEST_F(InitCommand, TheExampleOfAScheduleIsTheDefaultOne) {
  ASSERT_EQ(run({"init"}, {{"TZ", "America/Sao_Paulo"}}).code, 0);
  auto text = content("coinlake.toml");
  const auto before = Config::read({}).config;
  EXPECT_TRUE(before.has_default_schedules());
  const auto begin = text.find("\n# [schedules.top]\n");
  ASSERT_NE(begin, std::string::npos);
  std::string shorter = text.substr(0, begin + 1) + "[schedules.top]\n";
  for (const auto line : split(std::string_view(text).substr(begin), '\n'))
    if (line.find(" = ") != std::string_view::npos) shorter.append(line.substr(2)) += '\n';
  write("coinlake.toml", shorter);
  const auto after = Config::read({});
  EXPECT_THAT(after.faults, IsEmpty());
  EXPECT_FALSE(after.config.has_default_schedules());
  for (const auto& key : schedule_keys()) {
    const auto name = key_of_schedule("top", key.label());
    EXPECT_EQ(after.config.text(name), before.text(name));
    EXPECT_EQ(after.config.origin(name).layer, Layer::toml) << name;
  }
}

// Keys and sections, with or without a comment sign; no other comments.
std::string settings_in(const std::string& toml) {
  std::string out;
  for (const auto line : split(toml, '\n')) {
    const auto plain = line.substr(line.starts_with("# ") ? 2 : 0);
    const auto word = plain.substr(0, plain.find_first_not_of("abcdefghijklmnopqrstuvwxyz_"));
    if (!line.starts_with('#') || plain.substr(word.size()).starts_with(" = ")) out.append(line) += '\n';
  }
  return out;
}

TEST_F(InitCommand, TheFileOfInitHasTheReadersCommentsAndTheSameKeysInEveryLanguage) {
  ASSERT_EQ(run({"init"}).code, 0);
  const auto english = content("coinlake.toml");
  const auto said = run({"init", "--force"}, {{"LANG", "pt_BR.UTF-8"}});
  const auto portuguese = content("coinlake.toml");
  EXPECT_THAT(said.out, HasSubstr("coinlake.toml foi escrito: cada chave com o valor padrão"));
  EXPECT_THAT(portuguese, AllOf(HasSubstr("# A configuração do coinlake."), Not(HasSubstr("What is commented out"))));
  EXPECT_EQ(settings_in(portuguese), settings_in(english));
  EXPECT_THAT(settings_in(english), HasSubstr("\n# retries = 2\n"));
  EXPECT_THAT(run({"config", "check"}).out, StartsWith("ok: coinlake.toml\n"));
}

TEST_F(InitCommand, InitNeverReplacesAFileUnlessForced) {
  write("coinlake.toml", "[http\n");
  const auto refused = run({"init"});
  EXPECT_EQ(refused.code, 2);
  EXPECT_THAT(refused.err, HasSubstr("--force"));
  EXPECT_EQ(content("coinlake.toml"), "[http\n");
  EXPECT_EQ(run({"init", "--force"}).code, 0) << "also where the old one cannot be read";
  EXPECT_EQ(run({"config", "check"}).code, 0);
  EXPECT_EQ(run({"init", "--config", "none/x.toml"}).code, 1);
}

TEST_F(InitCommand, InitReplacesNoDatabaseEvenWhenForced) {
  const std::string ledger("SQLite format 3\0 and all that was ever collected", 48);
  write("lake.db", ledger);
  for (const std::string option : {"--force", "--verbose"}) {
    const auto refused = run({"init", "--config", "lake.db", option});
    EXPECT_EQ(refused.code, 2);
    EXPECT_THAT(refused.err, AllOf(HasSubstr("lake.db is a database"), Not(HasSubstr("--force"))));
    EXPECT_EQ(content("lake.db"), ledger);
  }
}

TEST_F(InitCommand, InitSaysWhatBecomesOfEachNameInDotenvAndNoValue) {
  write(".env",
        "CMC_API_KEY=CANARY\nDB_HOST='CANARY'\nEMAIL_FROM=CANARY\nCOINLAKE_HTTP__RETRIES=4\nDB_USER=\n"
        "COINLAKE_SCHEDULES__A__WHEN=CANARY\nMIICANARY=\nOTHER=CANARY\nnot an entry\n",
        0644);
  const auto said = run({"init"});
  EXPECT_EQ(said.code, 0);
  EXPECT_THAT(said.out, HasSubstr(".env: 8 names, 2 for other programs\n"));
  EXPECT_THAT(said.out, testing::ContainsRegex("\n  CMC_API_KEY +used as coinmarketcap.api_key\n"));
  EXPECT_THAT(said.out, testing::ContainsRegex("\n  COINLAKE_HTTP__RETRIES +used as http.retries\n"));
  EXPECT_THAT(said.out, testing::ContainsRegex("\n  COINLAKE_SCHEDULES__A__WHEN +used as schedules.a.when\n"));
  EXPECT_THAT(said.out, testing::ContainsRegex("\n  DB_HOST +not used yet \\(postgres.host\\)\n"));
  EXPECT_THAT(said.out, testing::ContainsRegex("\n  DB_USER +empty\n"));
  EXPECT_THAT(said.out, testing::ContainsRegex("\n  EMAIL_FROM +not known\n"));
  EXPECT_THAT(said.err, AllOf(HasSubstr(".env:9"), HasSubstr("chmod 600 .env")));
  EXPECT_THAT(said.out + said.err, Not(HasSubstr("CANARY")));
  std::istringstream lines(run({"init", "--force"}, {}, 40).out);
  for (std::string line; std::getline(lines, line);)
    EXPECT_LE(display_width(line), line.starts_with("wrote") ? 80U : 40U) << line;
}

}  // namespace
}  // namespace coinlake::app

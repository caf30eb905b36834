// Secrets of the configuration: which file may hold one, and that they are said nowhere.
#include <gmock/gmock.h>
#include <sys/stat.h>
#include <unistd.h>

#include "coinlake/app/config/config.hpp"
#include "tests/support/config_folder.hpp"

namespace coinlake::app {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using ConfigSecrets = test::ConfigFolder;

TEST_F(ConfigSecrets, AFaultInASecretDoesNotSayTheSecret) {
  toml(
      "[coingecko]\napi_key = \"CANARY\\nCANARY\"\nbase_url = \"https://CANARY:CANARY@x.test\"\n"
      "[coinmarketcap]\nbase_url = \"https://x.test/?password=CANARY\"\n");
  dotenv("CMC_API_KEY=\"CANARY\nCANARY\"\n");
  const auto text = faults({{"COINLAKE_POSTGRES__PASSWORD", "CANARY\rCANARY"}});
  EXPECT_THAT(text, AllOf(HasSubstr("coinlake.toml:2: coingecko.api_key must be one line"),
                          HasSubstr(".env:1: CMC_API_KEY: coinmarketcap.api_key must be one line"),
                          HasSubstr("coinlake.toml:3: coingecko.base_url must not hold a name or a password"),
                          HasSubstr("coinlake.toml:5: coinmarketcap.base_url must end with its path"),
                          HasSubstr("COINLAKE_POSTGRES__PASSWORD"), Not(HasSubstr("CANARY"))));
}

TEST_F(ConfigSecrets, ASecretThatSomebodyForgotToQuoteIsNotSaid) {
  for (const auto* line : {"api_key = 4711471147114711471147", "api_key = CANARY4711", "api_key = trueCANARY4711",
                           "api_key = 'CANARY4711", "api_key = \"CANARY4711\\q\"", "api_key = 0x4711CANARY",
                           "api_key = 4711-CANARY", "api_key = infCANARY4711", "api_key = 2026-4711CANARY"}) {
    toml("[coingecko]\n" + std::string(line));
    EXPECT_THAT(faults(), AllOf(HasSubstr("coinlake.toml:2: "), Not(HasSubstr("CANARY")), Not(HasSubstr("4711"))))
        << line;
  }
}

TEST_F(ConfigSecrets, F110_AFileOfASecretGivesItWithoutItsLineEnd) {
  for (const std::string end : {"", "\n", "\r\n"}) {
    const auto config = good({{"COINLAKE_COINMARKETCAP__API_KEY_FILE", secret_file("se}cr #et" + end)}});
    EXPECT_EQ(config.secret("coinmarketcap.api_key").reveal(), "se}cr #et");
    EXPECT_TRUE(config.is_from_file("coinmarketcap.api_key"));
    EXPECT_THAT(contradictions(config), IsEmpty());
  }
}

TEST_F(ConfigSecrets, F110_AFileOfASecretThatOthersCanOpenIsRefusedAndTheCommandToMendItSaid) {
  for (const mode_t mode : {0644U, 0640U, 0604U, 0660U, 0620U, 0610U}) {
    const auto file = secret_file("CANARY", mode);
    const auto config = good({{"COINLAKE_COINMARKETCAP__API_KEY_FILE", file}});
    EXPECT_TRUE(config.secret("coinmarketcap.api_key").empty());
    EXPECT_THAT(joined(contradictions(config)),
                AllOf(HasSubstr("COINLAKE_COINMARKETCAP__API_KEY_FILE: coinmarketcap.api_key_file: "),
                      HasSubstr("chmod 600 " + file), Not(HasSubstr("CANARY"))));
  }
}

TEST_F(ConfigSecrets, F110_AFileOfASecretBelongsToTheUserOrToRoot) {
  const auto refusal = [&](const std::string& path) {
    return clashes({{"COINLAKE_COINMARKETCAP__API_KEY_FILE", path}});
  };
  EXPECT_THAT(refusal("/etc/passwd"), AllOf(HasSubstr("is open to"), Not(HasSubstr("another user"))));
  if (::geteuid() != 0) return;  // only root gives files away
  const auto file = secret_file("x");
  ASSERT_EQ(::chown(file.c_str(), 65534, 65534), 0);
  EXPECT_THAT(refusal(file), HasSubstr("belongs to another user"));
}

TEST_F(ConfigSecrets, AFileOfASecretHoldsOneLineAndIsAFile) {
  const auto refusal = [&](const std::string& path) { return clashes({{"COINLAKE_POSTGRES__PASSWORD_FILE", path}}); };
  EXPECT_THAT(refusal(secret_file("CANARY\nCANARY\n")),
              AllOf(HasSubstr("more than one line"), Not(HasSubstr("CANARY"))));
  EXPECT_THAT(refusal(secret_file("\n")), HasSubstr("is empty"));
  EXPECT_THAT(refusal(secret_file(std::string(20000, 'x'))), HasSubstr("more than one line"));
  EXPECT_THAT(refusal(folder_.path()), HasSubstr("is not a plain file"));
  EXPECT_THAT(refusal(folder_ / "none"), HasSubstr("No such file"));
  ASSERT_EQ(::mkfifo((folder_ / "pipe").c_str(), 0600), 0);
  EXPECT_THAT(refusal(folder_ / "pipe"), HasSubstr("is not a plain file")) << "and nobody waits for its writer";
}

TEST_F(ConfigSecrets, F110_SecretsThatOthersCanReadInDotenvAreWarnedOf) {
  write(".env", "CMC_API_KEY=x\n", 0644);
  EXPECT_EQ(joined(good().warnings()), ".env holds secrets, and others can read it: chmod 600 .env\n");
  write(".env", "CMC_API_KEY=x\n", 0600);
  EXPECT_THAT(good().warnings(), IsEmpty());
  write(".env", "DB_HOST=x\n", 0644);
  EXPECT_THAT(good().warnings(), IsEmpty());
  write("coinlake.toml", "[postgres]\npassword = \"x\"\n", 0640);
  EXPECT_EQ(joined(good().warnings()),
            "coinlake.toml holds secrets, and others can read it: chmod 600 coinlake.toml\n");
}

}  // namespace
}  // namespace coinlake::app

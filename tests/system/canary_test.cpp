// F111: a secret of its own in every slot, every way to fail, and then a search in all that was written: nothing of any
// of them may be there. F115: nor when a command line held one.
#include <csignal>
#include <thread>

#include "coinlake/app/config/config_keys.hpp"
#include "coinlake/net/gzip.hpp"
#include "tests/support/canaries.hpp"
#include "tests/support/raw_server.hpp"

namespace coinlake::test {
namespace {

using testing::AllOf;
using testing::HasSubstr;

// The secrets that coinlake knows of, and the names in the environment and in .env that the Python programs had.
const std::map<std::string, std::string> kNames = {{"coingecko.api_key", "COINLAKE_COINGECKO__API_KEY"},
                                                   {"coinmarketcap.api_key", "CMC_API_KEY"},
                                                   {"postgres.password", "DB_PASS"},
                                                   {"s3.access_key_id", "AWS_ACCESS_KEY_ID"},
                                                   {"s3.secret_access_key", "AWS_SECRET_ACCESS_KEY"},
                                                   {"email.password", "EMAIL_PASSWORD"}};

// An answer with the key in all the places where a body and a header can repeat it.
std::string answer(const std::string& status, const std::string& headers, const std::string& body) {
  return "HTTP/1.1 " + status + "\r\nConnection: close\r\n" + headers +
         (headers.find("Content-Length") == std::string::npos
              ? "Content-Length: " + std::to_string(body.size()) + "\r\n"
              : "") +
         "\r\n" + body;
}

std::vector<std::string> answers_that_repeat(const std::string& key) {
  const std::string json = "Content-Type: application/json\r\n";
  const auto row = R"([{"id":")" + key + R"(","symbol":")" + key + R"(","name":")" + key +
                   R"(","current_price":1.5,"last_updated":"2026-01-02T03:04:05.678Z",")" + key + R"(":1}])";
  const auto negative = R"([{"id":")" + key + R"(","symbol":"x","name":")" + key + R"(","current_price":-1}])";
  return {
      answer("401 Unauthorized", json + "X-Echo: " + key + "\r\nETag: \"" + key + "\"\r\n",
             R"({"status":{"error_code":10002,"error_message":"API Key )" + key + R"( is wrong"}})"),
      answer("403 " + key, "Content-Type: text/plain; key=" + key + "\r\n", "no entry for " + key),
      answer("429 Too Many Requests", json + "Retry-After: " + key + "\r\n",
             R"({"status":{"error_message":")" + key + "\"}}"),
      answer("500 Internal Server Error", json, std::string(3000, 'x') + key),
      answer("404 Not Found", json, R"({"error":")" + key + "\"}"),
      answer("302 Found", "Location: https://elsewhere.test/" + key + "?key=" + key + "\r\n", ""),
      answer("302 Found", "Location: http://me:" + key + "@127.0.0.1:1/\r\n", key),
      answer("200 OK", json + "ETag: \"" + key + "\"\r\n", row),
      answer("200 OK", json + "Content-Encoding: gzip\r\n", net::gzip(row)),
      answer("200 OK", json, negative),
      answer("200 OK", json, "{" + key),
      answer("200 OK", json, "[\"" + key + "\"]"),
      answer("200 OK", json + "Content-Length: 100000\r\n", row),
      answer("200 OK", json + "Content-Length: " + key + "\r\n", row),
      answer("200 OK", json + "Content-Encoding: " + key + "\r\n", row),
      answer("200 OK", "Content-Type: text/html\r\n", "<html><title>" + key + "</title></html>"),
      answer("304 Not Modified", "ETag: \"" + key + "\"\r\n", ""),
      key + "\r\n\r\n" + key,
  };
}

std::vector<std::string> envelopes_that_repeat(const std::string& key) {
  const std::string json = "Content-Type: application/json\r\n";
  std::vector<std::string> out;
  for (const auto* code : {"1001", "1006", "1008"}) {
    const auto body =
        R"({"status":{"error_code":)" + std::string(code) + R"(,"error_message":"not with )" + key + "\"}}";
    out.push_back(answer("401 Unauthorized", json, body));
    out.push_back(answer("200 OK", json, body));
  }
  out.push_back(answer("200 OK", json,
                       R"({"status":{"error_code":0},"data":[{"id":1,"name":")" + key + R"(","symbol":")" + key +
                           R"(","quote":{"USD":{"price":1,"last_updated":"2026-01-02T03:04:05.678Z"}}}]})"));
  return out;
}

// A key that counts, in each place where it can stand, and a provider that repeats it.
class EchoedKey : public Canaries, public testing::WithParamInterface<std::string_view> {
 protected:
  // Secrets in the place of the test and in all places that it beats; that of `file` are named by the environment.
  void SetUp() override {
    environment_ = {{"COINLAKE_LOG__FILE", folder_ / "coinlake.log"},
                    {"COINLAKE_LOG__LEVEL", "debug"},
                    {"COINLAKE_LOG__FORMAT", GetParam() == "file" || GetParam() == "toml" ? "json" : "logfmt"},
                    {"COINLAKE_COINGECKO__PLAN", "demo"},
                    {"COINLAKE_HTTP__RETRIES", "0"}};
    write("coinlake.toml", toml());
    if (GetParam() == "toml") return;
    write(".env", dotenv());
    if (GetParam() == "dotenv") return;
    GetParam() == "file" ? add_files() : add_variables();
  }

  std::string toml() {
    std::string out;
    for (const auto& [key, name] : kNames) out += key + " = \"" + secret(key + " by toml") + "\"\n";
    return out;
  }
  std::string dotenv() {
    std::string out = "# " + secret("a comment of .env") + "\n";
    for (const auto& [key, name] : kNames) out += name + "='" + secret(key + " by dotenv") + "'\n";
    return out + "UNKNOWN_TOKEN=" + secret("another name in .env") + "\n";
  }
  void add_variables() {
    for (const auto& [key, name] : kNames) environment_[name] = secret(key + " by environment");
  }
  void add_files() {
    for (const auto& [key, name] : kNames) {
      if (key == "s3.access_key_id") continue;
      environment_[app::environment_name(key + "_file")] = write("secrets/" + key, secret(key + " by file") + "\n");
    }
  }

  [[nodiscard]] std::string sent(const std::string& key) const {
    return slots_.at(key + " by " + std::string(GetParam()));
  }

  // Plays the bytes to everybody, in a ledger of its own. The second start tells why it does not ask.
  void answered(const std::string& bytes, const Words& question) {
    begin_anew();
    RawServer server(bytes);
    auto to = environment_;
    to["COINLAKE_COINGECKO__BASE_URL"] = server.url("/api/v3");
    to["COINLAKE_COINMARKETCAP__BASE_URL"] = server.url("");
    for (const auto* form : {"--json", "--verbose"}) {
      auto words = question;
      words.insert(words.end(), {"--verbose", form});
      silent(words, to);
    }
    ASSERT_FALSE(server.requests().empty());
    EXPECT_NE(leaks(server.requests().front()), "") << "the provider never saw a key";
  }
  void look_around() {
    for (const auto& words : std::vector<Words>{{"show"},
                                                {"show", "--json"},
                                                {"runs", "--json"},
                                                {"budget"},
                                                {"budget", "--json"},
                                                {"quarantine", "list", "--json"},
                                                {"query", "SELECT * FROM raw"},
                                                {"ledger", "verify", "--json"},
                                                {"replay"}})
      silent(words, environment_);
  }

  Environment environment_;
};
INSTANTIATE_TEST_SUITE_P(Place, EchoedKey, testing::Values("environment", "dotenv", "file", "toml"),
                         [](const auto& of) { return std::string(of.param); });

TEST_P(EchoedKey, F111_IsInNothingThatIsPrintedLoggedOrStored) {
  auto answers = answers_that_repeat(sent("coingecko.api_key"));
  if (GetParam() == "dotenv" || GetParam() == "toml")
    answers.resize(8);  // wherever it comes from, it goes the same way
  for (const auto& bytes : answers) {
    SCOPED_TRACE(bytes.substr(0, bytes.find('\n')));
    answered(bytes, {"collect", "--top", "5", "--no-cache"});
  }
  answered(answers[7], {"collect", "--top", "5", "--no-cache"});
  look_around();
  EXPECT_GT(expect_no_leak_in_files(), 2);
}

TEST_P(EchoedKey, F111_OfCoinMarketCapIsNowhereEither) {
  auto answers = envelopes_that_repeat(sent("coinmarketcap.api_key"));
  if (GetParam() == "dotenv" || GetParam() == "toml") answers.resize(2);
  for (const auto& bytes : answers) {
    answered(bytes, {"collect", "--source", "coinmarketcap", "--ids", "1", "--no-cache"});
    answered(bytes, {"budget", "--refresh", "--source", "coinmarketcap"});
  }
  look_around();
  EXPECT_GT(expect_no_leak_in_files(), 2);
}

TEST_P(EchoedKey, F111_NoCommandAboutTheConfigurationShowsOne) {
  begin_anew();
  for (const auto& words : std::vector<Words>{{"config", "show"},
                                              {"config", "show", "--json"},
                                              {"config", "check"},
                                              {"config", "schema"},
                                              {"help", "config"},
                                              {"budget"},
                                              {"init"},
                                              {"init", "--config", "made.toml"},
                                              {"collect", "--preset", "unknown"}})
    silent(words, environment_);
  EXPECT_THAT(content(folder_ / "made.toml"), HasSubstr("api_key"));
  expect_no_leak_in_files();
  EXPECT_NE(leaks(content(folder_ / "coinlake.toml")), "") << "the search itself does not work";
}

// --- Mistakes

class MistakenSecret : public Canaries {
 protected:
  void SetUp() override { begin_anew(); }
  std::string one(const std::string& what = "the secret") { return secret(what); }

  // Each command that tells of the configuration, or of what is wrong with it.
  void expect_silence(Environment environment = {}) {
    environment.emplace("COINLAKE_LOG__FILE", folder_ / "coinlake.log");
    environment.emplace("COINLAKE_LOG__LEVEL", "debug");
    if (!std::filesystem::exists(folder_ / "coinlake.toml"))
      environment.emplace("COINLAKE_COINGECKO__BASE_URL", "http://127.0.0.1:1/api/v3");
    environment.emplace("COINLAKE_HTTP__RETRIES", "0");
    for (const auto& words : std::vector<Words>{
             {"config", "check"}, {"config", "show", "--json"}, {"collect", "--top", "5", "--json", "--verbose"}})
      silent(words, environment);
    expect_no_leak_in_files();
  }
};

TEST_F(MistakenSecret, F111_InAConfigurationThatIsNoToml) {
  for (const auto& [before, after] :
       std::vector<std::pair<std::string, std::string>>{{"api_key = \"", ""},
                                                        {"api_key = ", ""},
                                                        {"api_key = '", "\n"},
                                                        {"api_key: ", ""},
                                                        {"api_key ", ""},
                                                        {"api_key == \"", "\""},
                                                        {"api_key = \"\\q", "\""},
                                                        {"api_key = \"\"\"", ""},
                                                        {"api_key = [\"", "\"]"},
                                                        {"api_key = {a = \"", "\"}"},
                                                        {"api_key = \"a\"\napi_key = \"", "\""},
                                                        {"api_key = \"", "\" x"},
                                                        {"api_key = \"", "\xff\""},
                                                        {"api_kye = \"", "\""},
                                                        {"plan = \"demo\"\napi_key = \"", "\\n\""}}) {
    SCOPED_TRACE(before + "…" + after);
    write("coinlake.toml", "[coingecko]\n" + before + one() + after);
    expect_silence();
  }
}

TEST_F(MistakenSecret, F111_InThePlaceOfAnotherValue) {
  for (const std::string key : {"coingecko.plan", "coingecko.api_key_file", "coingecko.requests_per_minute",
                                "log.level", "http.cache_ttl", "http.retries", "time.zone"}) {
    SCOPED_TRACE(key);
    write("coinlake.toml", key + " = \"" + one() + "\"\n");
    expect_silence();
  }
  write("coinlake.toml", "[coingecko]\n" + one() + " = 1\n");
  expect_silence();
}

TEST_F(MistakenSecret, F111_InADotenvThatIsNone) {
  for (const auto& [before, after] :
       std::vector<std::pair<std::string, std::string>>{{"CMC_API_KEY=\"", ""},
                                                        {"CMC_API_KEY='", ""},
                                                        {"CMC_API_KEY ", ""},
                                                        {"CMC_API_KEY: ", ""},
                                                        {"CMC_API_KEY:", ""},
                                                        {"CMC_API_KEY=a ", "\xff"},
                                                        {"COINLAKE_COINGECKO__API_KEY ", ""},
                                                        {"COINLAKE_COINGECKO__API_KEY: ", ""},
                                                        {"COINLAKE_COINGECKO__API_KEY:", ""},
                                                        {"COINLAKE_COINGECKO__API_KEY:", "="},
                                                        {"EMAIL_PASSWORD:", ""},
                                                        {"EMAIL_PASSWORD:", "="},
                                                        {"COINLAKE_COINGECKO__APIKEY=", ""},
                                                        {"COINLAKE_COINGECKO_API_KEY=", ""},
                                                        {"COINLAKE_COINGECKO__API_KEY=\"a\\n", "\""},
                                                        {"EMAIL_PASS=", ""},
                                                        {"", ""},
                                                        {"", "="}}) {
    SCOPED_TRACE(before + "…" + after);
    write(".env", before + one() + after + "\n");
    expect_silence();
    EXPECT_EQ(silent({"init", "--force", "--config", "made.toml"}).code, 0);
  }
}

TEST_F(MistakenSecret, F111_InAFileThatIsRefused) {
  const auto good = write("good", one() + "\n"), open = write("open", one() + "\n", 0644),
             lines = write("lines", one() + "\n" + one() + "\n"), bytes = write("bytes", one() + "\xff");
  for (const auto& path : {good, open, lines, bytes}) {
    SCOPED_TRACE(path);
    expect_silence({{"COINLAKE_COINGECKO__API_KEY_FILE", path}, {"COINLAKE_COINMARKETCAP__API_KEY_FILE", path}});
    expect_silence({{"COINLAKE_COINGECKO__API_KEY_FILE", path}, {"COINLAKE_COINGECKO__API_KEY", one("a second one")}});
  }
}

TEST_F(MistakenSecret, F111_InAnAddress) {
  for (const auto& [before, after] :
       std::vector<std::pair<std::string, std::string>>{{"http://me:", "@127.0.0.1:1/api/v3"},
                                                        {"http://", "@127.0.0.1:1/api/v3"},
                                                        {"http://127.0.0.1:1/?x_cg_demo_api_key=", ""},
                                                        {"http://127.0.0.1:1/#", ""},
                                                        {"https://me:", ""},
                                                        {"https://me:", "/api/v3"},
                                                        {"", ""},
                                                        {"http://a b:", "@c"}}) {
    SCOPED_TRACE(before + "…" + after);
    const auto url = before + one() + after;
    expect_silence({{"COINLAKE_COINGECKO__BASE_URL", url}, {"COINLAKE_COINMARKETCAP__BASE_URL", url}});
    write("coinlake.toml", "[coingecko]\nbase_url = \"" + url + "\"\n[coinmarketcap]\nbase_url = \"" + url + "\"\n");
    expect_silence();
    std::filesystem::remove(folder_ / "coinlake.toml");
  }
}

TEST_F(MistakenSecret, F111_InTheAddressOfAProxy) {
  const auto proxy = "http://me:" + one() + "@127.0.0.1:" + std::to_string(RawServer::closed_port());
  expect_silence(
      {{"HTTPS_PROXY", proxy}, {"ALL_PROXY", proxy}, {"COINLAKE_COINGECKO__BASE_URL", "https://localhost:1"}});
  const RawServer refuses("HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 23\r\n\r\n" + one());
  const auto met = "http://me:" + one() + "@127.0.0.1:" + std::to_string(refuses.port());
  expect_silence({{"HTTPS_PROXY", met}, {"COINLAKE_COINGECKO__BASE_URL", "https://localhost:1"}});
}

TEST_F(MistakenSecret, F111_OfAValueThatIsNone) {
  for (const auto& value : {one() + "\n", "\r" + one(), one() + "\xff"}) {
    for (const auto* name :
         {"COINLAKE_COINGECKO__API_KEY", "CMC_API_KEY", "DB_PASS", "AWS_SECRET_ACCESS_KEY", "EMAIL_PASSWORD"})
      expect_silence({{name, value}, {"COINLAKE_COINGECKO__PLAN", "demo"}});
  }
  expect_silence({{"COINLAKE_COINGECKO__APIKEY", one()}, {"COINLAKE_COINGECKO_API_KEY", one()}});
  expect_silence({{"COINLAKE_COINGECKO__API_KEY", one()}, {"COINLAKE_COINGECKO__PLAN", "keyless"}});
  expect_silence({{"COINLAKE_COINGECKO__API_KEY", one()}, {"COINLAKE_LOG__FILE", "/proc/none/log"}});
}

TEST_F(MistakenSecret, F115_OnTheCommandLineIsRefusedNamesTheRightPlacesAndIsNotRepeated) {
  for (const auto& words : std::vector<Words>{{"collect", "--api-key", one()},
                                              {"collect", "--api-key=" + one()},
                                              {"--api-key", one(), "collect"},
                                              {"collect", "--key", one()},
                                              {"collect", "--cmc-api-key", one()},
                                              {"budget", "--password", one()},
                                              {"--token", one()},
                                              {"config", "show", "--coingecko.api_key=" + one()},
                                              {"init", "--secret=" + one()},
                                              {"show", "--api-key", one(), "--json"}}) {
    const auto done = silent(words);
    EXPECT_EQ(done.code, 2);
    EXPECT_THAT(done.err, AllOf(HasSubstr("environment"), HasSubstr(".env"), HasSubstr("_file")));
  }
}

TEST_F(MistakenSecret, F115_AsAWordThatIsNoneIsNotRepeated) {
  for (const auto& words : std::vector<Words>{{one()},
                                              {"collect", one()},
                                              {"collect", "-k", one()},
                                              {"collect", "-k" + one()},
                                              {"collect", "--top", "5", one()},
                                              {"config", one()},
                                              {"config", "show", one()},
                                              {"init", one()},
                                              {"budget", one()},
                                              {"help", one()}})
    EXPECT_EQ(silent(words).code, 2);
}

// --- While it runs

class RunningWithSecrets : public Canaries {};

TEST_F(RunningWithSecrets, F111_NeitherItsCommandLineNorItsFilesHoldOne) {
  play({"--coins", "600", "--delay", "60000", "--on", "2"});
  const Environment environment{{"COINLAKE_COINGECKO__API_KEY", secret("coingecko.api_key")},
                                {"COINLAKE_COINGECKO__PLAN", "demo"},
                                {"CMC_API_KEY", secret("coinmarketcap.api_key")},
                                {"COINLAKE_LOG__FILE", folder_ / "coinlake.log"},
                                {"COINLAKE_LOG__LEVEL", "debug"}};
  Program program(COINLAKE_BINARY, {"collect", "--all", "--verbose"}, with(environment), folder_.path());
  ASSERT_THAT(program.read_err_line(), HasSubstr("page 1"));
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(60);
  while (requests().size() < 2) ASSERT_LT(std::chrono::steady_clock::now(), deadline);
  const auto words = content("/proc/" + std::to_string(program.pid()) + "/cmdline");
  EXPECT_THAT(words, HasSubstr("collect"));
  expect_no_leak(words, "its command line");
  EXPECT_GT(std::filesystem::file_size(ledger() + "-wal"), 0U);
  expect_no_leak_in_files();
  program.signal(SIGINT);
  expect_no_leak(program.wait().err, "stderr");
  expect_no_leak_in_files();
}

}  // namespace
}  // namespace coinlake::test

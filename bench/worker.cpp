// coinlake-bench FOLDER: takes a command a line from stdin, times it and answers with a line of JSON, in seconds. It is
// led by bench/cases.py, which asks for a few samples at a time and takes its own in between.
//
//   decode N   {"ours": […], "dom": […], "page": "…"}   N times each in turn; the page is the last one
//   store N    {"ours": […], "page": "…"}               N pages, each to a commit of its own
//   replay     {"ours": […], "bare": […], "rows": n}    of all pages stored: once each; `store` ends with it
#include <cstdio>
#include <iostream>
#include <map>
#include <sstream>

#include "bench/cases.hpp"
#include "coinlake/base/json.hpp"

namespace coinlake::bench {
namespace {

class Reply {
 public:
  Reply() { json_.begin_object(); }
  Reply& samples(std::string_view name, const std::vector<double>& values) {
    json_.key(name).begin_array();
    for (const double value : values) json_.value(value);
    json_.end_array();
    return *this;
  }
  template <class T>
  Reply& member(std::string_view name, const T& value) {
    return json_.key(name).value(value), *this;
  }
  std::string finish() { return json_.end_object(), out_; }

 private:
  std::string out_;
  JsonWriter json_{out_};
};

class Worker {
 public:
  explicit Worker(const std::filesystem::path& folder) : ledger_(folder / "ledger.db") {}

  Result<std::string> answer(const std::string& line) {
    std::istringstream words(line);
    std::string command;
    int count = 1;
    words >> command >> count;
    if (command == "decode") return decode(count);
    if (command == "store") return store(count);
    if (command == "replay") return replay();
    return fail(Kind::usage, "there is no command " + line);
  }

 private:
  Result<std::string> decode(int count) {
    std::vector<double> ours, dom;
    for (int i = 0; i < count; ++i) {
      page_ = decode_.turn();
      ours.push_back(TRY(decode_.decode()));
      dom.push_back(TRY(decode_.parse_dom()));
    }
    return Reply().samples("ours", ours).samples("dom", dom).member("page", page_).finish();
  }

  Result<std::string> store(int count) {
    if (!store_) store_ = TRY(StoreCase::open(pages_, ledger_));
    std::vector<double> ours;
    for (int i = 0; i < count; ++i) {
      page_ = pages_.next();
      ours.push_back(TRY(store_->store(page_)));
    }
    return Reply().samples("ours", ours).member("page", page_).finish();
  }

  Result<std::string> replay() {
    if (store_) store_.reset();
    if (!replay_) replay_ = TRY(ReplayCase::open(ledger_));
    const auto ours = TRY(replay_->replay()), bare = TRY(replay_->bare_loop());
    return Reply().samples("ours", {ours}).samples("bare", {bare}).member("rows", replay_->rows()).finish();
  }

  std::filesystem::path ledger_;
  Pages pages_;
  std::string page_;
  DecodeCase decode_{pages_};
  std::unique_ptr<StoreCase> store_;
  std::unique_ptr<ReplayCase> replay_;
};

int work(const std::filesystem::path& folder) {
  Worker worker(folder);
  for (std::string line; std::getline(std::cin, line);) {
    const auto reply = worker.answer(line);
    if (!reply)
      return std::fprintf(stderr, "coinlake-bench: %s: %s\n", line.c_str(), reply.error().message.english().c_str()), 1;
    std::puts(reply->c_str());
    std::fflush(stdout);
  }
  return 0;
}

}  // namespace
}  // namespace coinlake::bench

int main(int argc, char** argv) {
  if (argc == 2) return coinlake::bench::work(argv[1]);
  std::fputs("coinlake-bench FOLDER; it is led by bench/cases.py: see make bench\n", stderr);
  return 2;
}

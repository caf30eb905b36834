#include "coinlake/ledger/replay.hpp"

#include <unistd.h>

#include "bench/bare_loop.hpp"
#include "bench/cases.hpp"
#include "coinlake/app/wiring.hpp"
#include "coinlake/ledger/connections.hpp"
#include "coinlake/ledger/shadow.hpp"
#include "coinlake/ledger/tables.hpp"

namespace coinlake::bench {
namespace {

namespace fs = std::filesystem;

// So that the last round's pages are not written back in the middle of this one.
void let_the_disk_settle() { ::sync(); }

void remove_database(const fs::path& path) {
  for (const auto* suffix : {"", "-wal", "-shm", ".lock"}) fs::remove(path.string() + suffix);
}

Result<void> expect_same_tables(const fs::path& ledger, const fs::path& other) {
  const auto stored = TRY(ledger::open_reader(ledger)), rebuilt = TRY(ledger::open_reader(other));
  std::int64_t different = 0;
  for (const auto& table : ledger::derived_tables())
    CHECK_OK(ledger::compare_table(stored, rebuilt, table, [&](const ledger::Difference&) { ++different; }));
  if (different != 0) return fail(Kind::corrupt, std::to_string(different) + " rows differ in " + other.string());
  return {};
}

class Replay final : public ReplayCase {
 public:
  Replay(fs::path ledger, BareLoop loop, std::int64_t rows)
      : ledger_(std::move(ledger)), loop_(std::move(loop)), rows_(rows) {}

  Result<double> replay() override {
    const auto path = beside("replay.db");
    remove_database(path);
    fs::copy_file(ledger_, path);
    let_the_disk_settle();
    auto ledger = TRY(ledger::Ledger::open({.path = path, .clock = &system_clock()}));
    auto rebuilt = Result<ledger::Rebuilt>(ledger::Rebuilt{});
    const auto took =
        timed([&] { rebuilt = ledger::replay(ledger, app::make_decoder(), [](std::int64_t, std::int64_t) {}); });
    if (!rebuilt) return std::unexpected(std::move(rebuilt).error());
    if (rebuilt->counts.fresh != rows_) return fail(Kind::corrupt, tr("replay gave other rows"));
    return took;
  }

  Result<double> bare_loop() override {
    const auto path = beside("bare.db");
    remove_database(path);
    let_the_disk_settle();
    const auto db = TRY(ledger::open_writer(path, nullptr));
    CHECK_OK(ledger::create_derived(db, ""));
    Result<void> done;
    const auto took = timed([&] { done = loop_.run(db); });
    CHECK_OK(done);
    if (!checked_) CHECK_OK(expect_same_tables(ledger_, path));
    checked_ = true;
    return took;
  }

  [[nodiscard]] std::int64_t rows() const override { return rows_; }

 private:
  [[nodiscard]] fs::path beside(const char* name) const { return ledger_.parent_path() / name; }

  fs::path ledger_;
  BareLoop loop_;
  std::int64_t rows_;
  bool checked_ = false;
};

}  // namespace

Result<std::unique_ptr<ReplayCase>> ReplayCase::open(const fs::path& ledger) {
  const auto db = TRY(ledger::open_reader(ledger));
  const auto rows = TRY(db.integer("SELECT count(*) FROM obs"));
  return std::make_unique<Replay>(ledger, TRY(BareLoop::load(db)), rows);
}

}  // namespace coinlake::bench

#include "coinlake/app/daemon/ledger_owner.hpp"

#include <future>

#include "coinlake/base/file.hpp"
#include "coinlake/ledger/identity.hpp"

namespace coinlake::app {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t kRoomOfWriter = 16;
constexpr Duration kLongestWrite = 60s;

Error no_ledger() { return {Kind::unwritable, tr("the ledger cannot be written now"), tr("coinlake status says why")}; }

Error gone(const std::filesystem::path& path) {
  return {Kind::unwritable, tr("the ledger {} is gone, or another one lies there", path.string()),
          tr("put it back; what was collected until then is in it")};
}

// What `work` gives, after the worker has done it; `then` is done when whoever waits has got it.
template <class Work, class Then>
Result<void> done_by(Worker& worker, Work work, Then then) {
  std::promise<Result<void>> promise;
  auto done = promise.get_future();
  auto task = [promise = std::move(promise), &work, then]() mutable {
    promise.set_value(work());
    then();
  };
  if (!worker.post(std::move(task), kLongestWrite)) return std::unexpected(no_ledger());
  return done.get();
}

}  // namespace

LedgerOwner::LedgerOwner(ledger::LedgerOptions options, std::function<void(const Error&)> lost)
    : options_(std::move(options)), lost_(std::move(lost)), writer_(*options_.clock, kRoomOfWriter) {}

class LedgerOwner::Lease final : public collect::LedgerAccess {
 public:
  Lease(LedgerOwner& owner, int opening) : owner_(&owner), opening_(opening) {}

 private:
  Result<void> perform(const std::function<void(ledger::Ledger&)>& work) override {
    return owner_->perform(work, opening_);
  }
  LedgerOwner* owner_;
  int opening_;
};

std::unique_ptr<collect::LedgerAccess> LedgerOwner::lease() { return std::make_unique<Lease>(*this, opened_.load()); }

Result<void> LedgerOwner::open() {
  if (!writer_.is_started()) CHECK_OK(writer_.start());
  return done_by(writer_, [this] { return open_anew(); }, [] {});
}

Result<void> LedgerOwner::open_anew() {
  ledger_.reset();  // its lock first
  std::error_code error;
  const auto there = std::filesystem::exists(options_.path, error);
  if (!id_.empty() && (!there || !is_same_file())) return std::unexpected(gone(options_.path));
  auto opened = ledger::Ledger::open(options_);
  if (!opened) return std::unexpected(std::move(opened).error());
  const auto id = TRY(ledger::ledger_id(opened->connection()));
  if (!id_.empty() && id != id_) return std::unexpected(gone(options_.path));
  id_ = id, inode_ = inode_of(options_.path.string());
  ledger_.emplace(std::move(*opened));
  ++opened_;
  return {};
}

// Another one, though it be a copy, would be damaged by a -wal that is not its own; one behind a link has its own.
bool LedgerOwner::is_same_file() const {
  if (ledger::resolved(options_.path) != options_.path) return false;
  return inode_of(options_.path.string()) == inode_ || !std::filesystem::exists(options_.path.string() + "-wal");
}

Result<void> LedgerOwner::perform(const std::function<void(ledger::Ledger&)>& work, std::optional<int> opening) {
  const auto with_ledger = [&]() -> Result<void> {
    if (!ledger_ || (opening && *opening != opened_.load())) return std::unexpected(no_ledger());
    work(*ledger_);
    return {};
  };
  return done_by(writer_, with_ledger, [this] { tidy(); });
}

void LedgerOwner::tidy() {
  if (!ledger_) return;
  if (const auto alive = ledger_->check_alive(); !alive) {
    ledger_.reset();
    return lost_(alive.error());
  }
  ledger_->tidy();
}

}  // namespace coinlake::app

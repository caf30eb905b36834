#include "coinlake/ledger/chain.hpp"

#include "coinlake/ledger/encode.hpp"

namespace coinlake::ledger {

Result<Chain> Chain::open(const Connection& db) {
  Chain chain;
  chain.run_ = TRY(db.prepare("SELECT * FROM run WHERE id = ?"));
  chain.raw_ = TRY(db.prepare("SELECT * FROM raw WHERE seq = ? ORDER BY n"));
  if (TRY(has_table(db, "decision")))  // from schema 2 on
    chain.decision_ = TRY(db.prepare("SELECT * FROM decision WHERE seq = ?"));
  auto identity = TRY(db.prepare("SELECT id FROM identity"));
  if (TRY(identity.step())) chain.beginning_ = identity.text(0);
  return chain;
}

Result<Digest> Chain::link(std::string_view before, const std::string& row, std::int64_t seq, std::string_view run) {
  Sha256 hash;
  hash.update(before);
  hash.update(row);
  run_.bind(1, run);
  while (TRY(run_.step())) hash.update(encode(run_));
  run_.reset();
  raw_.bind(1, seq);
  while (TRY(raw_.step())) hash.update(encode(raw_));
  raw_.reset();
  if (!decision_) return hash.finish();
  decision_->bind(1, seq);
  while (TRY(decision_->step())) hash.update(encode(*decision_));
  decision_->reset();
  return hash.finish();
}

}  // namespace coinlake::ledger

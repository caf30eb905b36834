#include "bench/bare_loop.hpp"

#include <algorithm>
#include <bit>

namespace coinlake::bench {
namespace {

using ledger::Connection;
using ledger::Statement;

constexpr std::int64_t kAnswersOfTransaction = 128;  // as in ledger/replay.cpp

std::string placeholders(std::size_t columns) {
  std::string out = "?";
  while (--columns > 0) out += ",?";
  return out;
}

// Where the values of a part begin.
std::size_t begin_of(const std::vector<std::size_t>& ends, std::size_t part) { return part == 0 ? 0 : ends[part - 1]; }

}  // namespace

void BareLoop::append(const Statement& row, std::size_t columns, Table& into) {
  for (int c = 0; c < static_cast<int>(columns); ++c) {
    switch (sqlite3_column_type(row.raw(), c)) {
      case SQLITE_NULL: into.values.push_back({0, 0, Type::null}); break;
      case SQLITE_INTEGER: into.values.push_back({row.integer(c), 0, Type::integer}); break;
      case SQLITE_FLOAT: into.values.push_back({std::bit_cast<std::int64_t>(row.real(c)), 0, Type::real}); break;
      default: {
        const auto text = row.bytes(c);
        into.values.push_back(
            {static_cast<std::int64_t>(texts_.size()), static_cast<std::uint32_t>(text.size()), Type::text});
        texts_ += text;
      }
    }
  }
}

// `rows` gives a table's columns and then the number of the answer, by which it is ordered.
Result<void> BareLoop::read(const Connection& from, const std::string& name, const std::string& rows, Table& into) {
  auto row = TRY(from.prepare(rows));
  into.columns = static_cast<std::size_t>(sqlite3_column_count(row.raw())) - 1;
  into.insert = "INSERT INTO " + name + " VALUES (" + placeholders(into.columns) + ")";
  while (TRY(row.step())) {
    const auto answer = static_cast<std::size_t>(row.integer(static_cast<int>(into.columns))) - 1;
    while (into.ends.size() < answer) into.ends.push_back(into.values.size());
    append(row, into.columns, into);
  }
  into.ends.resize(static_cast<std::size_t>(answers_), into.values.size());
  return {};
}

// Heads as they are when a transaction ends. All rows are new, so the last fact of a series is its head, and its answer
// the last that had it.
Result<void> BareLoop::read_heads(const Connection& from) {
  auto row = TRY(from.prepare(
      "SELECT series, max(seq), event_time, profile_seq, seq FROM quote WHERE seq > ? AND seq <= ? GROUP BY series"));
  heads_.columns = 5;
  heads_.insert = "INSERT OR REPLACE INTO head VALUES (" + placeholders(heads_.columns) + ")";
  for (std::int64_t done = 0; done < answers_; done += kAnswersOfTransaction) {
    row.bind(1, done).bind(2, done + kAnswersOfTransaction);
    while (TRY(row.step())) append(row, heads_.columns, heads_);
    row.reset();
    heads_.ends.push_back(heads_.values.size());
  }
  return {};
}

Result<BareLoop> BareLoop::load(const Connection& from) {
  if (TRY(from.integer("SELECT count(*) FROM superseded")) + TRY(from.integer("SELECT count(*) FROM quarantine")) > 0)
    return fail(Kind::corrupt, tr("the bare loop knows ledgers without revisions and without rejected rows only"));
  BareLoop loop;
  loop.answers_ = TRY(from.integer("SELECT max(seq) FROM batch"));
  CHECK_OK(loop.read(from, "series", "SELECT *, first_seq FROM series ORDER BY id", loop.facts_[0]));
  const std::string in_answer = " t JOIN obs o USING (seq, series) ORDER BY o.seq, o.pos";
  CHECK_OK(loop.read(from, "profile", "SELECT t.*, t.seq FROM profile" + in_answer, loop.facts_[1]));
  CHECK_OK(loop.read(from, "quote", "SELECT t.*, t.seq FROM quote" + in_answer, loop.facts_[2]));
  CHECK_OK(loop.read(from, "obs", "SELECT *, seq FROM obs ORDER BY seq, pos", loop.facts_[3]));
  CHECK_OK(loop.read_heads(from));
  return loop;
}

void BareLoop::bind(const Statement& to, int at, const Value& value) const {
  switch (value.type) {
    case Type::null: sqlite3_bind_null(to.raw(), at); break;
    case Type::integer: sqlite3_bind_int64(to.raw(), at, value.word); break;
    case Type::real: sqlite3_bind_double(to.raw(), at, std::bit_cast<double>(value.word)); break;
    case Type::text:
      sqlite3_bind_text(to.raw(), at, texts_.data() + value.word, static_cast<int>(value.size), SQLITE_STATIC);
      break;
  }
}

Result<void> BareLoop::insert(Statement& to, const Table& table, std::size_t part) const {
  for (auto i = begin_of(table.ends, part); i < table.ends[part];) {
    for (std::size_t c = 1; c <= table.columns; ++c, ++i) bind(to, static_cast<int>(c), table.values[i]);
    CHECK_OK(to.run());
  }
  return {};
}

Result<void> BareLoop::run(const Connection& to) const {
  std::array<Statement, 4> inserts;
  for (std::size_t t = 0; t < facts_.size(); ++t) inserts[t] = TRY(to.prepare(facts_[t].insert));
  auto insert_head = TRY(to.prepare(heads_.insert));
  for (std::size_t part = 0; part < heads_.ends.size(); ++part) {
    auto transaction = TRY(ledger::Transaction::begin(to));
    const auto first = part * kAnswersOfTransaction,
               last = std::min(first + kAnswersOfTransaction, facts_[0].ends.size());
    for (auto answer = first; answer < last; ++answer) {
      for (std::size_t t = 0; t < facts_.size(); ++t) CHECK_OK(insert(inserts[t], facts_[t], answer));
    }
    CHECK_OK(insert(insert_head, heads_, part));
    CHECK_OK(transaction.commit());
  }
  return {};
}

}  // namespace coinlake::bench

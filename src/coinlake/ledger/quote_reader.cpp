#include "coinlake/ledger/quote_reader.hpp"

namespace coinlake::ledger {
namespace {

using domain::Column;
using domain::ColumnSet;
using domain::Quote;

void read_numbers(const Statement& row, int at, std::size_t from, std::size_t to, Quote& out) {
  for (auto c = from; c < to; ++c, ++at) {
    if (row.is_null(at)) out.set_null(static_cast<Column>(c));
    else out.set(static_cast<Column>(c), row.real(at));
  }
}

void read_slow(const Statement& row, int at, Quote& out) {
  read_numbers(row, at, domain::kFastColumns, domain::kNumberColumns, out);
  at += static_cast<int>(domain::kNumberColumns - domain::kFastColumns);
  for (auto c = domain::kFirstDate; c < domain::kFirstText; ++c, ++at) {
    if (row.is_null(at)) out.set_null(static_cast<Column>(c));
    else out.set(static_cast<Column>(c), row.time(at));
  }
  for (auto c = domain::kFirstText; c < domain::kColumns; ++c, ++at) {
    if (row.is_null(at)) out.set_null(static_cast<Column>(c));
    else out.set(static_cast<Column>(c), row.bytes(at));
  }
}

// A row of: quote.seq, event_time, profile_seq, absent, the fast numbers, the profile's values.
StoredQuote read_stored(const Statement& row) {
  Quote values;
  read_numbers(row, 4, 0, domain::kFastColumns, values);
  read_slow(row, 4 + static_cast<int>(domain::kFastColumns), values);
  values.given = ColumnSet::all() - ColumnSet(static_cast<std::uint64_t>(row.integer(3)));
  return {row.integer(0), row.integer(2), row.time(1), values};
}

std::string columns(std::string_view table, std::size_t from, std::size_t to) {
  std::string out;
  for (auto c = from; c < to; ++c) ((out += ", ") += table) += domain::name_of(static_cast<Column>(c));
  return out;
}

}  // namespace

StoredQuote::StoredQuote(std::int64_t at, std::int64_t profile, Time time, const Quote& quote)
    : seq(at), profile_seq(profile), event_time(time), values(quote) {
  for (std::size_t i = 0; i < texts_.size(); ++i) texts_[i].assign(quote.texts[i]);
  point_at_own_texts();
}

StoredQuote::StoredQuote(const StoredQuote& other)
    : seq(other.seq),
      profile_seq(other.profile_seq),
      event_time(other.event_time),
      values(other.values),
      texts_(other.texts_) {
  point_at_own_texts();
}

StoredQuote::StoredQuote(StoredQuote&& other) noexcept
    : seq(other.seq),
      profile_seq(other.profile_seq),
      event_time(other.event_time),
      values(other.values),
      texts_(std::move(other.texts_)) {
  point_at_own_texts();
}

StoredQuote& StoredQuote::operator=(const StoredQuote& other) {
  seq = other.seq, profile_seq = other.profile_seq, event_time = other.event_time, values = other.values,
  texts_ = other.texts_;
  point_at_own_texts();
  return *this;
}

StoredQuote& StoredQuote::operator=(StoredQuote&& other) noexcept {
  seq = other.seq, profile_seq = other.profile_seq, event_time = other.event_time, values = other.values,
  texts_ = std::move(other.texts_);
  point_at_own_texts();
  return *this;
}

void StoredQuote::point_at_own_texts() {
  for (std::size_t i = 0; i < texts_.size(); ++i) values.texts[i] = texts_[i];
}

Result<QuoteReader> QuoteReader::open(const Connection& db, const std::string& p) {
  const auto select = "SELECT q.seq, q.event_time, q.profile_seq, q.absent" + columns("q.", 0, domain::kFastColumns) +
                      columns("p.", domain::kFastColumns, domain::kColumns) + " FROM ";
  const auto profile = " LEFT JOIN " + p + "profile p ON p.series = q.series AND p.seq = q.profile_seq ";
  QuoteReader reader;
  reader.quote_ = TRY(db.prepare(select + p + "quote q" + profile + "WHERE q.seq = ? AND q.series = ?"));
  reader.head_ = TRY(db.prepare(select + p + "head h JOIN " + p + "quote q ON q.seq = h.seq AND q.series = h.series" +
                                profile + "WHERE h.series = ?"));
  return reader;
}

Result<std::optional<StoredQuote>> QuoteReader::read(std::int64_t seq, std::int64_t series) {
  quote_.bind(1, seq).bind(2, series);
  std::optional<StoredQuote> quote;
  if (TRY(quote_.step())) quote = read_stored(quote_);
  quote_.reset();
  return quote;
}

Result<std::optional<StoredQuote>> QuoteReader::head(std::int64_t series) {
  head_.bind(1, series);
  std::optional<StoredQuote> quote;
  if (TRY(head_.step())) quote = read_stored(head_);
  head_.reset();
  return quote;
}

}  // namespace coinlake::ledger

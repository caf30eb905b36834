#include "sim/scenario.hpp"

#include <algorithm>
#include <map>

#include "coinlake/base/number.hpp"
#include "coinlake/base/text.hpp"
#include "coinlake/base/toml.hpp"
#include "sim/fault_words.hpp"

namespace coinlake::sim {
namespace {

std::string swapped(std::string_view word, char from, char to) {
  std::string out(word);
  std::ranges::replace(out, from, to);
  return out;
}

std::string_view wanted(ValueKind takes) {
  switch (takes) {
    case ValueKind::nothing: return "true or false";
    case ValueKind::number: return "a number";
    case ValueKind::text: return "a text";
    case ValueKind::list: return "a number or a list of numbers";
  }
  return "";
}

std::optional<std::string> as_number(const toml::node& node) {
  if (const auto whole = node.value_exact<std::int64_t>()) return std::to_string(*whole);
  const auto real = node.value_exact<double>();
  return real && *real >= -1e300 && *real <= 1e300 ? std::optional(format_number(*real)) : std::nullopt;
}

std::optional<std::string> as_list(const toml::array& array) {
  std::string out;
  for (const auto& one : array) {
    const auto number = as_number(one);
    if (!number) return std::nullopt;
    (out += out.empty() ? "" : ",") += *number;
  }
  return array.empty() ? std::nullopt : std::optional(out);
}

// As the command line would have it; nothing if it is of another type.
std::optional<std::string> as_text(const toml::node& node, ValueKind takes) {
  if (takes == ValueKind::nothing) {
    const auto flag = node.value_exact<bool>();
    return flag ? std::optional<std::string>(*flag ? "true" : "false") : std::nullopt;
  }
  if (takes == ValueKind::text) {
    if (auto text = node.value_exact<std::string>()) return text;
  }
  if (takes == ValueKind::list && node.is_array()) return as_list(*node.as_array());
  return as_number(node);
}

class ScenarioReader {
 public:
  ScenarioReader(std::string place, Options& to) : place_(std::move(place)), to_(to) {
    top_.add(tls_words(to)).text("title", to.title).text("about", about_);
    top_.number<std::uint64_t>("seed", to.made_up.seed, 0, UINT64_MAX);
  }

  void read(const toml::table& root) {
    for (const auto& [key, node] : root) {
      if (key.str() == "market") read_market(key, node);
      else if (key.str() == "fault") read_faults(key, node);
      else set(top_, key, node);
    }
    if (to_.title.empty()) mistake(root.source(), "it has no title");
    if (to_.scenario.empty()) mistake(root.source(), "it has no [[fault]]");
  }

  void mistake(const toml::source_region& where, const std::string& what) { mistakes_.emplace(where.begin.line, what); }

  [[nodiscard]] Result<void> outcome() const {
    if (mistakes_.empty()) return {};
    std::string all;
    for (const auto& [line, what] : mistakes_)
      all += (all.empty() ? "" : "\n  ") + place_ + ":" + std::to_string(line) + ": " + what;
    return fail(Kind::config, all, tr("docs/simulator.md has the words of a scenario"));
  }

 private:
  void read_market(const toml::key& key, const toml::node& node) {
    const auto* table = node.as_table();
    if (table == nullptr) return mistake(key.source(), "market is a table: [market]");
    read_words(market_words(to_), *table);
  }

  void read_faults(const toml::key& key, const toml::node& node) {
    const auto* array = node.as_array();
    if (array == nullptr || !array->is_homogeneous(toml::node_type::table))
      return mistake(key.source(), "fault is a list of tables: [[fault]]");
    for (const auto& one : *array) read_fault(*one.as_table());
  }

  void read_fault(const toml::table& table) {
    const auto before = mistakes_.size();
    Fault fault;
    read_words(fault_words(fault).add(fault_times(fault)), table);
    if (mistakes_.size() == before) check(fault, table.source());
    to_.scenario.push_back(std::move(fault));
  }

  void check(const Fault& fault, const toml::source_region& where) {
    if (!fault.any()) return mistake(where, "this fault does nothing");
    const auto spelt = [](const char* word) { return swapped(word, '-', '_'); };
    if (const auto fine = check_fault(fault, spelt); !fine) mistake(where, fine.error().message.english());
  }

  void read_words(const Words& words, const toml::table& table) {
    for (const auto& [key, node] : table) set(words, key, node);
  }

  void set(const Words& words, const toml::key& key, const toml::node& node) {
    const std::string called(key.str());
    const auto* word = called.find('-') == std::string::npos ? words.find(swapped(called, '_', '-')) : nullptr;
    if (word == nullptr) return mistake(key.source(), unknown(words, called));
    const auto value = as_text(node, word->takes);
    if (!value) return mistake(key.source(), called + " must be " + std::string(wanted(word->takes)));
    if (word->takes == ValueKind::nothing && *value == "false") return;
    if (const auto done = word->set(called, *value); !done) mistake(key.source(), done.error().message.english());
  }

  static std::string unknown(const Words& words, const std::string& called) {
    auto known = words.names();
    for (auto& word : known) word = swapped(word, '-', '_');
    const std::vector<std::string_view> names(known.begin(), known.end());
    const auto close = nearest(called, names);
    return "there is no " + printable(called) + " here" +
           (close.empty() ? "" : ": did you mean " + std::string(close) + "?");
  }

  std::string place_;
  Options& to_;
  Words top_;
  std::string about_;                                   // for people only
  std::multimap<std::uint32_t, std::string> mistakes_;  // by their lines
};

}  // namespace

Result<void> read_scenario(const std::string& place, std::string_view toml, Options& to) {
  ScenarioReader reader(place, to);
  try {
    reader.read(toml::parse(toml, place));
  } catch (const toml::parse_error& error) {
    reader.mistake(error.source(), printable(error.description()));
  }
  return reader.outcome();
}

}  // namespace coinlake::sim

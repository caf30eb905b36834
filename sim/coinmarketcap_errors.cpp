#include "sim/coinmarketcap_errors.hpp"

#include <algorithm>
#include <array>

namespace coinlake::sim {
namespace {

constexpr auto kErrors = std::to_array<CmcError>({
    {1001, 401, "This API Key is invalid."},
    {1002, 401, "API key missing."},
    {1003, 402, "Your API Key must be activated."},
    {1004, 402, "Your API Key's subscription plan has expired."},
    {1005, 403, "An API Key is required for this call."},
    {1006, 403, "Your API Key subscription plan doesn't support this endpoint."},
    {1007, 403, "This API Key has been disabled."},
    {1008, 429, "You've exceeded your API Key's HTTP request rate limit. Rate limits reset every minute."},
    {1009, 429, "You've exceeded your API Key's daily rate limit."},
    {1010, 429, "You've exceeded your API Key's monthly rate limit."},
    {1011, 429, "You've hit an IP rate limit."},
    {400, 400, "Invalid value for \"id\"."},
    {500, 500, "An internal server error occurred"},
});

}  // namespace

const CmcError* find_cmc_error(int code) {
  const auto* hit = std::ranges::find(kErrors, code, &CmcError::code);
  return hit == kErrors.end() ? nullptr : hit;
}

CmcError cmc_error_of_status(int status) {
  switch (status) {
    case 401: return *find_cmc_error(1001);
    case 402: return *find_cmc_error(1003);
    case 403: return *find_cmc_error(1006);
    case 429: return *find_cmc_error(1008);
    default: break;
  }
  const auto* same = find_cmc_error(status);
  return same == nullptr ? CmcError{status, status, "simulated status"} : *same;
}

}  // namespace coinlake::sim

#include "sim/coingecko.hpp"

namespace coinlake::sim {
namespace {

constexpr std::string_view kBadGateway = "<!DOCTYPE html>\n<html lang=\"en-US\"><head><title>api.coingecko.com | ";

}  // namespace

std::string_view paid_plans_only() {
  return R"({"status":{"error_code":10005,"error_message":"This request is limited to PRO API subscribers. Please visit https://www.coingecko.com/en/api/pricing"}})";
}

std::string CoinGecko::error_body(std::string_view /*path*/, int status) const {
  switch (status) {
    case 400: return R"({"error":"invalid vs_currency"})";
    case 401:
      return R"({"status":{"error_code":10002,"error_message":"API Key Missing. Please make sure you're using the right authentication method. For Pro API, ensure you pass in x_cg_pro_api_key parameter with a Pro Key. For Demo API, use x_cg_demo_api_key."}})";
    case 403:
      return R"({"status":{"error_code":403,"error_message":"Please add a descriptive User-Agent to your request. For higher rate limits & stable integration, please subscribe to our API plans: https://www.coingecko.com/en/api/pricing"}})";
    case 404: return R"({"error":"coin not found"})";
    case 422: return R"({"error":"Missing parameter vs_currency"})";
    case 429:
      return R"({"status":{"error_code":429,"error_message":"You've exceeded the Rate Limit. Please visit https://www.coingecko.com/en/api/pricing to subscribe to our API plans for higher rate limits."}})";
    case 10005: return std::string(paid_plans_only());
    case 500: return R"({"status":500,"error":"Internal Server Error"})";
    case 502: return std::string(kBadGateway) + "502: Bad gateway</title></head><body>Bad gateway</body></html>\n";
    case 503:
      return std::string(kBadGateway) +
             "503: Service temporarily unavailable</title></head><body>Service unavailable</body></html>\n";
    case 504:
      return std::string(kBadGateway) + "504: Gateway time-out</title></head><body>Gateway time-out</body></html>\n";
    default: return R"({"error":"simulated status )" + std::to_string(status) + R"("})";
  }
}

}  // namespace coinlake::sim

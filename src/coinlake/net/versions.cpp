#include "coinlake/net/versions.hpp"

#include <curl/curl.h>
#include <zlib.h>
#include <boost/version.hpp>

namespace coinlake::net {

void add_versions(Versions& to) {
  to["boost"] = dotted(BOOST_VERSION / 100'000, BOOST_VERSION / 100 % 1000, BOOST_VERSION % 100);
  to["curl"] = curl_version_info(CURLVERSION_NOW)->version;
  to["zlib"] = zlibVersion();
}

}  // namespace coinlake::net

// What our parser makes of .env files, for tests/interop/dotenv_test.py: each argument is a file; each line of the
// answer is one of them, a JSON array of [name, value or null].
#include <iostream>

#include "coinlake/app/config/dotenv.hpp"
#include "coinlake/base/file.hpp"
#include "coinlake/base/json.hpp"

int main(int argc, char** argv) {
  for (int i = 1; i < argc; ++i) {
    const auto bytes = coinlake::read_file(argv[i]);
    if (!bytes) return 1;
    std::string out;
    coinlake::JsonWriter json(out);
    json.begin_array();
    for (const auto& entry : coinlake::app::parse_dotenv(*bytes).entries)
      json.begin_array().value(entry.name).value(entry.value).end_array();
    json.end_array();
    std::cout << out << "\n";
  }
}

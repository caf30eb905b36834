// gzip (RFC 1952), both ways. The client undoes it here because libcurl takes a gzip body that ends too soon for a
// whole one.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

struct z_stream_s;  // NOLINT(readability-identifier-naming): zlib's

namespace coinlake::net {

std::string gzip(std::string_view bytes);  // fast rather than small; the same bytes each time

// One stream that unpacks to so many MiB of blanks: a bomb. Made at once, whatever its size.
std::string gzip_blanks(std::size_t mebibytes);

// A gzip body as it comes, piece by piece.
class GzipReader {
 public:
  enum class Outcome { ok, broken, full };

  GzipReader();
  GzipReader(const GzipReader&) = delete;
  GzipReader& operator=(const GzipReader&) = delete;
  ~GzipReader();

  // Appends what comes out to `out`, which never grows beyond `max` bytes: full says that there would have been more.
  Outcome feed(std::string_view bytes, std::string& out, std::size_t max);
  [[nodiscard]] bool started() const { return started_; }
  [[nodiscard]] bool whole() const { return ended_; }  // every checksum has come, and was right

 private:
  std::unique_ptr<z_stream_s> stream_;
  bool started_ = false, ended_ = false;
};

}  // namespace coinlake::net

#include "coinlake/net/gzip.hpp"

#include <zlib.h>

#include <algorithm>
#include <array>

#include "coinlake/base/memory.hpp"

namespace coinlake::net {
namespace {

constexpr int kGzipWindow = 15 + 16;  // zlib's way to ask for gzip's frame
constexpr int kNoFrame = -15;
constexpr std::size_t kMebibyte = std::size_t{1} << 20;

void give(z_stream& stream, std::string_view bytes) {
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));  // zlib does not write there
  stream.avail_in = static_cast<uInt>(bytes.size());
}

std::string deflated(std::string_view bytes, int window, int level, int flush) {
  z_stream stream{};
  if (deflateInit2(&stream, level, Z_DEFLATED, window, 8, Z_DEFAULT_STRATEGY) != Z_OK) end_without_memory();
  std::string out(deflateBound(&stream, static_cast<uLong>(bytes.size())), '\0');
  give(stream, bytes);
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  deflate(&stream, flush);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return out;
}

std::string little_endian(std::size_t number) {
  std::string out;
  for (unsigned shift = 0; shift < 32; shift += 8) out += static_cast<char>(number >> shift & 0xff);
  return out;
}

}  // namespace

std::string gzip(std::string_view bytes) { return deflated(bytes, kGzipWindow, Z_BEST_SPEED, Z_FINISH); }

// A full flush ends at a whole byte and refers to nothing before it, so that equal pieces are packed alike.
std::string gzip_blanks(std::size_t mebibytes) {
  constexpr std::string_view kHead("\x1f\x8b\x08\0\0\0\0\0\0\xff", 10), kEmptyLastBlock("\x03\0", 2);
  const std::string piece(kMebibyte, ' ');
  const auto packed = deflated(piece, kNoFrame, Z_BEST_COMPRESSION, Z_FULL_FLUSH);
  const auto sum_of_piece = crc32(0, reinterpret_cast<const Bytef*>(piece.data()), kMebibyte);
  std::string out(kHead);
  uLong sum = 0;
  for (std::size_t i = 0; i < mebibytes; ++i) {
    out += packed;
    sum = crc32_combine(sum, sum_of_piece, kMebibyte);
  }
  return out.append(kEmptyLastBlock) + little_endian(sum) + little_endian(mebibytes * kMebibyte);
}

GzipReader::GzipReader() : stream_(std::make_unique<z_stream_s>()) {
  if (inflateInit2(stream_.get(), kGzipWindow) != Z_OK) end_without_memory();
}
GzipReader::~GzipReader() { inflateEnd(stream_.get()); }

GzipReader::Outcome GzipReader::feed(std::string_view bytes, std::string& out, std::size_t max) {
  std::array<char, std::size_t{32} << 10> piece{};
  give(*stream_, bytes);
  started_ = started_ || !bytes.empty();
  int result = Z_OK;
  do {
    if (ended_ && stream_->avail_in == 0) return Outcome::ok;
    if (ended_) inflateReset(stream_.get()), ended_ = false;  // another member: RFC 1952 lets them follow each other
    stream_->next_out = reinterpret_cast<Bytef*>(piece.data());
    stream_->avail_out = static_cast<uInt>(piece.size());
    result = inflate(stream_.get(), Z_NO_FLUSH);
    if (result == Z_MEM_ERROR) end_without_memory();  // not the answer's fault
    if (result != Z_OK && result != Z_STREAM_END && result != Z_BUF_ERROR) return Outcome::broken;
    ended_ = result == Z_STREAM_END;
    const auto came = piece.size() - stream_->avail_out, fits = std::min(came, max - std::min(max, out.size()));
    out.append(piece.data(), fits);
    if (fits < came) return Outcome::full;
  } while (stream_->avail_in > 0 || stream_->avail_out == 0);
  return Outcome::ok;
}

}  // namespace coinlake::net

#include "coinlake/ledger/bodies.hpp"

#include <zstd.h>
#include <zstd_errors.h>

#include "coinlake/base/memory.hpp"

namespace coinlake::ledger {

std::string compress(std::string_view body) {
  std::string frame(ZSTD_compressBound(body.size()), '\0');
  const auto size = ZSTD_compress(frame.data(), frame.size(), body.data(), body.size(), 1);
  if (ZSTD_isError(size) != 0) end_without_memory();  // there is room for any body
  frame.resize(size);
  return frame;
}

Result<std::string> decompress(std::string_view frame, std::size_t size) {
  if (ZSTD_getFrameContentSize(frame.data(), frame.size()) != size) {
    return fail(Kind::corrupt, tr("a stored body is damaged: its frame does not hold {} bytes", size));
  }
  std::string body(size, '\0');
  const auto got = ZSTD_decompress(body.data(), size, frame.data(), frame.size());
  if (ZSTD_getErrorCode(got) == ZSTD_error_memory_allocation) end_without_memory();
  if (ZSTD_isError(got) != 0 || got != size)
    return fail(Kind::corrupt, tr("a stored body is damaged: it cannot be decompressed"));
  return body;
}

}  // namespace coinlake::ledger

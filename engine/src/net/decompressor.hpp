#pragma once

#include <functional>
#include <memory>
#include <string_view>

namespace linkferry {

/// Undoes `Content-Encoding: gzip` or `deflate` piece by piece. What comes out is limited by who
/// takes it, so that a bomb is stopped in mid-air; memory is that of zlib, some 64 KiB.
class Decompressor {
 public:
  using Take = std::function<void(std::string_view)>;

  Decompressor();
  ~Decompressor();

  /// Feeds `bytes` in and what comes out to `take`. Errors: TransportError not_http for what is no
  /// such stream.
  void put(std::string_view bytes, const Take& take);
  /// The input is over. Errors: TransportError broken, when the stream is not.
  void finish() const;

 private:
  struct Stream;
  std::unique_ptr<Stream> stream_;
};

}  // namespace linkferry

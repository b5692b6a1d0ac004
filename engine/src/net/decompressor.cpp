#include "net/decompressor.hpp"

#include <zlib.h>

#include <array>
#include <new>
#include <string>

#include "net/transport_error.hpp"

namespace linkferry {

using Kind = TransportError::Kind;

struct Decompressor::Stream {
  z_stream zlib{};
  bool is_started = false;
  bool is_over = false;

  void start(int window_bits) {
    if (inflateInit2(&zlib, window_bits) != Z_OK) throw std::bad_alloc();
    is_started = true;
  }
  ~Stream() {
    if (is_started) inflateEnd(&zlib);
  }
};

Decompressor::Decompressor() : stream_(std::make_unique<Stream>()) {}
Decompressor::~Decompressor() = default;

void Decompressor::put(std::string_view bytes, const Take& take) {
  if (bytes.empty()) return;
  auto& zlib = stream_->zlib;
  if (!stream_->is_started) {
    // Some servers send deflate without the zlib header that RFC 9110 section 8.4.1.2 wants.
    const auto first = static_cast<unsigned char>(bytes.front());
    const bool has_header = first == 0x1F || (first & 0x0FU) == Z_DEFLATED;
    constexpr int any_header = 32 + MAX_WBITS;
    stream_->start(has_header ? any_header : -MAX_WBITS);
  }
  zlib.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
  zlib.avail_in = static_cast<uInt>(bytes.size());
  std::array<char, 32 * 1024> out;
  while (zlib.avail_in > 0 || zlib.avail_out == 0) {
    if (stream_->is_over) {
      // gzip members may follow each other (RFC 1952 section 2.2).
      if (zlib.avail_in == 0) return;
      inflateReset(&zlib);
      stream_->is_over = false;
    }
    zlib.next_out = reinterpret_cast<Bytef*>(out.data());
    zlib.avail_out = static_cast<uInt>(out.size());
    const int result = inflate(&zlib, Z_NO_FLUSH);
    if (result != Z_OK && result != Z_STREAM_END && result != Z_BUF_ERROR) {
      throw TransportError(Kind::not_http, std::string("answers with broken compressed data: ") +
                                               (zlib.msg == nullptr ? "no gzip" : zlib.msg));
    }
    stream_->is_over = result == Z_STREAM_END;
    take({out.data(), out.size() - zlib.avail_out});
    if (result == Z_BUF_ERROR) return;
  }
}

void Decompressor::finish() const {
  if (stream_->is_started && !stream_->is_over)
    throw TransportError(Kind::broken, "closed within the compressed answer");
}

}  // namespace linkferry

#include "mastodon/inflater.hpp"

#include <zlib.h>

#include <new>

namespace linkferry::mastodon {
namespace {

constexpr std::size_t piece_bytes = 64 * 1024;
constexpr int gzip_only = 15 + 16;  ///< zlib's window bits: 16 more want the header of gzip
constexpr int raw_deflate = -15;    ///< negative for a stream without header
constexpr unsigned char gzip_magic = 0x1F;

}  // namespace

struct Inflater::Stream {
  z_stream z{};
};

Inflater::Inflater(Form form)
    : form_(form), stream_(std::make_unique<Stream>()), piece_(new char[piece_bytes]) {
  if (inflateInit2(&stream_->z, form == Form::gzip ? gzip_only : raw_deflate) != Z_OK)
    throw std::bad_alloc();
}

Inflater::~Inflater() { inflateEnd(&stream_->z); }

Inflater::State Inflater::feed(std::string_view packed, const OnBytes& on_bytes) {
  // Rationale: zlib's C interface takes bytes that it does not change by a pointer that could.
  stream_->z.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(packed.data()));
  stream_->z.avail_in = static_cast<uInt>(packed.size());
  packed_ += packed.size();
  if (state_ == State::end && begins_next_member()) {
    inflateReset(&stream_->z);
    state_ = State::more;
  }
  while (state_ == State::more && stream_->z.avail_in > 0) state_ = unpack(on_bytes);
  return state_;
}

/// What follows the last member and is none is padding.
bool Inflater::begins_next_member() const {
  return form_ == Form::gzip && stream_->z.avail_in > 0 && *stream_->z.next_in == gzip_magic;
}

/// One piece.
Inflater::State Inflater::unpack(const OnBytes& on_bytes) {
  z_stream& z = stream_->z;
  int result = Z_OK;
  do {
    z.next_out = reinterpret_cast<Bytef*>(piece_.get());
    z.avail_out = piece_bytes;
    result = inflate(&z, Z_NO_FLUSH);
    const std::size_t count = piece_bytes - z.avail_out;
    unpacked_ += count;
    if (count > 0) on_bytes({piece_.get(), count});
    if (unpacked_ > ratio_free_bytes && unpacked_ / max_ratio > packed_) return State::suspicious;
  } while (result == Z_OK && z.avail_out == 0);
  if (result == Z_STREAM_END) {
    if (!begins_next_member()) return State::end;
    inflateReset(&z);
    return State::more;
  }
  return result == Z_OK || result == Z_BUF_ERROR ? State::more : State::damaged;
}

std::uint32_t crc_32(std::uint32_t before, std::string_view bytes) {
  return static_cast<std::uint32_t>(
      crc32_z(before, reinterpret_cast<const Bytef*>(bytes.data()), bytes.size()));
}

}  // namespace linkferry::mastodon

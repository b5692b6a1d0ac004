#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string_view>

namespace linkferry::mastodon {

/// Unpacks deflate as its bytes come in: gzip (several members are one stream), or raw as in a zip.
///
/// Memory: some 100 KiB. Time: linear in what is unpacked, which is bounded by `max_ratio` once
/// there are more than `ratio_free_bytes`. Thread: one at a time. Source: RFC 1951, RFC 1952,
/// zlib's manual (read 2026-11-22).
class Inflater {
 public:
  static constexpr std::uint64_t ratio_free_bytes = 16 * 1024 * 1024;
  static constexpr std::uint64_t max_ratio = 200;

  enum class Form : std::uint8_t { gzip, raw };
  enum class State : std::uint8_t { more, end, damaged, suspicious };
  using OnBytes = std::function<void(std::string_view)>;

  explicit Inflater(Form form);
  ~Inflater();
  Inflater(const Inflater&) = delete;
  Inflater& operator=(const Inflater&) = delete;

  /// Unpacks all of `packed` and hands it over piece by piece. `suspicious`: it unpacks to more
  /// than `max_ratio` times its size; nothing more is unpacked then.
  State feed(std::string_view packed, const OnBytes& on_bytes);

  std::uint64_t unpacked_bytes() const { return unpacked_; }

 private:
  struct Stream;

  bool begins_next_member() const;
  State unpack(const OnBytes& on_bytes);

  Form form_;
  std::unique_ptr<Stream> stream_;
  std::unique_ptr<char[]> piece_;
  std::uint64_t packed_ = 0;
  std::uint64_t unpacked_ = 0;
  State state_ = State::more;
};

/// CRC-32 as zip has it, of `bytes` behind those that gave `before` (0 for none).
std::uint32_t crc_32(std::uint32_t before, std::string_view bytes);

}  // namespace linkferry::mastodon

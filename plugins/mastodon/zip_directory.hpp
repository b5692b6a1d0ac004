#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

namespace linkferry::mastodon {

/// One file of a zip, as the directory at the zip's end describes it.
struct ZipEntry {
  std::uint64_t packed_bytes = 0;
  std::uint64_t unpacked_bytes = 0;
  std::uint64_t header_offset = 0;
  std::uint32_t crc = 0;
  std::uint16_t method = 0;
  bool is_encrypted = false;

  static constexpr std::uint16_t stored = 0;
  static constexpr std::uint16_t deflated = 8;
};

/// The length of the fixed part of the header that stands before a file in a zip.
inline constexpr std::size_t zip_local_header_bytes = 30;

/// The length of the whole header that begins with `fixed`; 0 where that is none.
std::size_t zip_local_header_size(std::string_view fixed);

/// Calls `on_entry` for every file that the directory of a zip lists. `tail` are the last bytes of
/// the zip, from offset `tail_offset` on. Zip64 is understood, as archives with much media are
/// larger than 4 GiB. Returns what is wrong; empty when nothing is. Time: linear in `tail`.
/// Source: PKWARE APPNOTE 6.3.10, sections 4.3.12 to 4.3.16 and 4.5.3 (read 2026-11-22).
std::string_view read_zip_directory(
    std::string_view tail, std::uint64_t tail_offset,
    const std::function<void(std::string_view name, const ZipEntry& entry)>& on_entry);

}  // namespace linkferry::mastodon

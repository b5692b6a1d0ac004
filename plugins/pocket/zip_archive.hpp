#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "linkferry/host.hpp"

namespace linkferry::pocket {

/// One file of a zip, as the directory at the zip's end describes it. The name is compared, never
/// opened.
struct ZipMember {
  std::string name;
  std::uint64_t packed_bytes = 0;
  std::uint64_t unpacked_bytes = 0;
  std::uint64_t header_offset = 0;
  std::uint32_t crc = 0;
  std::uint16_t method = 0;
  bool is_encrypted = false;
};

/// A zip in memory, read from the directory at its end.
///
/// Rationale: Poco::Zip::ZipArchive walks the file from the front, guesses where streamed members
/// end and keeps as many entries as it meets; the directory gives the sizes, and bounds everything
/// before a byte is unpacked. Limits, each a Failure when broken: 10,000 members; 4 GiB unpacked in
/// all; 200 times its packed size for a member of more than 16 MiB. Not understood: zip64,
/// encryption, methods other than stored and deflate. Thread: one thread at a time. Source: PKWARE
/// APPNOTE 6.3.10, sections 4.3.7, 4.3.12 and 4.3.16, read 2026-11-22.
class ZipArchive {
 public:
  static constexpr std::size_t max_members = 10'000;
  static constexpr std::uint64_t max_unpacked_bytes = std::uint64_t{4} << 30;
  static constexpr std::uint64_t ratio_free_bytes = 16 * 1024 * 1024;
  static constexpr std::uint64_t max_ratio = 200;

  /// `name` is what messages call it. Errors: Failure configuration when it is no zip, damaged or
  /// cut off.
  ZipArchive(std::string bytes, std::string name);

  std::span<const ZipMember> members() const { return members_; }

  /// The content of a member, which can be rewound. The archive must outlive it.
  /// Errors: Failure configuration, when opening or reading: damaged, or over a limit.
  std::unique_ptr<InputFile> open(const ZipMember& member);

  /// The whole content of a member. Errors: as `open`; also when it is larger than `limit_bytes`.
  std::string read_all(const ZipMember& member, std::uint64_t limit_bytes);

 private:
  class MemberFile;

  std::size_t find_directory_end() const;
  void read_directory();
  std::string_view packed(const ZipMember& member) const;
  [[noreturn]] void fail(std::string_view what, std::string_view member = {}) const;

  std::string bytes_;
  std::string name_;
  std::vector<ZipMember> members_;
  std::uint64_t unpacked_bytes_ = 0;
};

}  // namespace linkferry::pocket

#include "mastodon/zip_directory.hpp"

#include <optional>

namespace linkferry::mastodon {
namespace {

constexpr std::size_t end_bytes = 22;
constexpr std::size_t locator_bytes = 20;
constexpr std::size_t end64_bytes = 56;
constexpr std::size_t entry_bytes = 46;
constexpr std::size_t max_comment_bytes = 0xFFFF;
constexpr std::uint16_t zip64_extra = 1;
constexpr std::uint64_t is_in_extra = 0xFFFF'FFFF;

constexpr std::string_view no_directory =
    "the zip is damaged or cut off: the directory at its end is missing; download it again";
constexpr std::string_view bad_directory =
    "the zip is damaged: its directory cannot be read; download it again";

/// Little endian.
std::uint64_t number_at(std::string_view bytes, std::size_t at, std::size_t width) {
  std::uint64_t value = 0;
  for (std::size_t i = width; i > 0; --i)
    value = value << 8U | static_cast<unsigned char>(bytes[at + i - 1]);
  return value;
}

std::uint16_t short_at(std::string_view bytes, std::size_t at) {
  return static_cast<std::uint16_t>(number_at(bytes, at, 2));
}

struct Directory {
  std::uint64_t offset = 0;
  std::uint64_t size = 0;
};

/// What the record at the end says, that of zip64 where it says so.
std::optional<Directory> find_directory(std::string_view tail, std::uint64_t tail_offset) {
  if (tail.size() < end_bytes) return {};
  const std::size_t last = tail.size() - end_bytes;
  const std::size_t end = tail.rfind("PK\5\6", last);
  if (end == std::string_view::npos || last - end > max_comment_bytes) return {};
  Directory directory{number_at(tail, end + 16, 4), number_at(tail, end + 12, 4)};
  if (directory.offset != is_in_extra && directory.size != is_in_extra &&
      short_at(tail, end + 10) != 0xFFFF)
    return directory;
  if (end < locator_bytes || tail.substr(end - locator_bytes, 4) != "PK\6\7") return directory;
  const std::uint64_t at = number_at(tail, end - locator_bytes + 8, 8);
  if (at < tail_offset || at - tail_offset > tail.size() ||
      tail.size() - (at - tail_offset) < end64_bytes)
    return {};
  const std::string_view record = tail.substr(static_cast<std::size_t>(at - tail_offset));
  if (!record.starts_with("PK\6\6")) return {};
  return Directory{number_at(record, 48, 8), number_at(record, 40, 8)};
}

/// Takes the values that did not fit out of the extra field, where they stand in this order.
void take_zip64(std::string_view extra, ZipEntry& entry) {
  while (extra.size() >= 4) {
    const std::uint16_t id = short_at(extra, 0);
    const std::size_t size = short_at(extra, 2);
    if (extra.size() - 4 < size) return;
    std::string_view values = extra.substr(4, size);
    extra.remove_prefix(4 + size);
    if (id != zip64_extra) continue;
    for (std::uint64_t* value :
         {&entry.unpacked_bytes, &entry.packed_bytes, &entry.header_offset}) {
      if (*value != is_in_extra || values.size() < 8) continue;
      *value = number_at(values, 0, 8);
      values.remove_prefix(8);
    }
    return;
  }
}

}  // namespace

std::size_t zip_local_header_size(std::string_view fixed) {
  if (fixed.size() < zip_local_header_bytes || !fixed.starts_with("PK\3\4")) return 0;
  return zip_local_header_bytes + short_at(fixed, 26) + short_at(fixed, 28);
}

std::string_view read_zip_directory(
    std::string_view tail, std::uint64_t tail_offset,
    const std::function<void(std::string_view name, const ZipEntry& entry)>& on_entry) {
  const auto directory = find_directory(tail, tail_offset);
  if (!directory) return no_directory;
  if (directory->offset < tail_offset &&
      directory->offset + directory->size <= tail_offset + tail.size())
    return "the directory of the zip is larger than 16 MiB: refused";
  if (directory->offset < tail_offset || directory->offset - tail_offset > tail.size() ||
      directory->size > tail.size() - (directory->offset - tail_offset))
    return bad_directory;
  std::string_view rest = tail.substr(static_cast<std::size_t>(directory->offset - tail_offset),
                                      static_cast<std::size_t>(directory->size));
  while (!rest.empty()) {
    if (rest.size() < entry_bytes || !rest.starts_with("PK\1\2")) return bad_directory;
    const std::size_t name_bytes = short_at(rest, 28);
    const std::size_t extra_bytes = short_at(rest, 30);
    const std::size_t all_bytes = entry_bytes + name_bytes + extra_bytes + short_at(rest, 32);
    if (all_bytes > rest.size()) return bad_directory;
    ZipEntry entry{number_at(rest, 20, 4), number_at(rest, 24, 4),
                   number_at(rest, 42, 4), static_cast<std::uint32_t>(number_at(rest, 16, 4)),
                   short_at(rest, 10),     (short_at(rest, 8) & 1) != 0};
    take_zip64(rest.substr(entry_bytes + name_bytes, extra_bytes), entry);
    on_entry(rest.substr(entry_bytes, name_bytes), entry);
    rest.remove_prefix(all_bytes);
  }
  return {};
}

}  // namespace linkferry::mastodon

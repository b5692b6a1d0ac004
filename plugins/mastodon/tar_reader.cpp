#include "mastodon/tar_reader.hpp"

#include <algorithm>
#include <charconv>
#include <optional>

namespace linkferry::mastodon {
namespace {

// Where the fields of a header block stand.
constexpr std::size_t name_at = 0;
constexpr std::size_t name_bytes = 100;
constexpr std::size_t size_at = 124;
constexpr std::size_t number_bytes = 12;
constexpr std::size_t checksum_at = 148;
constexpr std::size_t checksum_bytes = 8;
constexpr std::size_t type_at = 156;
constexpr std::size_t magic_at = 257;
constexpr std::size_t prefix_at = 345;
constexpr std::size_t prefix_bytes = 155;
constexpr std::uint64_t max_size = std::uint64_t{1} << 50;

std::string_view text_in(std::string_view field) { return field.substr(0, field.find('\0')); }

/// Octal digits between blanks and NULs; or base 256, marked by the first bit.
std::optional<std::uint64_t> number_in(std::string_view field) {
  std::uint64_t value = 0;
  if ((static_cast<unsigned char>(field.front()) & 0x80U) != 0) {
    for (std::size_t i = 1; i < field.size(); ++i) {
      if (value > max_size) return {};
      value = value << 8U | static_cast<unsigned char>(field[i]);
    }
    return value;
  }
  const std::size_t begin = field.find_first_not_of(' ');
  if (begin == std::string_view::npos) return 0;
  for (const char c : field.substr(begin)) {
    if (c == ' ' || c == '\0') break;
    if (c < '0' || c > '7') return {};
    value = value * 8 + static_cast<std::uint64_t>(c - '0');
  }
  return value;
}

bool is_all_zero(std::string_view block) {
  return block.find_first_not_of('\0') == std::string_view::npos;
}

/// Rationale: old programs summed up signed bytes; no name that matters here has any above 127.
bool is_checksum_right(std::string_view block) {
  std::uint64_t sum = 0;
  for (std::size_t i = 0; i < block.size(); ++i) {
    const bool is_checksum = i >= checksum_at && i < checksum_at + checksum_bytes;
    sum += is_checksum ? ' ' : static_cast<unsigned char>(block[i]);
  }
  return number_in(block.substr(checksum_at, checksum_bytes)) == sum;
}

std::string full_name(std::string_view block) {
  const std::string name(text_in(block.substr(name_at, name_bytes)));
  if (block.substr(magic_at, 6) != std::string_view("ustar\0", 6)) return name;
  const std::string_view prefix = text_in(block.substr(prefix_at, prefix_bytes));
  return prefix.empty() ? name : std::string(prefix) + "/" + name;
}

/// Types whose size, if there is one, is not that of a body.
bool has_no_body(char type) { return type >= '1' && type <= '6'; }

}  // namespace

void TarReader::feed(std::string_view bytes) {
  while (!bytes.empty() && part_ != Part::end) {
    if (part_ == Part::header) {
      const std::size_t count = std::min(bytes.size(), block_bytes - block_.size());
      block_.append(bytes.substr(0, count));
      bytes.remove_prefix(count);
      if (block_.size() == block_bytes) take_header();
      continue;
    }
    const auto count = static_cast<std::size_t>(std::min<std::uint64_t>(bytes.size(), remaining_));
    if (part_ == Part::body) take_body(bytes.substr(0, count));
    if (!problem_.empty()) return;
    bytes.remove_prefix(count);
    remaining_ -= count;
    if (remaining_ > 0) continue;
    if (part_ == Part::body) {
      end_body();
    } else {
      part_ = Part::header;
    }
  }
}

void TarReader::take_header() {
  const std::string block = std::move(block_);
  block_.clear();
  if (is_all_zero(block)) {
    part_ = Part::end;
    return;
  }
  if (!is_checksum_right(block))
    return fail("the tar archive is damaged: a header has a wrong sum");
  const auto size = number_in(std::string_view(block).substr(size_at, number_bytes));
  if (!size || *size > max_size) return fail("the tar archive is damaged: a size is no number");
  const char type = block[type_at];
  const bool is_extension = type == 'L' || type == 'K' || type == 'x' || type == 'g';
  remaining_ = has_no_body(type) ? 0 : *size;
  if (has_next_size_ && !is_extension) remaining_ = next_size_;
  padding_ = (block_bytes - remaining_ % block_bytes) % block_bytes;
  begin_body(type, next_name_.empty() ? full_name(block) : next_name_);
  if (!is_extension) {
    next_name_.clear();
    has_next_size_ = false;
  }
  part_ = Part::body;
  if (remaining_ == 0) end_body();
}

void TarReader::begin_body(char type, std::string_view name) {
  extension_type_ = type == 'L' || type == 'x' ? type : '\0';
  extension_.clear();
  const bool is_file = type == '0' || type == '\0' || type == '7';
  while (name.starts_with("./")) name.remove_prefix(2);
  is_wanted_ = is_file && events_.is_wanted(name);
}

void TarReader::take_body(std::string_view bytes) {
  if (is_wanted_) return events_.on_bytes(bytes);
  if (extension_type_ == 0) return;
  if (extension_.size() + bytes.size() > max_extension_bytes)
    return fail("the tar archive is damaged: a name is larger than 64 KiB");
  extension_.append(bytes);
}

void TarReader::end_body() {
  if (is_wanted_) events_.on_file_end();
  if (extension_type_ == 'L') next_name_ = text_in(extension_);
  if (extension_type_ == 'x') take_pax();
  if (!problem_.empty()) return;
  is_wanted_ = false;
  remaining_ = padding_;
  part_ = padding_ > 0 ? Part::padding : Part::header;
}

/// `27 path=a/long/name.json\n30 size=…\n`: the number is the length of its line.
void TarReader::take_pax() {
  std::string_view rest = extension_;
  while (!rest.empty()) {
    std::size_t length = 0;
    const auto [end, error] = std::from_chars(rest.data(), rest.data() + rest.size(), length);
    const auto digits = static_cast<std::size_t>(end - rest.data());
    if (error != std::errc{} || length <= digits + 1 || length > rest.size())
      return fail("the tar archive is damaged: an extended header cannot be read");
    std::string_view line = rest.substr(digits + 1, length - digits - 1);
    rest.remove_prefix(length);
    if (line.ends_with('\n')) line.remove_suffix(1);
    if (line.starts_with("path=")) next_name_ = line.substr(5);
    if (!line.starts_with("size=")) continue;
    line.remove_prefix(5);
    const auto size = std::from_chars(line.data(), line.data() + line.size(), next_size_);
    if (size.ec != std::errc{} || next_size_ > max_size)
      return fail("the tar archive is damaged: a size is no number");
    has_next_size_ = true;
  }
}

bool begins_as_tar(std::string_view head, std::string& name) {
  if (head.size() < TarReader::block_bytes) return false;
  const std::string_view block = head.substr(0, TarReader::block_bytes);
  if (is_all_zero(block) || !is_checksum_right(block)) return false;
  name = full_name(block);
  if (name.starts_with("./")) name.erase(0, 2);
  return true;
}

}  // namespace linkferry::mastodon

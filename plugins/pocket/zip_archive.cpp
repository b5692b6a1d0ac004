#include "pocket/zip_archive.hpp"

#include <Poco/Checksum.h>
#include <Poco/InflatingStream.h>
#include <Poco/MemoryStream.h>

#include <algorithm>
#include <istream>
#include <optional>

#include "linkferry/failure.hpp"

namespace linkferry::pocket {
namespace {

constexpr std::size_t directory_end_bytes = 22;
constexpr std::size_t directory_entry_bytes = 46;
constexpr std::size_t local_header_bytes = 30;
constexpr std::size_t max_comment_bytes = 0xFFFF;
constexpr std::uint16_t stored = 0;
constexpr std::uint16_t deflated = 8;
constexpr int raw_deflate = -15;  ///< zlib's window bits, negative for a stream without header

std::uint32_t number_at(std::string_view bytes, std::size_t at, int width) {
  std::uint32_t value = 0;
  for (int i = 0; i < width; ++i) {
    value |= std::uint32_t{static_cast<unsigned char>(bytes[at + static_cast<std::size_t>(i)])}
             << (8 * i);
  }
  return value;
}

std::uint16_t short_at(std::string_view bytes, std::size_t at) {
  return static_cast<std::uint16_t>(number_at(bytes, at, 2));
}

std::uint32_t long_at(std::string_view bytes, std::size_t at) { return number_at(bytes, at, 4); }

}  // namespace

/// Unpacks one member and checks size and checksum at its end.
class ZipArchive::MemberFile : public InputFile {
 public:
  MemberFile(ZipArchive& archive, const ZipMember& member)
      : archive_(archive), member_(member), name_(archive.name_ + ": " + member.name) {
    restart();
  }

  std::size_t read(std::span<char> buffer) override {
    if (is_done_ || buffer.empty()) return 0;
    stream_->read(buffer.data(), static_cast<std::streamsize>(buffer.size()));
    const auto count = static_cast<std::size_t>(stream_->gcount());
    checksum_.update(buffer.data(), static_cast<unsigned>(count));
    unpacked_ += count;
    archive_.unpacked_bytes_ += count;
    check_limits();
    if (count < buffer.size()) check_end();
    return count;
  }

  bool rewind() override {
    archive_.unpacked_bytes_ -= unpacked_;
    restart();
    return true;
  }

  std::uint64_t size_bytes() const override { return member_.unpacked_bytes; }
  const std::string& name() const override { return name_; }

 private:
  void restart() {
    const std::string_view packed = archive_.packed(member_);
    inflated_.reset();
    memory_ = std::make_unique<Poco::MemoryInputStream>(
        packed.data(), static_cast<std::streamsize>(packed.size()));
    if (member_.method == deflated) {
      inflated_ = std::make_unique<Poco::InflatingInputStream>(*memory_, raw_deflate);
    }
    stream_ = inflated_ ? static_cast<std::istream*>(inflated_.get()) : memory_.get();
    checksum_ = Poco::Checksum();
    unpacked_ = 0;
    is_done_ = false;
  }

  void check_limits() const {
    if (archive_.unpacked_bytes_ > max_unpacked_bytes) {
      archive_.fail("unpacks to more than 4 GiB: refused", member_.name);
    }
    if (unpacked_ > ratio_free_bytes && unpacked_ / max_ratio > member_.packed_bytes) {
      archive_.fail("unpacks to more than 200 times its size: refused", member_.name);
    }
  }

  void check_end() {
    is_done_ = true;
    if (unpacked_ != member_.unpacked_bytes || checksum_.checksum() != member_.crc) {
      archive_.fail("is damaged: its size or checksum is not what the zip says; export it again",
                    member_.name);
    }
  }

  ZipArchive& archive_;
  const ZipMember& member_;
  std::string name_;
  std::unique_ptr<Poco::MemoryInputStream> memory_;
  std::unique_ptr<Poco::InflatingInputStream> inflated_;
  std::istream* stream_ = nullptr;
  Poco::Checksum checksum_;
  std::uint64_t unpacked_ = 0;
  bool is_done_ = false;
};

ZipArchive::ZipArchive(std::string bytes, std::string name)
    : bytes_(std::move(bytes)), name_(std::move(name)) {
  read_directory();
}

std::unique_ptr<InputFile> ZipArchive::open(const ZipMember& member) {
  if (member.is_encrypted) fail("is encrypted", member.name);
  if (member.method != stored && member.method != deflated) {
    fail("is packed by a method other than deflate", member.name);
  }
  return std::make_unique<MemberFile>(*this, member);
}

std::string ZipArchive::read_all(const ZipMember& member, std::uint64_t limit_bytes) {
  const auto file = open(member);
  std::string content;
  std::size_t size = 0;
  for (;;) {
    content.resize(size + 64 * 1024);
    const std::size_t count = file->read({content.data() + size, content.size() - size});
    size += count;
    if (size > limit_bytes) fail("is larger than this reader takes", member.name);
    if (count == 0) break;
  }
  content.resize(size);
  return content;
}

/// Where the record at the end of the zip begins, which a comment may follow.
std::size_t ZipArchive::find_directory_end() const {
  if (bytes_.size() >= directory_end_bytes) {
    const std::size_t last = bytes_.size() - directory_end_bytes;
    const std::size_t first = last > max_comment_bytes ? last - max_comment_bytes : 0;
    const std::size_t found = bytes_.rfind("PK\5\6", last);
    if (found != std::string::npos && found >= first) return found;
  }
  fail("the zip is damaged or cut off: the directory at its end is missing; download it again");
}

void ZipArchive::read_directory() {
  const std::string_view bytes = bytes_;
  const std::size_t end = find_directory_end();
  const std::size_t count = short_at(bytes, end + 10);
  std::size_t at = long_at(bytes, end + 16);
  if (count == 0xFFFF || at == 0xFFFF'FFFF) fail("zip64 is not understood; pack the files again");
  if (count > max_members) fail("the zip has more than 10,000 members: refused");
  members_.reserve(count);
  for (std::size_t i = 0; i < count; ++i) {
    if (at > end || end - at < directory_entry_bytes || bytes.substr(at, 4) != "PK\1\2") {
      fail("the zip is damaged: its directory cannot be read; download it again");
    }
    const std::size_t name_bytes = short_at(bytes, at + 28);
    const std::size_t next = at + directory_entry_bytes + name_bytes + short_at(bytes, at + 30) +
                             short_at(bytes, at + 32);
    if (next > end) fail("the zip is damaged: its directory cannot be read; download it again");
    members_.push_back({std::string(bytes.substr(at + directory_entry_bytes, name_bytes)),
                        long_at(bytes, at + 20), long_at(bytes, at + 24), long_at(bytes, at + 42),
                        long_at(bytes, at + 16), short_at(bytes, at + 10),
                        (short_at(bytes, at + 8) & 1) != 0});
    at = next;
  }
}

std::string_view ZipArchive::packed(const ZipMember& member) const {
  const std::string_view bytes = bytes_;
  const std::uint64_t at = member.header_offset;
  if (at > bytes.size() || bytes.size() - at < local_header_bytes ||
      bytes.substr(at, 4) != "PK\3\4") {
    fail("is not where the zip's directory says; download it again", member.name);
  }
  const std::uint64_t begin =
      at + local_header_bytes + short_at(bytes, at + 26) + short_at(bytes, at + 28);
  if (begin > bytes.size() || bytes.size() - begin < member.packed_bytes) {
    fail("is cut off; download it again", member.name);
  }
  return bytes.substr(begin, member.packed_bytes);
}

void ZipArchive::fail(std::string_view what, std::string_view member) const {
  std::string message = name_ + ": ";
  if (!member.empty()) message.append(member).append(" ");
  throw Failure(FailureKind::configuration, message.append(what));
}

}  // namespace linkferry::pocket

#include "mastodon/zip_loader.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <vector>

#include "mastodon/inflater.hpp"
#include "mastodon/list_members.hpp"
#include "mastodon/zip_directory.hpp"

namespace linkferry::mastodon {
namespace {

constexpr std::size_t chunk_bytes = 16 * 1024;

/// The last bytes of what was put into it.
class Tail {
 public:
  static constexpr std::size_t max_bytes = 16 * 1024 * 1024;

  void append(std::string_view bytes) {
    if (bytes_.size() + bytes.size() > 2 * max_bytes) {
      const std::size_t dropped = bytes_.size() - max_bytes;
      bytes_.erase(0, dropped);
      offset_ += dropped;
    }
    bytes_.append(bytes);
  }

  std::string_view bytes() const { return bytes_; }
  std::uint64_t offset() const { return offset_; }

 private:
  std::string bytes_;
  std::uint64_t offset_ = 0;
};

struct WantedEntry {
  std::string name;
  ZipEntry entry;
};

/// Takes the bytes of one list out of those of a zip, from its header on.
class EntryReader {
 public:
  EntryReader(const WantedEntry& wanted, ListMembers& members)
      : wanted_(wanted), members_(members) {
    const ZipEntry& entry = wanted.entry;
    if (entry.is_encrypted) fail("is encrypted");
    if (entry.method != ZipEntry::stored && entry.method != ZipEntry::deflated)
      fail("is packed by a method other than deflate");
    if (entry.method == ZipEntry::deflated)
      inflater_ = std::make_unique<Inflater>(Inflater::Form::raw);
    remaining_ = entry.packed_bytes;
    members_.begin(wanted.name);
  }

  /// False when it has all it needs.
  bool feed(std::string_view bytes) {
    if (header_.size() < zip_local_header_bytes) {
      const std::size_t count = std::min(bytes.size(), zip_local_header_bytes - header_.size());
      header_.append(bytes.substr(0, count));
      bytes.remove_prefix(count);
      if (header_.size() < zip_local_header_bytes) return true;
      const std::size_t size = zip_local_header_size(header_);
      if (size == 0) fail("is not where the directory of the zip says; download it again");
      to_skip_ = size - zip_local_header_bytes;
    }
    const std::size_t skipped = std::min(bytes.size(), to_skip_);
    bytes.remove_prefix(skipped);
    to_skip_ -= skipped;
    const auto count = static_cast<std::size_t>(std::min<std::uint64_t>(bytes.size(), remaining_));
    take_packed(bytes.substr(0, count));
    remaining_ -= count;
    if (to_skip_ > 0 || remaining_ > 0) return true;
    end();
    return false;
  }

  [[noreturn]] void fail(std::string_view what) const {
    members_.fail(wanted_.name + " " + std::string(what));
  }

 private:
  void take_packed(std::string_view packed) {
    if (!inflater_) return take(packed);
    const auto state = inflater_->feed(packed, [this](std::string_view piece) { take(piece); });
    if (state == Inflater::State::damaged) fail("is damaged; download the archive again");
    if (state == Inflater::State::suspicious)
      fail("unpacks to more than 200 times its size: refused");
  }

  void take(std::string_view bytes) {
    crc_ = crc_32(crc_, bytes);
    unpacked_ += bytes.size();
    members_.feed(bytes);
  }

  void end() {
    if (crc_ != wanted_.entry.crc || unpacked_ != wanted_.entry.unpacked_bytes)
      fail("is damaged: its size or checksum is not what the zip says; download the archive again");
    members_.end();
  }

  const WantedEntry& wanted_;
  ListMembers& members_;
  std::unique_ptr<Inflater> inflater_;
  std::string header_;
  std::size_t to_skip_ = 0;
  std::uint64_t remaining_ = 0;
  std::uint64_t unpacked_ = 0;
  std::uint32_t crc_ = 0;
};

class ZipLoader final : public ArchiveLoader {
 public:
  ZipLoader(std::unique_ptr<InputFile> file, WantedLists wanted, ArchiveLists& lists)
      : file_(std::move(file)), members_(file_->name(), wanted, lists) {}

  bool step() override {
    if (!has_directory_) return walk_to_end();
    if (!reader_ && next_ == entries_.size()) {
      members_.finish();
      return false;
    }
    if (!reader_) begin_entry();
    if (!(is_in_tail_ ? read_tail() : read_file())) {
      reader_.reset();
      ++next_;
    }
    return true;
  }

  std::uint64_t bytes_read() const override { return bytes_read_; }

 private:
  bool walk_to_end() {
    const std::size_t count = file_->read(chunk_);
    bytes_read_ += count;
    tail_.append({chunk_.data(), count});
    if (count > 0) return true;
    const auto problem = read_zip_directory(tail_.bytes(), tail_.offset(),
                                            [this](std::string_view name, const ZipEntry& entry) {
                                              if (members_.is_wanted(name))
                                                entries_.push_back({std::string(name), entry});
                                            });
    if (!problem.empty()) members_.fail(problem);
    constexpr std::size_t max_entries = 100;
    if (entries_.size() > max_entries)
      members_.fail("the same list stands in it too often: refused");
    std::sort(entries_.begin(), entries_.end(), [](const WantedEntry& a, const WantedEntry& b) {
      return a.entry.header_offset < b.entry.header_offset;
    });
    has_directory_ = true;
    return true;
  }

  void begin_entry() {
    const WantedEntry& wanted = entries_[next_];
    reader_.emplace(wanted, members_);
    position_ = wanted.entry.header_offset;
    is_in_tail_ = position_ >= tail_.offset();
    if (is_in_tail_) return;
    if (!file_->rewind())
      members_.fail("it cannot be read from a pipe; save it to a file and name that");
    to_skip_ = position_;
  }

  bool read_tail() {
    const std::uint64_t at = position_ - tail_.offset();
    if (at >= tail_.bytes().size()) reader_->fail("is cut off; download the archive again");
    const std::string_view bytes = tail_.bytes().substr(static_cast<std::size_t>(at), chunk_bytes);
    position_ += bytes.size();
    return reader_->feed(bytes);
  }

  bool read_file() {
    const std::size_t count = file_->read(chunk_);
    if (count == 0) reader_->fail("is cut off; download the archive again");
    const auto skipped = static_cast<std::size_t>(std::min<std::uint64_t>(to_skip_, count));
    to_skip_ -= skipped;
    return skipped == count || reader_->feed({chunk_.data() + skipped, count - skipped});
  }

  std::unique_ptr<InputFile> file_;
  ListMembers members_;
  Tail tail_;
  std::vector<WantedEntry> entries_;
  std::optional<EntryReader> reader_;
  std::size_t next_ = 0;
  std::uint64_t position_ = 0;  ///< in the zip, of what is read from the tail
  std::uint64_t to_skip_ = 0;
  bool is_in_tail_ = false;
  bool has_directory_ = false;
  std::array<char, chunk_bytes> chunk_{};
  std::uint64_t bytes_read_ = 0;
};

}  // namespace

std::unique_ptr<ArchiveLoader> make_zip_loader(std::unique_ptr<InputFile> file, WantedLists wanted,
                                               ArchiveLists& lists) {
  return std::make_unique<ZipLoader>(std::move(file), wanted, lists);
}

}  // namespace linkferry::mastodon

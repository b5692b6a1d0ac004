#include "mastodon/archive_lists.hpp"

#include <array>

#include "common/html_text.hpp"
#include "mastodon/inflater.hpp"
#include "mastodon/list_members.hpp"
#include "mastodon/tar_reader.hpp"
#include "mastodon/zip_directory.hpp"
#include "mastodon/zip_loader.hpp"

namespace linkferry::mastodon {
namespace {

constexpr std::size_t chunk_bytes = 16 * 1024;
constexpr std::string_view gzip_magic = "\x1F\x8B";
constexpr std::string_view zip_magic = "PK\3\4";

Text without_mark_and_blanks(Text head) {
  if (head.starts_with("\xEF\xBB\xBF")) head.remove_prefix(3);
  return common::trimmed(head);
}

/// A tar archive, packed by gzip or not: one walk from the front.
class TarLoader final : public ArchiveLoader {
 public:
  TarLoader(std::unique_ptr<InputFile> file, bool is_packed, WantedLists wanted,
            ArchiveLists& lists)
      : file_(std::move(file)), members_(file_->name(), wanted, lists), tar_(events()) {
    if (is_packed) inflater_ = std::make_unique<Inflater>(Inflater::Form::gzip);
  }

  bool step() override {
    const std::size_t count = file_->read(chunk_);
    bytes_read_ += count;
    if (count == 0) return finish();
    feed({chunk_.data(), count});
    if (!tar_.problem().empty()) members_.fail(tar_.problem());
    return tar_.is_at_end() ? finish() : true;
  }

  std::uint64_t bytes_read() const override { return bytes_read_; }

 private:
  TarReader::Events events() {
    return {[this](std::string_view name) {
              if (!members_.is_wanted(name)) return false;
              members_.begin(name);
              return true;
            },
            [this](std::string_view bytes) { members_.feed(bytes); }, [this] { members_.end(); }};
  }

  void feed(std::string_view bytes) {
    if (!inflater_) return tar_.feed(bytes);
    const auto state = inflater_->feed(bytes, [this](std::string_view piece) { tar_.feed(piece); });
    if (state == Inflater::State::damaged) members_.fail("it is damaged; download it again");
    if (state == Inflater::State::suspicious)
      members_.fail("it unpacks to more than 200 times its size: refused");
    has_unpacked_all_ = state == Inflater::State::end;
  }

  bool finish() {
    const bool is_whole =
        tar_.is_at_end() || (tar_.is_between_files() && (!inflater_ || has_unpacked_all_));
    if (!is_whole) members_.cut_off();
    members_.finish();
    return false;
  }

  std::unique_ptr<InputFile> file_;
  ListMembers members_;
  TarReader tar_;
  std::unique_ptr<Inflater> inflater_;
  bool has_unpacked_all_ = false;
  std::array<char, chunk_bytes> chunk_{};
  std::uint64_t bytes_read_ = 0;
};

/// One list that was taken out of an archive.
class JsonLoader final : public ArchiveLoader {
 public:
  JsonLoader(std::unique_ptr<InputFile> file, ArchiveList list, ArchiveLists& lists)
      : file_(std::move(file)), members_(file_->name(), {}, lists) {
    const std::string_view member =
        list == ArchiveList::bookmarks ? "bookmarks.json" : "likes.json";
    members_.begin(member);
  }

  bool step() override {
    const std::size_t count = file_->read(chunk_);
    bytes_read_ += count;
    if (count > 0) {
      members_.feed({chunk_.data(), count});
      return true;
    }
    if (members_.is_complete()) {
      members_.end();
    } else {
      members_.cut_off();
    }
    return false;
  }

  std::uint64_t bytes_read() const override { return bytes_read_; }

 private:
  std::unique_ptr<InputFile> file_;
  ListMembers members_;
  std::array<char, chunk_bytes> chunk_{};
  std::uint64_t bytes_read_ = 0;
};

/// Whether a file of this name stands at the top of an account archive.
bool is_archive_name(std::string_view name) {
  if (list_of(name) || name == "actor.json" || name == "outbox.json") return true;
  return name.starts_with("media_attachments/files/");
}

/// The name of the first file in a zip.
std::string_view first_zip_name(std::string_view head) {
  constexpr std::size_t name_size_at = 26;
  if (head.size() < zip_local_header_bytes) return {};
  const auto low = static_cast<unsigned char>(head[name_size_at]);
  const auto high = static_cast<unsigned char>(head[name_size_at + 1]);
  return head.substr(zip_local_header_bytes, low + 256U * high);
}

/// The name of the first file in a packed tar archive.
std::string first_tar_name(std::string_view head) {
  std::string block;
  Inflater inflater(Inflater::Form::gzip);
  for (std::size_t at = 0; at < head.size() && block.size() < TarReader::block_bytes; at += 256) {
    const auto state = inflater.feed(head.substr(at, 256), [&](std::string_view piece) {
      block.append(piece.substr(0, TarReader::block_bytes));
    });
    if (state != Inflater::State::more) break;
  }
  std::string name;
  return begins_as_tar(block, name) ? name : std::string();
}

bool contains(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

/// The list that a JSON document is, by the first bytes of it.
std::optional<ArchiveList> list_in_json(std::string_view head) {
  const Text text = without_mark_and_blanks(head).substr(0, 1000);
  if (!text.starts_with('{') || !contains(text, "\"OrderedCollection\"")) return {};
  if (contains(text, "\"bookmarks.json\"")) return ArchiveList::bookmarks;
  if (contains(text, "\"likes.json\"")) return ArchiveList::favourites;
  return {};
}

}  // namespace

ArchiveForm archive_form_of(std::string_view head) {
  if (head.starts_with(zip_magic)) return ArchiveForm::zip;
  if (head.starts_with(gzip_magic)) return ArchiveForm::tar_gz;
  std::string name;
  if (begins_as_tar(head, name)) return ArchiveForm::tar;
  return list_in_json(head) ? ArchiveForm::json : ArchiveForm::unknown;
}

int recognize_archive(std::string_view head, bool is_whole) {
  constexpr int certain = 95;
  constexpr int likely = 80;
  std::string name;
  switch (archive_form_of(head)) {
    case ArchiveForm::zip:
      if (is_archive_name(first_zip_name(head))) return certain;
      return is_whole && contains(head, "bookmarks.json") && contains(head, "outbox.json") ? likely
                                                                                           : 0;
    case ArchiveForm::tar_gz:
      return is_archive_name(first_tar_name(head)) ? certain : 0;
    case ArchiveForm::tar:
      return begins_as_tar(head, name) && is_archive_name(name) ? certain : 0;
    case ArchiveForm::json:
      return certain;
    case ArchiveForm::unknown:
      break;
  }
  return 0;
}

std::unique_ptr<ArchiveLoader> make_archive_loader(std::unique_ptr<InputFile> file,
                                                   std::string_view head, WantedLists wanted,
                                                   ArchiveLists& lists) {
  switch (archive_form_of(head)) {
    case ArchiveForm::zip:
      return make_zip_loader(std::move(file), wanted, lists);
    case ArchiveForm::tar_gz:
      return std::make_unique<TarLoader>(std::move(file), true, wanted, lists);
    case ArchiveForm::tar:
      return std::make_unique<TarLoader>(std::move(file), false, wanted, lists);
    case ArchiveForm::json:
      return std::make_unique<JsonLoader>(std::move(file), *list_in_json(head), lists);
    case ArchiveForm::unknown:
      break;
  }
  return nullptr;
}

}  // namespace linkferry::mastodon

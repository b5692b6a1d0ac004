#include "pipeline/prepare.hpp"

#include <algorithm>
#include <cstring>
#include <utility>

#include "text/repair.hpp"

namespace linkferry {
namespace {

constexpr std::size_t max_url_bytes = 64 * 1024;

/// Clean texts, which nearly all are, have no control characters but tab, LF and DEL.
bool has_control_character(Text url, bool is_clean) {
  if (is_clean || is_clean_text(url)) return std::memchr(url.data(), 0x7F, url.size()) != nullptr;
  return std::ranges::any_of(url, [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return (byte < 0x20 && c != '\t' && c != '\n' && c != '\r') || byte == 0x7F;
  });
}

/// Repairs the texts of one record. A list is copied when one of its texts changes, since other
/// records may share it.
class Repairer {
 public:
  explicit Repairer(Arena& arena) : arena_(arena) {}

  void operator()(Text& text) {
    if (!text.empty()) text = repair_text(text, arena_, changed_);
  }
  void operator()(std::span<const Text>& texts) {
    if (std::ranges::all_of(texts, is_clean_text)) return;
    each(texts, [](Text& text, Repairer& repair) { repair(text); });
  }
  /// `visit(item, repairer)` names the texts of one item.
  template <class T, class Visit>
  void each(std::span<const T>& list, Visit visit) {
    if (list.empty()) return;
    const std::span<T> repaired = arena_.make_array<T>(list.size());
    std::ranges::copy(list, repaired.begin());
    const bool changed_before = std::exchange(changed_, false);
    for (T& item : repaired) visit(item, *this);
    if (changed_) list = repaired;
    changed_ = changed_ || changed_before;
  }
  bool has_changed() const { return changed_; }

 private:
  Arena& arena_;
  bool changed_ = false;
};

void repair_attribute(Attribute& attribute, Repairer& repair) {
  repair(attribute.name);
  repair(attribute.value);
}

void repair_post(const Post*& post, Repairer& repair, Arena& arena) {
  Post& copy = arena.make_array<Post>(1)[0];
  copy = *post;
  for (Text* text : {&copy.uri, &copy.author, &copy.author_url, &copy.html, &copy.content_warning,
                     &copy.visibility})
    repair(*text);
  post = &copy;
}

void repair_folder(Folder& folder, Arena& arena) {
  Repairer repair(arena);
  repair(folder.path);
  repair(folder.title);
  repair(folder.description);
  repair.each(folder.extra, repair_attribute);
}

}  // namespace

void TextRepair::operator()(Bookmark& b) {
  if (batch_.are_texts_clean) return;
  Repairer repair(batch_.arena);
  for (Text* text :
       {&b.title, &b.description, &b.notes, &b.language, &b.icon, &b.cover_url, &b.keyword})
    repair(*text);
  repair(b.tags);
  if (!are_clean(b.folders))
    repair.each(b.folders, [](FolderPath& path, Repairer& repair_path) { repair_path(path); });
  repair.each(b.extra, repair_attribute);
  repair.each(b.highlights,
              [](Highlight& h, Repairer& text) { text(h.text), text(h.note), text(h.color); });
  repair.each(b.media, [](Media& m, Repairer& text) {
    text(m.url), text(m.kind), text(m.description), text(m.name);
  });
  if (b.post != nullptr) repair_post(b.post, repair, batch_.arena);
  if (repair.has_changed()) {
    batch_.notices.push_back(
        {"control characters were removed, or bytes that are no UTF-8 replaced by U+FFFD", b.line});
  }
}

/// Records that follow each other mostly share their folder, which then is looked at once.
bool TextRepair::are_clean(std::span<const FolderPath> folders) {
  for (const FolderPath path : folders) {
    if (path.data() == clean_path_.data() && path.size() == clean_path_.size()) continue;
    if (!std::ranges::all_of(path, is_clean_text)) return false;
    clean_path_ = path;
  }
  return true;
}

Text reason_to_refuse(const Bookmark& b, bool is_clean) {
  const bool may_lack_url = b.kind == Kind::note || b.kind == Kind::code;
  if (is_absent(b.url)) return may_lack_url ? Text{} : "it has no URL";
  if (b.url.empty()) return may_lack_url ? Text{} : "its URL is empty";
  if (b.url.size() > max_url_bytes) return "its URL is longer than 64 KiB";
  if (has_control_character(b.url, is_clean)) return "its URL has control characters in it";
  return {};
}

Preparer::Preparer(const Job& job) : folders_(job.folders), tags_(job.tags), filter_(job.filter) {}

void Preparer::prepare(PreparedBatch& prepared) const {
  Batch& batch = prepared.batch;
  const std::size_t count = batch.bookmarks.size();
  prepared.verdicts.assign(count, {});
  TextRepair repair(batch);
  TextRepair* const completes = batch.are_texts_clean && is_plain() ? nullptr : &repair;
  if (completes != nullptr || expects_refusals_) {
    for (std::size_t i = 0; i < count; ++i)
      judge(batch.bookmarks[i], batch, prepared.verdicts[i], completes);
  }
  map_folders(batch);
}

void Preparer::prepare_identity(PreparedBatch& prepared) const {
  Batch& batch = prepared.batch;
  const std::size_t count = batch.bookmarks.size();
  prepared.verdicts.assign(count, {});
  TextRepair repair(batch);
  TextRepair* const completes = filter_.is_empty() ? nullptr : &repair;
  for (std::size_t i = 0; i < count; ++i)
    judge(batch.bookmarks[i], batch, prepared.verdicts[i], completes);
}

void Preparer::complete(Bookmark& bookmark, Batch& batch) const {
  if (!filter_.is_empty()) return;
  TextRepair repair(batch);
  repair(bookmark);
  map(bookmark, batch.arena);
}

void Preparer::judge(Bookmark& bookmark, Batch& batch, Verdict& verdict, TextRepair* repair) const {
  if (const Text refused = reason_to_refuse(bookmark, batch.are_texts_clean); is_present(refused)) {
    verdict = {Verdict::Kind::skipped, refused};
    return;
  }
  if (repair == nullptr) return;
  (*repair)(bookmark);
  map(bookmark, batch.arena);
  if (const Text left_out = filter_.reason_to_leave_out(bookmark); is_present(left_out)) {
    verdict = {Verdict::Kind::filtered, left_out};
  }
}

void Preparer::map(Bookmark& bookmark, Arena& arena) const {
  bookmark.folders = folders_.map(bookmark.folders, arena);
  bookmark.tags = tags_.map(bookmark.tags, bookmark.folders, arena);
}

/// The record of a dropped folder goes with it.
void Preparer::map_folders(Batch& batch) const {
  for (PlacedFolder& placed : batch.folders) repair_folder(placed.folder, batch.arena);
  if (folders_.is_identity()) return;
  std::erase_if(batch.folders, [&](const PlacedFolder& placed) {
    return placed.folder.type == Folder::Type::folder && folders_.is_dropped(placed.folder.path);
  });
  for (PlacedFolder& placed : batch.folders)
    placed.folder.path = folders_.map(placed.folder.path, batch.arena);
}

}  // namespace linkferry

#include "pipeline/prepare.hpp"

#include <algorithm>

#include "text/repair.hpp"

namespace linkferry {
namespace {

constexpr std::size_t max_url_bytes = 64 * 1024;

bool has_control_character(Text url) {
  return std::ranges::any_of(url, [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return (byte < 0x20 && c != '\t' && c != '\n' && c != '\r') || byte == 0x7F;
  });
}

class Repairer {
 public:
  explicit Repairer(Arena& arena) : arena_(arena) {}

  void operator()(Text& text) {
    if (!text.empty()) text = repair_text(text, arena_, changed_);
  }
  /// A list is copied when one of its texts changes, since other records may share it.
  void operator()(std::span<const Text>& texts) {
    if (std::ranges::all_of(texts, is_clean_text)) return;
    const std::span<Text> repaired = arena_.make_array<Text>(texts.size());
    std::ranges::copy(texts, repaired.begin());
    for (Text& text : repaired) (*this)(text);
    texts = repaired;
  }
  void operator()(std::span<const FolderPath>& paths) {
    const bool is_clean = std::ranges::all_of(paths, [](FolderPath path) { return std::ranges::all_of(path, is_clean_text); });
    if (is_clean) return;
    const std::span<FolderPath> repaired = arena_.make_array<FolderPath>(paths.size());
    std::ranges::copy(paths, repaired.begin());
    for (FolderPath& path : repaired) (*this)(path);
    paths = repaired;
  }
  /// For lists of structs: `visit(item, repair)` names the texts of one.
  template <class T, class Visit>
  void each(std::span<const T>& list, Visit visit) {
    if (list.empty()) return;
    const std::span<T> repaired = arena_.make_array<T>(list.size());
    std::ranges::copy(list, repaired.begin());
    bool changed_before = changed_;
    changed_ = false;
    for (T& item : repaired) visit(item, *this);
    if (changed_) list = repaired;
    changed_ = changed_ || changed_before;
  }
  bool has_changed() const { return changed_; }

 private:
  Arena& arena_;
  bool changed_ = false;
};

void repair_post(const Post*& post, Repairer& fix, Arena& arena) {
  if (post == nullptr) return;
  Post& copy = arena.make_array<Post>(1)[0];
  copy = *post;
  for (Text* text : {&copy.uri, &copy.author, &copy.author_url, &copy.html, &copy.content_warning, &copy.visibility}) fix(*text);
  post = &copy;
}

void repair_folder(Folder& folder, Batch& batch) {
  Repairer fix(batch.arena);
  fix(folder.path);
  fix(folder.title);
  fix(folder.description);
  fix.each(folder.extra, [](Attribute& a, Repairer& repair_text_of) { repair_text_of(a.name), repair_text_of(a.value); });
}

}  // namespace

Text reason_to_refuse(const Bookmark& b) {
  const bool may_lack_url = b.kind == Kind::note || b.kind == Kind::code;
  if (is_absent(b.url)) return may_lack_url ? Text{} : "it has no URL";
  if (b.url.empty()) return may_lack_url ? Text{} : "its URL is empty";
  if (b.url.size() > max_url_bytes) return "its URL is longer than 64 KiB";
  if (has_control_character(b.url)) return "its URL has control characters in it";
  return {};
}

void repair(Bookmark& b, Batch& batch) {
  Repairer fix(batch.arena);
  for (Text* text : {&b.title, &b.description, &b.notes, &b.language, &b.icon, &b.cover_url, &b.keyword}) fix(*text);
  fix(b.tags);
  fix(b.folders);
  fix.each(b.extra, [](Attribute& a, Repairer& text) { text(a.name), text(a.value); });
  fix.each(b.highlights, [](Highlight& h, Repairer& text) { text(h.text), text(h.note), text(h.color); });
  fix.each(b.media, [](Media& m, Repairer& text) { text(m.url), text(m.kind), text(m.description), text(m.name); });
  repair_post(b.post, fix, batch.arena);
  if (fix.has_changed()) {
    batch.notices.push_back({"control characters were removed, or bytes that are no UTF-8 replaced by U+FFFD", b.line});
  }
}

Preparer::Preparer(const Job& job) : folders_(job.folders), tags_(job.tags), filter_(job.filter) {}

void Preparer::prepare(PreparedBatch& prepared) const {
  Batch& batch = prepared.batch;
  prepared.verdicts.assign(batch.bookmarks.size(), {});
  for (std::size_t i = 0; i < batch.bookmarks.size(); ++i) judge(batch.bookmarks[i], batch, prepared.verdicts[i], true);
  map_folders(batch);
}

void Preparer::prepare_identity(PreparedBatch& prepared) const {
  Batch& batch = prepared.batch;
  prepared.verdicts.assign(batch.bookmarks.size(), {});
  for (std::size_t i = 0; i < batch.bookmarks.size(); ++i) {
    judge(batch.bookmarks[i], batch, prepared.verdicts[i], !filter_.is_empty());
  }
}

void Preparer::complete(Bookmark& bookmark, Batch& batch) const {
  if (!filter_.is_empty()) return;
  repair(bookmark, batch);
  map(bookmark, batch.arena);
}

void Preparer::judge(Bookmark& bookmark, Batch& batch, Verdict& verdict, bool is_complete) const {
  if (const Text refused = reason_to_refuse(bookmark); is_present(refused)) {
    verdict = {Verdict::Kind::skipped, refused};
    return;
  }
  if (!is_complete) return;
  repair(bookmark, batch);
  map(bookmark, batch.arena);
  if (const Text left_out = filter_.reason_to_leave_out(bookmark); is_present(left_out)) {
    verdict = {Verdict::Kind::filtered, left_out};
  }
}

void Preparer::map(Bookmark& bookmark, Arena& arena) const {
  bookmark.folders = folders_.map(bookmark.folders, arena);
  bookmark.tags = tags_.map(bookmark.tags, bookmark.folders, arena);
}

/// Folder records of a dropped folder go with it. With a filter they all stay behind: which of them are still wanted
/// would show only at the end, and the folders that are needed are made by the bookmarks in them.
void Preparer::map_folders(Batch& batch) const {
  if (!filter_.is_empty()) {
    if (!batch.folders.empty()) {
      batch.notices.push_back({"empty folders, folder dates and separators stay behind when a job has a filter", batch.folders.front().folder.line});
    }
    batch.folders.clear();
    return;
  }
  for (PlacedFolder& placed : batch.folders) repair_folder(placed.folder, batch);
  if (folders_.is_identity()) return;
  std::erase_if(batch.folders, [&](const PlacedFolder& placed) {
    return placed.folder.type == Folder::Type::folder && folders_.is_dropped(placed.folder.path);
  });
  for (PlacedFolder& placed : batch.folders) placed.folder.path = folders_.map(placed.folder.path, batch.arena);
}

}  // namespace linkferry

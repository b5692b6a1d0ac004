#pragma once

#include <algorithm>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "host/sink_proxy.hpp"
#include "linkferry/failure.hpp"
#include "pipeline/record_codec.hpp"
#include "pipeline/run.hpp"
#include "support/bookmarks.hpp"

namespace linkferry::test {

/// A source over bookmarks that somebody else keeps.
class ListSource final : public Source {
 public:
  struct Behaviour {
    std::size_t batch_size = 2;
    bool can_rewind = true;
    bool can_skim = false;
    bool is_cut_off = false;
    std::size_t rejections = 0;                 ///< entries at the end that cannot be read
    std::map<std::string, Absence> absences{};  ///< by id: why it is not listed
  };

  ListSource(std::vector<Bookmark> bookmarks, std::vector<PlacedFolder> folders,
             Behaviour behaviour)
      : bookmarks_(std::move(bookmarks)),
        folders_(std::move(folders)),
        behaviour_(std::move(behaviour)) {}

  ReadResult read(Batch& batch, std::size_t limit, std::stop_token) override {
    const std::size_t end =
        std::min({bookmarks_.size(), next_ + behaviour_.batch_size, next_ + limit});
    for (const PlacedFolder& placed : folders_) {
      const bool is_last = end == bookmarks_.size() && placed.before == end;
      if (placed.before >= next_ && (placed.before < end || is_last))
        batch.folders.push_back({placed.folder, placed.before - next_});
    }
    for (; next_ < end; ++next_) put(batch, bookmarks_[next_]);
    if (next_ < bookmarks_.size()) return ReadResult::more;
    for (std::size_t i = 0; i < behaviour_.rejections; ++i)
      batch.rejections.push_back({"it cannot be read", "…", 7 + i, batch.bookmarks.size()});
    if (behaviour_.is_cut_off) batch.notices.push_back({"the file ends inside a tag", 9});
    return behaviour_.is_cut_off ? ReadResult::incomplete : ReadResult::end;
  }
  bool rewind() override {
    if (!behaviour_.can_rewind) return false;
    next_ = 0;
    is_skimming_ = false;
    return true;
  }
  bool skim() override {
    if (!behaviour_.can_skim || !rewind()) return false;
    is_skimming_ = true;
    return true;
  }
  void look_up(std::span<const Text> ids, std::span<Absence> absences,
               std::stop_token /*stop*/) override {
    for (std::size_t i = 0; i < ids.size(); ++i) {
      const auto known = behaviour_.absences.find(std::string(ids[i]));
      if (known != behaviour_.absences.end()) absences[i] = known->second;
    }
  }
  /// The rest is the number of the bookmark.
  void complete(Bookmark& bookmark, Text rest, Arena& arena) const override {
    bookmark = bookmarks_.at(std::stoul(std::string(rest)));
    bookmark.title = arena.copy(bookmark.title);
  }

 private:
  void put(Batch& batch, const Bookmark& bookmark) {
    batch.bookmarks.push_back(bookmark);
    if (!is_skimming_) return;
    batch.rests.push_back(batch.arena.copy(std::to_string(next_)));
    Bookmark& skimmed = batch.bookmarks.back();
    skimmed = {};
    skimmed.url = bookmark.url;
    skimmed.kind = bookmark.kind;
    skimmed.line = bookmark.line;
  }

  std::vector<Bookmark> bookmarks_;
  std::vector<PlacedFolder> folders_;
  Behaviour behaviour_;
  std::size_t next_ = 0;
  bool is_skimming_ = false;
};

/// What a sink in these tests holds; it outlives the runs.
struct ListStore {
  SinkKind kind = SinkKind::staged;
  std::vector<Bookmark> bookmarks;
  std::vector<PlacedFolder> folders;
  BookmarkMaker make;  ///< owns their texts
  bool has_folders = true;
  bool fills_flags = false;  ///< unread is no where it is not known
  bool has_notes = false;
  std::function<void(Bookmark&, Arena&)> spells;  ///< what else it does to what it holds; stable
  std::function<Text(Text, Arena&)> unique_key;
  std::string refuses;  ///< a URL
  std::string rejects;  ///< a URL, at the write
  int writes = 0;       ///< changes other than `keep`
  int commits = 0;
  int last_id = 0;
  ListSource::Behaviour existing;
};

class ListSink final : public SinkView, public SinkWriter {
 public:
  explicit ListSink(ListStore& store) : store_(store) {}

  SinkKind kind() const override { return store_.kind; }
  Representation represent(const Bookmark& bookmark, Arena& arena) const override {
    static constexpr Loss no_notes{Field::notes, LossKind::dropped, "a list has no notes"};
    if (!store_.refuses.empty() && bookmark.url == store_.refuses)
      return {bookmark, {}, "the list does not like it"};
    Representation held{bookmark, {}, {}};
    if (store_.fills_flags && bookmark.unread == Flag::unknown) held.bookmark.unread = Flag::no;
    held.bookmark.line = 0;
    if (store_.spells) store_.spells(held.bookmark, arena);
    if (is_present(bookmark.notes) && !store_.has_notes) {
      held.bookmark.notes = {};
      held.losses = arena.copy(std::span<const Loss>(&no_notes, 1));
    }
    if (!store_.has_folders) held.bookmark.folders = {};
    return held;
  }
  FolderRepresentation represent_folder(const Folder& folder, Arena&) const override {
    return {folder, store_.has_folders, {}};
  }
  Text unique_key(Text url, Arena& arena) const override {
    return store_.unique_key ? store_.unique_key(url, arena) : Text{};
  }
  std::vector<std::string> describe(std::stop_token /*stop*/) override { return {}; }
  std::unique_ptr<Source> existing() override {
    if (store_.bookmarks.empty() && store_.folders.empty()) return nullptr;
    for (Bookmark& bookmark : store_.bookmarks) {
      if (bookmark.origin == nullptr) bookmark.origin = new_origin();
    }
    return std::make_unique<ListSource>(store_.bookmarks, store_.folders, store_.existing);
  }
  void write(std::span<const Change> changes, std::span<Outcome> outcomes,
             std::stop_token) override {
    for (std::size_t i = 0; i < changes.size(); ++i) write(changes[i], outcomes[i]);
  }
  void commit() override {
    ++store_.commits;
    store_.bookmarks = staged_;
    store_.folders = staged_folders_;
  }

 private:
  void write(const Change& change, Outcome& outcome) {
    if (change.action != Action::keep) ++store_.writes;
    if (change.folder != nullptr) {
      auto& folders = store_.kind == SinkKind::staged ? staged_folders_ : store_.folders;
      Folder copy = *change.folder;
      copy.path = deep(copy.path);
      folders.push_back(
          {copy, (store_.kind == SinkKind::staged ? staged_ : store_.bookmarks).size()});
      return;
    }
    if (!store_.rejects.empty() && change.bookmark->url == store_.rejects) {
      outcome = {Result::rejected, {}, "the list rejects it"};
      return;
    }
    if (change.action == Action::remove) return remove(change, outcome);
    const Bookmark copy = deep(*change.bookmark);
    if (store_.kind == SinkKind::staged) {
      staged_.push_back(copy);
    } else if (change.action == Action::update) {
      Bookmark& updated = *find(change.id);
      const Origin* const origin = updated.origin;
      updated = copy;
      updated.origin = origin;
    } else {
      store_.bookmarks.push_back(copy);
      store_.bookmarks.back().origin = new_origin();
      outcome.id = store_.bookmarks.back().origin->id;
    }
  }
  /// What a staged sink is not given again is gone.
  void remove(const Change& change, Outcome& outcome) {
    if (store_.kind == SinkKind::staged) return;
    const auto found = find(change.id);
    if (found == store_.bookmarks.end()) {
      outcome.result = Result::already_so;
    } else {
      store_.bookmarks.erase(found);
    }
  }
  std::vector<Bookmark>::iterator find(Text id) {
    return std::ranges::find_if(store_.bookmarks, [&](const Bookmark& bookmark) {
      return bookmark.origin != nullptr && bookmark.origin->id == id;
    });
  }
  const Origin* new_origin() {
    Origin& origin = store_.make.arena().make_array<Origin>(1)[0];
    origin.id = store_.make.arena().copy(std::to_string(++store_.last_id));
    return &origin;
  }
  FolderPath deep(FolderPath path) {
    std::vector<Text> names;
    for (const Text name : path) names.push_back(store_.make.arena().copy(name));
    return store_.make.arena().copy(std::span<const Text>(names));
  }
  Bookmark deep(const Bookmark& bookmark) {
    Bookmark copy = deep_copy(bookmark, store_.make.arena());
    copy.origin = nullptr;
    return copy;
  }

  ListStore& store_;
  std::vector<Bookmark> staged_;
  std::vector<PlacedFolder> staged_folders_;
};

inline OpenSink open_list(ListStore& store, bool may_write = true) {
  struct View final : SinkView {
    std::shared_ptr<ListSink> sink;
    SinkKind kind() const override { return sink->kind(); }
    Representation represent(const Bookmark& b, Arena& a) const override {
      return sink->represent(b, a);
    }
    FolderRepresentation represent_folder(const Folder& f, Arena& a) const override {
      return sink->represent_folder(f, a);
    }
    Text unique_key(Text url, Arena& a) const override { return sink->unique_key(url, a); }
    std::vector<std::string> describe(std::stop_token /*stop*/) override { return {}; }
    std::unique_ptr<Source> existing() override { return sink->existing(); }
  };
  struct Writer final : SinkWriter {
    std::shared_ptr<ListSink> sink;
    void write(std::span<const Change> c, std::span<Outcome> o, std::stop_token s) override {
      sink->write(c, o, s);
    }
    void commit() override { sink->commit(); }
  };
  const auto sink = std::make_shared<ListSink>(store);
  auto view = std::make_unique<View>();
  view->sink = sink;
  OpenSink open{std::move(view), nullptr};
  if (may_write) {
    auto writer = std::make_unique<Writer>();
    writer->sink = sink;
    open.writer = std::move(writer);
  }
  return open;
}

}  // namespace linkferry::test

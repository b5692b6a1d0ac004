#include "model_endpoints.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "linkferry/failure.hpp"

namespace linkferry::test {
namespace {

class ModelSource final : public Source {
 public:
  ModelSource(std::vector<ModelBookmark> list, ListFault fault, bool has_ids)
      : list_(std::move(list)), fault_(fault), has_ids_(has_ids) {}

  ReadResult read(Batch& batch, std::size_t limit, std::stop_token) override {
    const std::size_t end = std::min({list_.size(), next_ + limit, next_ + 4});
    for (; next_ < end; ++next_) put(batch, list_[next_]);
    if (next_ < list_.size()) return ReadResult::more;
    for (std::size_t i = 0; i < fault_.unreadable; ++i)
      batch.rejections.push_back({"it cannot be read", "…", 7 + i, batch.bookmarks.size()});
    if (!fault_.is_cut_off) return ReadResult::end;
    batch.notices.push_back({"the list is cut off", 9});
    return ReadResult::incomplete;
  }
  bool rewind() override {
    next_ = 0;
    return true;
  }

 private:
  void put(Batch& batch, const ModelBookmark& given) const {
    Arena& arena = batch.arena;
    Bookmark bookmark;
    bookmark.url = arena.copy(std::string_view(given.url));
    bookmark.title = arena.copy(std::string_view(given.title));
    const std::span<Text> tags = arena.make_array<Text>(given.tags.size());
    for (std::size_t i = 0; i < tags.size(); ++i)
      tags[i] = arena.copy(std::string_view(given.tags[i]));
    bookmark.tags = tags;
    bookmark.archived = to_flag(given.is_archived);
    if (has_ids_) {
      Origin& origin = arena.make_array<Origin>(1)[0];
      origin.id = arena.copy(std::to_string(given.id));
      bookmark.origin = &origin;
    }
    batch.bookmarks.push_back(bookmark);
  }

  std::vector<ModelBookmark> list_;
  ListFault fault_;
  bool has_ids_;
  std::size_t next_ = 0;
};

class ModelSink final {
 public:
  explicit ModelSink(ModelSinkStore& store) : store_(store) {}

  SinkKind kind() const { return store_.kind; }
  Representation represent(const Bookmark& given, Arena& arena) const {
    Bookmark held;
    held.url = given.url;
    held.title = given.title.substr(0, store_.max_title != 0 ? store_.max_title : Text::npos);
    held.archived = to_flag(store_.has_archive && given.archived == Flag::yes);
    if (!store_.has_tags) return {held, {}, {}};
    std::vector<Text> tags;
    for (const Text tag : given.tags) {
      std::string name(tag);
      if (store_.lowers_tags)
        std::ranges::transform(name, name.begin(), [](unsigned char c) { return std::tolower(c); });
      const Text kept = arena.copy(std::string_view(name));
      if (std::ranges::find(tags, kept) == tags.end()) tags.push_back(kept);
    }
    held.tags = arena.copy(std::span<const Text>(tags));
    return {held, {}, {}};
  }
  Text unique_key(Text url, Arena& arena) const {
    if (!store_.folds_path) return {};
    std::string key = model_name_in(std::string(url));
    std::ranges::transform(key, key.begin(), [](unsigned char c) { return std::tolower(c); });
    return arena.copy(std::string_view(key));
  }
  std::unique_ptr<Source> existing() const {
    if (store_.kind == SinkKind::staged && store_.held.empty()) return nullptr;
    return make_model_source(store_.held, store_.list_fault, store_.kind == SinkKind::live);
  }
  void write(std::span<const Change> changes, std::span<Outcome> outcomes) {
    for (std::size_t i = 0; i < changes.size(); ++i) {
      using Kind = WriteFault::Kind;
      const bool is_real = changes[i].action != Action::keep;
      const Kind fault = is_real && store_.changes++ == store_.write_fault.at
                             ? store_.write_fault.kind
                             : Kind::none;
      if (fault == Kind::thrown_before) throw Failure(FailureKind::temporary, "it went away");
      if (fault == Kind::rejected || fault == Kind::failed) {
        outcomes[i] = {
            fault == Kind::failed ? Result::failed : Result::rejected, {}, "it is not taken"};
        keep_what_was_there(changes[i]);
        continue;
      }
      outcomes[i] = carry_out(changes[i]);
      if (fault == Kind::thrown_after) throw Failure(FailureKind::temporary, "it went away");
      if (fault == Kind::failed_but_done && store_.kind == SinkKind::live)
        outcomes[i] = {Result::failed, {}, "its answer was lost"};
    }
  }
  void commit() { store_.held = staged_; }

 private:
  /// A staged sink that does not take a change leaves what was there out, as one that cannot hold
  /// it; so these are creations only, for which there was nothing.
  void keep_what_was_there(const Change& change) {
    if (store_.kind == SinkKind::staged && change.action != Action::create) carry_out(change);
  }
  Outcome carry_out(const Change& change) {
    ModelBookmark made;
    made.url = change.bookmark->url;
    made.title = change.bookmark->title;
    for (const Text tag : change.bookmark->tags) made.tags.emplace_back(tag);
    made.is_archived = change.bookmark->archived == Flag::yes;
    return store_.kind == SinkKind::staged ? stage(change, made) : change_now(change, made);
  }
  Outcome stage(const Change& change, ModelBookmark& made) {
    if (change.action == Action::remove) return {};
    made.by_us = change.action == Action::create;
    if (!made.by_us) {
      // What is kept or changed is what was there, in its order.
      const auto before = std::ranges::find_if(store_.held, [&](const ModelBookmark& held) {
        return held.url == made.url && !was_staged_.contains(&held);
      });
      if (before != store_.held.end()) {
        was_staged_.insert(&*before);
        made.id = before->id;
        made.by_us = before->by_us;
        made.was_matched = before->was_matched;
      }
    }
    if (made.id == 0) made.id = ++store_.last_id;
    staged_.push_back(made);
    return {};
  }
  Outcome change_now(const Change& change, ModelBookmark& made) {
    if (change.action == Action::create) {
      made.id = ++store_.last_id;
      made.by_us = true;
      store_.held.push_back(made);
      return {Result::done, std::to_string(made.id), {}};
    }
    const std::string id(change.id);
    const auto held = std::ranges::find_if(
        store_.held, [&](const ModelBookmark& one) { return std::to_string(one.id) == id; });
    if (held == store_.held.end()) return {Result::already_so, id, {}};
    if (change.action == Action::remove) {
      store_.held.erase(held);
    } else {
      made.id = held->id;
      made.by_us = held->by_us;
      made.was_matched = held->was_matched;
      *held = made;
    }
    return {Result::done, id, {}};
  }

  ModelSinkStore& store_;
  std::vector<ModelBookmark> staged_;
  std::set<const ModelBookmark*> was_staged_;
};

}  // namespace

std::string model_name_in(const std::string& url) {
  const std::size_t from = url.find("//") + 12;
  return url.substr(from, url.find_first_of("/?", from) - from);
}

std::string ModelBookmark::content() const {
  return fmt::format("{} {} [{}]{}", url, title, fmt::join(tags, ","), is_archived ? "!" : "");
}

std::unique_ptr<Source> make_model_source(const std::vector<ModelBookmark>& list,
                                          const ListFault& fault, bool has_ids) {
  return std::make_unique<ModelSource>(list, fault, has_ids);
}

OpenSink open_model_sink(ModelSinkStore& store, bool may_write) {
  struct View final : SinkView {
    std::shared_ptr<ModelSink> sink;
    SinkKind kind() const override { return sink->kind(); }
    Representation represent(const Bookmark& bookmark, Arena& arena) const override {
      return sink->represent(bookmark, arena);
    }
    FolderRepresentation represent_folder(const Folder& folder, Arena&) const override {
      return {folder, false, {}};
    }
    Text unique_key(Text url, Arena& arena) const override { return sink->unique_key(url, arena); }
    std::vector<std::string> describe(std::stop_token) override { return {}; }
    std::unique_ptr<Source> existing() override { return sink->existing(); }
  };
  struct Writer final : SinkWriter {
    std::shared_ptr<ModelSink> sink;
    void write(std::span<const Change> changes, std::span<Outcome> outcomes,
               std::stop_token) override {
      sink->write(changes, outcomes);
    }
    void commit() override { sink->commit(); }
  };
  store.changes = 0;
  const auto sink = std::make_shared<ModelSink>(store);
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

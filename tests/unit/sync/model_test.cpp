#include <random>
#include <set>

#include "sync_runner.hpp"

using namespace linkferry;
using linkferry::test::ListStore;
using linkferry::test::SyncRunner;

namespace {

/// Blanks in tags become hyphens, as some services have it.
void spell_tags(Bookmark& bookmark, Arena& arena) {
  std::vector<Text> tags;
  for (const Text tag : bookmark.tags) {
    std::string spelled(tag);
    std::ranges::replace(spelled, ' ', '-');
    const Text kept = arena.copy(spelled);
    if (std::ranges::find(tags, kept) == tags.end()) tags.push_back(kept);
  }
  bookmark.tags = arena.copy(std::span<const Text>(tags));
}

template <class List>
auto as_set(const List& list) {
  const auto strings = test::as_strings(list);
  return std::multiset(strings.begin(), strings.end());
}

/// People at work on both sides of a sync, at random.
class Model {
 public:
  explicit Model(unsigned seed)
      : random_(seed),
        r_(pick(2) == 0 ? SinkKind::live : SinkKind::staged,
           pick(2) == 0 ? SinkKind::live : SinkKind::staged) {
    r_.job.deletion.max = 10'000;
    r_.job.deletion.max_percent = 100;
    r_.options.max_delete = 10'000;
    r_.to.has_notes = pick(2) == 0;
    r_.to.has_folders = pick(2) == 0;
    if (pick(2) == 0) r_.to.spells = &spell_tags;
    r_.job.conflicts.otherwise = static_cast<ConflictPolicy>(pick(4));
  }

  void play_round() {
    const std::size_t edits = pick(12);
    deleted_.clear();
    const auto before = all_urls();
    for (std::size_t i = 0; i < edits; ++i) edit(pick(2) == 0 ? r_.from : r_.to);
    const auto after = all_urls();
    if (pick(8) == 0) r_.lose_state();
    const bool is_interrupted = pick(5) == 0;
    if (is_interrupted) interrupt();
    const RunSummary summary = r_.run();
    CHECK(summary.blocked.empty());
    CHECK_FALSE(summary.has_failures);
    check_nothing_is_gone(before, after);
    check_nothing_is_twice();
    check_both_are_the_same();
    r_.check_is_settled();
  }

 private:
  std::size_t pick(std::size_t count) { return random_() % count; }

  Text some_text() { return r_.make.arena().copy("text " + std::to_string(pick(1000))); }

  std::span<const Text> some_tags() {
    static constexpr Text all[] = {"a", "b c", "b-c", "d e", "f"};
    std::vector<Text> tags;
    for (const Text tag : all) {
      if (pick(3) == 0) tags.push_back(tag);
    }
    return r_.make.arena().copy(std::span<const Text>(tags));
  }

  void edit(ListStore& store) {
    const std::size_t what = pick(10);
    if (what < 3 || store.bookmarks.empty()) return create(store);
    const std::size_t i = pick(store.bookmarks.size());
    if (what == 3) {
      deleted_.insert(std::string(store.bookmarks[i].url));
      store.bookmarks.erase(store.bookmarks.begin() + static_cast<std::ptrdiff_t>(i));
      return;
    }
    Bookmark& bookmark = store.bookmarks[i];
    if (what == 4) bookmark.title = some_text();
    if (what == 5) bookmark.description = pick(3) == 0 ? Text{} : some_text();
    if (what == 6 && store.has_notes) bookmark.notes = some_text();
    if (what == 7) bookmark.tags = some_tags();
    if (what == 8 && store.has_folders)
      bookmark.folders = pick(2) == 0 ? r_.make.folders({{"F"}}) : r_.make.folders({{"G", "H"}});
    if (what == 9) bookmark.archived = pick(2) == 0 ? Flag::yes : Flag::no;
    if (pick(2) == 0)
      bookmark.modified_at = {static_cast<std::int64_t>(1'600'000'000 + pick(1000)), 0,
                              Precision::second};
    if (store.spells) store.spells(bookmark, r_.make.arena());
  }

  /// Both sides may come to have the same by themselves.
  void create(ListStore& store) {
    const int number = static_cast<int>(pick(30));
    if (SyncRunner::find(store, number) != nullptr) return;
    Bookmark bookmark = r_.make.link(SyncRunner::url(number), some_text());
    bookmark.tags = some_tags();
    if (store.spells) store.spells(bookmark, r_.make.arena());
    store.bookmarks.push_back(bookmark);
    deleted_.erase(std::string(bookmark.url));
  }

  /// A run of which one write fails, whatever it was. A file takes all or nothing.
  void interrupt() {
    ListStore& store = pick(2) == 0 ? r_.from : r_.to;
    if (store.kind == SinkKind::staged) return;
    store.rejects = SyncRunner::url(static_cast<int>(pick(30)));
    r_.run();
    store.rejects.clear();
  }

  std::set<std::string> all_urls() const {
    std::set<std::string> urls;
    for (const ListStore* store : {&r_.from, &r_.to}) {
      for (const Bookmark& bookmark : store->bookmarks) urls.emplace(bookmark.url);
    }
    return urls;
  }

  void check_nothing_is_gone(const std::set<std::string>& before,
                             const std::set<std::string>& after) {
    const auto now = all_urls();
    for (const auto* urls : {&before, &after}) {
      for (const std::string& url : *urls) {
        INFO(url);
        CHECK((now.contains(url) || deleted_.contains(url)));
      }
    }
  }

  void check_nothing_is_twice() const {
    for (const ListStore* store : {&r_.from, &r_.to})
      CHECK(store->bookmarks.size() == all_urls().size());
  }

  void check_both_are_the_same() {
    for (const Bookmark& from : r_.from.bookmarks) {
      const auto to = std::ranges::find(r_.to.bookmarks, from.url, &Bookmark::url);
      REQUIRE(to != r_.to.bookmarks.end());
      INFO(from.url);
      CHECK(from.title == to->title);
      CHECK(from.description == to->description);
      CHECK(from.archived == to->archived);
      if (r_.to.has_notes) CHECK(from.notes == to->notes);
      if (r_.to.has_folders) CHECK(as_set(from.folders) == as_set(to->folders));
      Bookmark spelled = from;
      if (r_.to.spells) r_.to.spells(spelled, r_.make.arena());
      CHECK(as_set(spelled.tags) == as_set(to->tags));
    }
  }

  std::mt19937 random_;
  SyncRunner r_;
  std::set<std::string> deleted_;  ///< by somebody, in this round
};

}  // namespace

TEST_CASE("whatever people do on both sides, a sync makes them the same and loses nothing",
          "[sync]") {
  const auto seed = GENERATE(range(1U, 61U));
  INFO("seed " << seed);
  Model model(seed);
  for (int round = 0; round < 20; ++round) {
    INFO("round " << round);
    model.play_round();
  }
}

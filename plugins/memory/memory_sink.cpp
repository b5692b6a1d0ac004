#include "memory/memory_sink.hpp"

#include <algorithm>

#include "memory/memory_source.hpp"

namespace linkferry::memory {
namespace {

/// The first `limit` characters of UTF-8 text.
Text cut(Text text, std::size_t limit) {
  std::size_t characters = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool is_first_byte = (static_cast<unsigned char>(text[i]) & 0xc0) != 0x80;
    if (is_first_byte && characters++ == limit) return text.substr(0, i);
  }
  return text;
}

/// The URL with everything before its query and fragment in lower case.
std::string fold_path(Text url) {
  std::string folded(url);
  const auto end =
      folded.begin() + static_cast<std::ptrdiff_t>(std::min(url.find_first_of("?#"), url.size()));
  std::transform(folded.begin(), end, folded.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  return folded;
}

bool contains(Text text, const std::string& part) {
  return !part.empty() && text.find(part) != Text::npos;
}

}  // namespace

Representation MemorySink::represent(const Bookmark& bookmark, Arena& arena) const {
  Representation represented{bookmark, {}, {}};
  std::vector<Loss> losses;
  if (limits_.max_title != 0) {
    represented.bookmark.title = cut(bookmark.title, limits_.max_title);
    if (represented.bookmark.title.size() != bookmark.title.size()) {
      losses.push_back({Field::title, LossKind::truncated, "titles are cut at max_title"});
    }
  }
  if (!limits_.has_folders && !bookmark.folders.empty()) {
    represented.bookmark.folders = {};
    losses.push_back({Field::folders, LossKind::dropped, "there are no folders here"});
  }
  represented.losses = arena.copy(std::span<const Loss>(losses));
  return represented;
}

Text MemorySink::unique_key(Text url, Arena& arena) const {
  if (!limits_.folds_path || is_absent(url)) return {};
  return arena.copy(std::string_view(fold_path(url)));
}

std::unique_ptr<Source> MemorySink::existing() {
  return std::make_unique<MemorySource>(store_.all(), endpoint_);
}

void MemorySink::write(std::span<const Change> changes, std::span<Outcome> outcomes,
                       std::stop_token stop) {
  if (kind_ == SinkKind::live) load_keys();
  for (std::size_t i = 0; i < changes.size(); ++i) {
    outcomes[i] = stop.stop_requested() ? Outcome{Result::failed, {}, "stopped before it began"}
                                        : carry_out(changes[i]);
  }
}

void MemorySink::commit() {
  if (kind_ == SinkKind::staged) store_.replace_all(std::move(staged_));
}

Outcome MemorySink::carry_out(const Change& change) {
  if (change.folder != nullptr) return {Result::rejected, {}, "there are no folder records here"};
  const Text url = change.bookmark->url;
  if (contains(url, limits_.rejected_part))
    return {Result::rejected, {}, "the URL has a part that is refused here"};
  if (contains(url, limits_.failing_part))
    return {Result::failed, {}, "the URL has a part that fails here"};
  if (kind_ == SinkKind::staged) return stage(change);
  const std::string id(change.id);
  switch (change.action) {
    case Action::create:
      return create(*change.bookmark);
    case Action::update:
      if (!store_.replace(id, *change.bookmark))
        return {Result::rejected, {}, "there is no bookmark of this id"};
      return {Result::done, id, {}};
    case Action::remove:
      return {store_.remove(id) ? Result::done : Result::already_so, id, {}};
    case Action::keep:
      break;
  }
  return {Result::already_so, id, {}};
}

/// A create that comes a second time finds the bookmark and changes nothing.
Outcome MemorySink::create(const Bookmark& bookmark) {
  const auto [held, is_new] = ids_by_key_.try_emplace(key_of(bookmark));
  if (!is_new) return {Result::already_so, held->second, {}};
  held->second = store_.add(bookmark);
  return {Result::done, held->second, {}};
}

/// Others may have changed the store since the last write, as they may a service.
void MemorySink::load_keys() {
  ids_by_key_.clear();
  for (const auto& stored : store_.all())
    ids_by_key_.emplace(key_of(stored->bookmark()), stored->id());
}

Outcome MemorySink::stage(const Change& change) {
  if (change.action == Action::remove) return {};
  const std::string id =
      change.action == Action::create ? store_.make_id() : std::string(change.id);
  staged_.push_back(std::make_shared<const StoredBookmark>(id, *change.bookmark));
  return {Result::done, id, {}};
}

/// What two bookmarks must not share here: the URL, or the title of one that has none.
std::string MemorySink::key_of(const Bookmark& bookmark) const {
  if (is_absent(bookmark.url)) return std::string("title ").append(bookmark.title);
  return std::string("url ").append(limits_.folds_path ? fold_path(bookmark.url)
                                                       : std::string(bookmark.url));
}

std::unique_ptr<Sink> make_sink(const Settings& settings, Host&) {
  Limits limits;
  limits.max_title = static_cast<std::size_t>(settings.number("max_title"));
  limits.has_folders = !settings.flag("no_folders");
  limits.folds_path = settings.text("unique_url") == "case_insensitive_path";
  limits.rejected_part = settings.text("reject_url_containing").value_or("");
  limits.failing_part = settings.text("fail_url_containing").value_or("");
  const SinkKind kind = settings.text("kind") == "staged" ? SinkKind::staged : SinkKind::live;
  return std::make_unique<MemorySink>(Store::named(*settings.text("name")), kind, std::move(limits),
                                      settings.endpoint());
}

}  // namespace linkferry::memory

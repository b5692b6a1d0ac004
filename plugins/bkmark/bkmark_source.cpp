#include "bkmark/bkmark_source.hpp"

#include <algorithm>
#include <unordered_set>

#include "common/unicode_text.hpp"

namespace linkferry::bkmark {
namespace {

constexpr std::size_t good_batch_bytes = 256 * 1024;
constexpr std::size_t largest_text_bytes = 16 * 1024 * 1024;
/// From so many ids on, the library is read again rather than asked for each.
constexpr std::size_t many_ids = 50;

Text excerpt_of(Text text, Arena& arena) {
  constexpr std::size_t characters = 60;
  return arena.copy(common::first_characters(text, characters));
}

bool is_too_large(const Record& r) {
  return std::max({r.url.size(), r.title.size(), r.description.size()}) > largest_text_bytes;
}

std::unordered_set<std::string> ids_in_trash(Api& api, std::stop_token stop) {
  std::unordered_set<std::string> ids;
  for_each_in_trash(
      api, largest_page, [&ids](common::JsonValue item) { ids.insert(item.member("id").string()); },
      stop);
  return ids;
}

std::unordered_set<std::string> ids_in_library(Api& api, WalkRules rules, std::stop_token stop) {
  std::unordered_set<std::string> ids;
  rules.query.clear();
  rules.asks_archive = true;
  LibraryWalk walk(api, std::move(rules));
  common::JsonValue item;
  while (walk.next(item, stop)) ids.insert(item.member("id").string());
  return ids;
}

}  // namespace

ReadResult BkmarkSource::read(Batch& batch, std::size_t limit, std::stop_token stop) {
  std::size_t bytes = 0;
  try {
    while (batch.bookmarks.size() + batch.rejections.size() < limit && bytes < good_batch_bytes) {
      if (stop.stop_requested()) return ReadResult::more;
      if (!has_item_ && !next(stop)) return ReadResult::end;
      bytes += item_.raw().size();
      add(batch);
      has_item_ = false;
    }
  } catch (const Failure& failure) {
    // What was read before is good, and the request that was broken off is made again.
    if (failure.kind() != FailureKind::interrupted || !stop.stop_requested()) throw;
  }
  return ReadResult::more;
}

bool BkmarkSource::next(std::stop_token stop) {
  if (!walk_) {
    WalkRules rules = options_.walk;
    rules.query = options_.filter.query(*api_, stop);
    rules.asks_archive = options_.filter.wants_archive();
    if (rules.query.find("isArchived=true") != std::string::npos) rules.asks_archive = false;
    if (library_ != nullptr) rules.expected = library_->size();
    walk_ = std::make_unique<LibraryWalk>(*api_, std::move(rules));
  }
  has_item_ = walk_->next(item_, stop);
  return has_item_;
}

void BkmarkSource::add(Batch& batch) {
  const auto reject = [&batch](Text reason, Text excerpt) {
    batch.rejections.push_back(
        {reason, excerpt_of(excerpt, batch.arena), 0, batch.bookmarks.size()});
  };
  const auto record = parse_record(item_, batch.arena);
  if (!record) return reject("an entry of the list is no bookmark", item_.raw());
  if (is_too_large(*record)) return reject("one of its texts is larger than 16 MiB", record->url);
  if (!options_.filter.passes(*record)) return;
  if (library_ != nullptr) {
    library_->learn(*record);
  } else {
    for (const Group& group : record->groups) groups_->learn(group.id, group.name);
  }
  Bookmark bookmark = to_bookmark(*record, options_.view, *groups_, batch.arena);
  Origin& origin = batch.arena.make_array<Origin>(1)[0];
  origin = *bookmark.origin;
  origin.plugin = "bkmark";
  origin.endpoint = batch.arena.copy(std::string_view(options_.endpoint));
  bookmark.origin = &origin;
  batch.bookmarks.push_back(bookmark);
}

void BkmarkSource::look_up(std::span<const Text> ids, std::span<Absence> absences,
                           std::stop_token stop) {
  const auto trash = ids_in_trash(*api_, stop);
  std::vector<std::size_t> others;
  for (std::size_t i = 0; i < ids.size(); ++i) {
    absences[i] = Absence::removed;
    if (!trash.contains(std::string(ids[i]))) others.push_back(i);
  }
  if (others.size() >= many_ids) {
    const auto present = ids_in_library(*api_, options_.walk, stop);
    for (const std::size_t i : others)
      if (present.contains(std::string(ids[i]))) absences[i] = Absence::present;
    return;
  }
  for (const std::size_t i : others) {
    try {
      if (api_->find_bookmark(ids[i], stop)) absences[i] = Absence::present;
    } catch (const Forbidden&) {
      absences[i] = Absence::unknown;
    }
  }
}

std::vector<std::string> BkmarkSource::describe(std::stop_token stop) {
  return describe_library(*api_, stop);
}

std::vector<std::string> describe_library(Api& api, std::stop_token stop) {
  const auto page =
      parse_page(api.get(with_query(std::string(bookmarks_path), {{"limit", "1"}}), stop));
  if (!page)
    throw Failure(FailureKind::failed,
                  api.base_url() + ": expected a list of bookmarks; is this Bkmark's API?");
  std::vector<std::string> sentences;
  sentences.push_back("Bkmark answers at " + api.base_url());
  const auto count = api.find(path_of("trash-count"), stop);
  const std::string in_trash(count ? count->root().member("count").raw() : "");
  sentences.push_back(std::string("the library of the token's owner ") +
                      (page->items.empty() ? "is empty" : "has bookmarks") +
                      (in_trash.empty() ? "" : ", and " + in_trash + " in trash"));
  sentences.emplace_back(
      "the token may read, add, change and delete everything of its owner (Bkmark's page names no "
      "others)");
  sentences.emplace_back(
      "Bkmark dates what it stores itself; only an import may keep the dates of creation "
      "(bulk_import: always)");
  return sentences;
}

WalkRules walk_rules(const Settings& settings) {
  WalkRules rules;
  const auto number = [&settings](std::string_view name, std::size_t fallback) {
    return settings.has(name)
               ? static_cast<std::size_t>(std::max<std::int64_t>(0, settings.number(name)))
               : fallback;
  };
  rules.page_size = std::max<std::size_t>(1, number("page_size", largest_page));
  rules.export_from = number("export_from", rules.export_from);
  return rules;
}

std::unique_ptr<Source> make_source(const Settings& settings, Host& host) {
  BkmarkSource::Options options;
  options.endpoint = settings.endpoint();
  options.walk = walk_rules(settings);
  options.view.splits_notes = settings.text("notes") != "drop";
  options.filter = Filter(settings);
  return std::make_unique<BkmarkSource>(std::make_shared<Api>(settings, host),
                                        std::make_shared<Groups>(settings.table("groups")), nullptr,
                                        options);
}

}  // namespace linkferry::bkmark

#include "contract/listing.hpp"

#include <fmt/format.h>

#include "contract/wording.hpp"
#include "linkferry/failure.hpp"
#include "pipeline/record_codec.hpp"
#include "text/repair.hpp"
#include "text/utf8.hpp"

namespace linkferry::contract {
namespace {

constexpr int most_empty_batches = 100'000;

/// Finds texts that are no UTF-8, and those that are not as clean as the batch says.
class TextCheck {
 public:
  void expect_clean(bool is_expected) { is_clean_expected_ = is_expected; }
  void check(std::string_view what, Text text) {
    if (!problem_.empty()) return;
    if (!is_utf8(text)) problem_ = fmt::format("{} is not valid UTF-8", what);
    if (is_clean_expected_ && !is_clean_text(text))
      problem_ =
          fmt::format("{} has a control character, and the batch says that there is none", what);
  }
  void check(std::string_view what, std::span<const Text> texts) {
    for (const Text text : texts) check(what, text);
  }
  void check(const Bookmark& b) {
    const Text texts[] = {b.url,      b.title, b.description, b.notes,
                          b.language, b.icon,  b.cover_url,   b.keyword};
    const Field fields[] = {Field::url,      Field::title, Field::description, Field::notes,
                            Field::language, Field::icon,  Field::cover_url,   Field::keyword};
    for (std::size_t i = 0; i < std::size(texts); ++i) check(name_of(fields[i]), texts[i]);
    check("a tag", b.tags);
    for (const auto path : b.folders) check("a folder name", path);
    for (const auto& one : b.highlights) {
      for (const Text text : {one.text, one.note, one.color}) check("a highlight", text);
    }
    for (const auto& one : b.extra) {
      for (const Text text : {one.name, one.value}) check("an extra attribute", text);
    }
  }
  const std::string& problem() const { return problem_; }

 private:
  bool is_clean_expected_ = false;
  std::string problem_;
};

std::string describe_item(const Item& item) {
  if (item.type == Item::Type::bookmark)
    return fmt::format("bookmark {}", in_quotes(item.bookmark.url));
  if (item.type == Item::Type::folder) return describe(item.folder);
  return fmt::format("rejection {}", in_quotes(item.reason));
}

std::string describe_difference(const Item& expected, const Item& found) {
  if (expected.type == found.type && expected.type == Item::Type::bookmark) {
    const auto difference = contract::describe_difference(expected.bookmark, found.bookmark);
    return difference.empty() ? "" : fmt::format("{}: {}", describe_item(expected), difference);
  }
  if (expected.type == found.type && expected.type == Item::Type::folder) {
    return contract::describe_difference(expected.folder, found.folder);
  }
  const std::string wanted = describe_item(expected);
  const std::string is = describe_item(found);
  return wanted == is ? "" : fmt::format("found {}, expected {}", is, wanted);
}

}  // namespace

std::vector<const Bookmark*> Listing::bookmarks() const {
  std::vector<const Bookmark*> found;
  for (const auto& item : items) {
    if (item.type == Item::Type::bookmark) found.push_back(&item.bookmark);
  }
  return found;
}

std::size_t Listing::rejections() const {
  std::size_t count = 0;
  for (const auto& item : items) count += item.type == Item::Type::rejection ? 1 : 0;
  return count;
}

void append(Listing& listing, const Batch& batch) {
  std::size_t folder = 0;
  std::size_t rejection = 0;
  for (std::size_t i = 0; i <= batch.bookmarks.size(); ++i) {
    for (; folder < batch.folders.size() && batch.folders[folder].before <= i; ++folder) {
      Item item;
      item.type = Item::Type::folder;
      item.folder = deep_copy(batch.folders[folder].folder, listing.arena);
      listing.items.push_back(item);
    }
    for (; rejection < batch.rejections.size() && batch.rejections[rejection].before <= i;
         ++rejection) {
      Item item;
      item.type = Item::Type::rejection;
      item.reason = listing.arena.copy(batch.rejections[rejection].reason);
      listing.items.push_back(item);
    }
    if (i == batch.bookmarks.size()) break;
    Item item;
    item.bookmark = deep_copy(batch.bookmarks[i], listing.arena);
    item.is_vouched_for = batch.are_texts_clean;
    listing.items.push_back(item);
  }
  listing.borders.push_back({listing.items.size(), batch.checkpoint});
  if (batch.notices.empty()) return;
  listing.last_notice = batch.notices.back().text;
  listing.last_notice_line = batch.notices.back().line;
}

Listing read_all(Source& source, std::size_t limit) {
  Listing listing;
  Batch batch;
  int empty_batches = 0;
  do {
    batch.clear();
    listing.result = source.read(batch, limit, {});
    const std::size_t before = listing.items.size();
    append(listing, batch);
    empty_batches = listing.items.size() == before ? empty_batches + 1 : 0;
    if (empty_batches > most_empty_batches)
      throw Failure(FailureKind::failed, "reading does not come to an end");
  } while (listing.result == ReadResult::more);
  return listing;
}

std::string compare(const Listing& expected, std::size_t first, const Listing& found) {
  const std::size_t wanted = expected.items.size() - first;
  for (std::size_t i = 0; i < wanted && i < found.items.size(); ++i) {
    const auto difference = describe_difference(expected.items[first + i], found.items[i]);
    if (!difference.empty()) return fmt::format("item {}: {}", first + i + 1, difference);
  }
  if (wanted == found.items.size()) return "";
  return fmt::format("found {} items, expected {}", found.items.size(), wanted);
}

std::string find_invalid_text(const Listing& listing) {
  TextCheck texts;
  for (const auto& item : listing.items) {
    texts.expect_clean(item.is_vouched_for);
    if (item.type == Item::Type::bookmark) texts.check(item.bookmark);
    texts.expect_clean(false);
    texts.check("a folder name", item.folder.path);
    texts.check("a folder's description", item.folder.description);
    texts.check("a rejection", item.reason);
    if (!texts.problem().empty()) return texts.problem();
  }
  return "";
}

}  // namespace linkferry::contract

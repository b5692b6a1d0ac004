#include <cstdint>
#include <string>
#include <string_view>

#include "bkmark/bkmark_api.hpp"
#include "bkmark/bkmark_array.hpp"
#include "bkmark/bkmark_facts.hpp"
#include "bkmark/bkmark_record.hpp"
#include "bkmark/bkmark_text.hpp"
#include "fuzz/require.hpp"
#include "linkding/linkding_format.hpp"
#include "linkferry/failure.hpp"
#include "linkferry/utf8.hpp"
#include "mastodon/link_header.hpp"
#include "mastodon/status_bookmarks.hpp"
#include "mastodon/walk_checkpoint.hpp"

namespace {

using namespace linkferry;

void check_texts(const Bookmark& bookmark) {
  for (const Text text : {bookmark.url, bookmark.title, bookmark.description, bookmark.notes})
    require(is_valid_utf8(text), "texts are UTF-8");
  for (const Text tag : bookmark.tags) require(is_valid_utf8(tag), "tags are UTF-8");
}

void check_mastodon(std::string_view input) {
  const mastodon::JsonDocument document(input);
  for (const auto mode : {mastodon::Mode::toot, mastodon::Mode::all_links}) {
    mastodon::StatusRules rules;
    rules.mode = mode;
    rules.has_favourites = true;
    rules.url = "https://social.example";
    rules.domain = "social.example";
    Batch batch;
    const auto append = [&](mastodon::JsonValue value) {
      if (value.is_object())
        mastodon::append_bookmarks(value, mastodon::List::favourites, rules, batch);
    };
    append(document.root());
    document.root().for_each_item(append);
    for (const Bookmark& bookmark : batch.bookmarks) check_texts(bookmark);
  }
}

void check_linkding(std::string_view input) {
  Arena arena;
  linkding::Page page(input);
  linkding::Record record;
  while (page.is_list() && page.next(record, arena))
    check_texts(linkding::to_bookmark(record, linkding::View::everything, arena));
  const linkding::JsonBody body(input);
  if (const auto alone = linkding::parse_record(body, arena))
    check_texts(linkding::to_bookmark(*alone, linkding::View::held, arena));
  (void)linkding::messages_of(input);
}

void check_bkmark_record(common::JsonValue value) {
  Arena arena;
  const auto record = bkmark::parse_record(value, arena);
  if (!record) return;
  bkmark::Groups groups;
  bkmark::Names names;
  for (const bkmark::Group& group : record->groups) groups.learn(group.id, group.name);
  for (const bool is_held : {true, false})
    check_texts(bkmark::to_bookmark(*record, {is_held, true, true}, groups, arena));
  const bkmark::Facts facts = bkmark::facts_of(*record, names);
  require(!bkmark::compare(facts, facts).any(), "a record does not differ from itself");
  (void)bkmark::loose_key(record->url);
}

void check_bkmark(std::string_view input) {
  if (const auto page = bkmark::parse_page(common::JsonDocument(input)))
    for (const auto item : page->items) check_bkmark_record(item);
  (void)bkmark::refusal_of(input);
  std::string whole;
  bkmark::ArrayItems items([&whole](std::string_view item) {
    whole.append(item).append("\n");
    const common::JsonDocument document(item);
    check_bkmark_record(document.root());
  });
  std::string pieces;
  bkmark::ArrayItems again([&pieces](std::string_view item) { pieces.append(item).append("\n"); });
  try {
    items.feed(input);
    for (const char byte : input) again.feed({&byte, 1});
    require(whole == pieces, "an array is taken apart the same, however it is cut");
  } catch (const Failure&) {
    // No array.
  }
}

void check_small_texts(std::string_view input) {
  (void)mastodon::read_links(input);
  if (const auto checkpoint = mastodon::parse_checkpoint(input)) {
    const std::string once = mastodon::format_checkpoint(*checkpoint);
    const auto again = mastodon::parse_checkpoint(once);
    require(again && mastodon::format_checkpoint(*again) == once,
            "a checkpoint is read as written");
  }
}

}  // namespace

/// What services answer, as the plugins of services read it.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  check_mastodon(input);
  check_linkding(input);
  check_bkmark(input);
  check_small_texts(input);
  return 0;
}

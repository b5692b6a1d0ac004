#include "mastodon/list_members.hpp"

#include "linkferry/failure.hpp"

namespace linkferry::mastodon {

std::optional<ArchiveList> list_of(std::string_view member) {
  if (member == "bookmarks.json") return ArchiveList::bookmarks;
  if (member == "likes.json") return ArchiveList::favourites;
  return {};
}

bool ListMembers::is_wanted(std::string_view member) {
  const auto list = list_of(member);
  if (!list) return false;
  seen_[static_cast<std::size_t>(*list)] = true;
  return wanted_.has(*list);
}

void ListMembers::begin(std::string_view member) {
  member_ = member;
  const ArchiveList list = *list_of(member);
  if (list == ArchiveList::bookmarks) lists_.has_bookmarks = true;
  json_.emplace([this, list](Text item, Text problem) { add(list, item, problem); });
}

void ListMembers::add(ArchiveList list, Text item, Text problem) {
  lists_.size_bytes += item.size() + sizeof(ArchiveItem);
  if (lists_.size_bytes > ArchiveLists::max_bytes) fail("more than 256 MiB of addresses: refused");
  constexpr std::size_t excerpt_bytes = 200;
  const Text kept = is_present(problem) ? item.substr(0, excerpt_bytes) : item;
  lists_.items.push_back({list, lists_.texts.copy(kept), problem, false});
}

void ListMembers::end() {
  const bool is_json = json_->is_json();
  const bool is_complete = json_->is_complete();
  json_.reset();
  if (!is_json) fail(member_ + " is no JSON; ask for the archive again");
  if (!is_complete) lists_.cut = "a list of the archive ends in its middle; ask for it again";
}

void ListMembers::cut_off() {
  json_.reset();
  lists_.cut = "the archive is cut off, and its lists may be too; download it again";
}

void ListMembers::finish() {
  using enum ArchiveList;
  if (!has(bookmarks) && !has(favourites)) {
    if (is_present(lists_.cut)) fail(lists_.cut);
    fail(
        "there is neither a bookmarks.json nor a likes.json at its top; expected the account "
        "archive of a Mastodon server (Preferences, Import and export, Request your archive)");
  }
  if (is_present(lists_.cut)) return;
  if (wanted_.bookmarks && !has(bookmarks))
    lists_.notices.push_back(
        "there is no bookmarks.json in the archive: Mastodon has it since 3.1");
  if (wanted_.favourites && !has(favourites))
    lists_.notices.push_back("there is no likes.json in the archive: Mastodon has it since 2.5");
  if (!wanted_.favourites && has(favourites))
    lists_.notices.push_back("likes.json was not read; lists: [bookmarks, favourites] reads it");
  if (!wanted_.bookmarks && has(bookmarks))
    lists_.notices.push_back(
        "bookmarks.json was not read; lists: [bookmarks, favourites] reads it");
}

void ListMembers::fail(std::string_view what) const {
  throw Failure(FailureKind::configuration, name_ + ": " + std::string(what));
}

}  // namespace linkferry::mastodon

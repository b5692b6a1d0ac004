#pragma once

#include <span>
#include <string>
#include <vector>

#include "bkmark/bkmark_facts.hpp"
#include "linkferry/bookmark.hpp"

/// What is sent to Bkmark: JSON. Source: its page on the Bookmarks API (read 2026-11-22). Pure.
namespace linkferry::bkmark {

/// The body that creates a bookmark. Title and description are always there: what is left out is
/// fetched from the page. `is_forced` makes a second one of an address.
std::string create_body(const Bookmark& bookmark, const std::vector<std::string>& group_ids,
                        bool is_forced);

/// The body that changes what differs, tags and groups apart; `now_seconds` for what was read
/// nobody knows when.
std::string patch_body(const Bookmark& wanted, const Differences& differences,
                       std::int64_t now_seconds);

/// `{"tagNames":[…]}`, `{"groupIds":[…]}`.
std::string names_body(std::string_view member, const std::vector<std::string>& names);

/// The body of a bulk action. `tags` may be empty.
std::string bulk_body(std::span<const std::string> ids, std::string_view action,
                      const std::vector<std::string>& tags);

/// One bookmark as an export has it, for an import.
std::string import_item(const Bookmark& bookmark, const std::vector<std::string>& group_ids,
                        std::int64_t now_seconds);
/// The body of an import; `items` are joined to the text of a file.
std::string import_body(std::span<const std::string> items);

}  // namespace linkferry::bkmark

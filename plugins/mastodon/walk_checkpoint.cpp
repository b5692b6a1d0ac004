#include "mastodon/walk_checkpoint.hpp"

#include <algorithm>

#include "mastodon/link_header.hpp"

namespace linkferry::mastodon {
namespace {

constexpr std::string_view magic = "mastodon1";

void add(std::string& text, std::string_view name, std::string_view value) {
  if (value.empty()) return;
  text.append("&").append(name).append("=").append(percent_encode(value));
}

std::string joined(const std::vector<std::string>& ids) {
  std::string all;
  for (const std::string& id : ids) {
    if (!all.empty()) all += ' ';
    all += id;
  }
  return all;
}

std::vector<std::string> split(std::string_view text) {
  std::vector<std::string> ids;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(' '), text.size());
    ids.emplace_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return ids;
}

void add_list(std::string& text, List list, const ListPosition& position) {
  const std::string prefix = std::string(name_of(list)) + ".";
  std::string state = position.is_done ? "done" : "open";
  if (position.is_second_look) state = "again";
  add(text, prefix + "state", state);
  add(text, prefix + "bound", position.bound.id);
  add(text, prefix + "bound_statuses", joined(position.bound.statuses));
  add(text, prefix + "top", position.top.id);
  add(text, prefix + "top_statuses", joined(position.top.statuses));
  add(text, prefix + "next", position.next);
}

bool take_member(std::string_view name, std::string value, ListPosition& position) {
  if (name == "state") {
    position.is_done = value == "done";
    position.is_second_look = value == "again";
    return position.is_done || position.is_second_look || value == "open";
  }
  if (name == "bound") return position.bound.id = std::move(value), true;
  if (name == "bound_statuses") return position.bound.statuses = split(value), true;
  if (name == "top") return position.top.id = std::move(value), true;
  if (name == "top_statuses") return position.top.statuses = split(value), true;
  if (name == "next") return position.next = std::move(value), true;
  return false;
}

bool take(std::string_view name, std::string value, WalkCheckpoint& checkpoint) {
  if (name == "account") return checkpoint.account = std::move(value), true;
  if (name == "rules") return checkpoint.rules = std::move(value), true;
  if (name == "domain") return checkpoint.domain = std::move(value), true;
  for (const List list : {List::bookmarks, List::favourites}) {
    const std::string_view prefix = name_of(list);
    if (!name.starts_with(prefix) || !name.substr(prefix.size()).starts_with('.')) continue;
    if (checkpoint.lists.empty() || checkpoint.lists.back().first != list)
      checkpoint.lists.emplace_back(list, ListPosition());
    return take_member(name.substr(prefix.size() + 1), std::move(value),
                       checkpoint.lists.back().second);
  }
  return false;
}

}  // namespace

std::string format_checkpoint(const WalkCheckpoint& checkpoint) {
  std::string text(magic);
  add(text, "account", checkpoint.account);
  add(text, "rules", checkpoint.rules);
  add(text, "domain", checkpoint.domain);
  for (const auto& [list, position] : checkpoint.lists) add_list(text, list, position);
  return text;
}

std::optional<WalkCheckpoint> parse_checkpoint(std::string_view text) {
  if (!text.starts_with(magic)) return {};
  text.remove_prefix(magic.size());
  WalkCheckpoint checkpoint;
  while (!text.empty()) {
    if (!text.starts_with('&')) return {};
    const std::size_t end = std::min(text.find('&', 1), text.size());
    const std::string_view part = text.substr(1, end - 1);
    const std::size_t equals = part.find('=');
    if (equals == std::string_view::npos) return {};
    if (!take(part.substr(0, equals), percent_decoded(part.substr(equals + 1)), checkpoint))
      return {};
    text.remove_prefix(end);
  }
  if (checkpoint.lists.empty() || checkpoint.rules.empty()) return {};
  return checkpoint;
}

}  // namespace linkferry::mastodon

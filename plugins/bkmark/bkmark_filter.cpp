#include "bkmark/bkmark_filter.hpp"

#include <algorithm>

#include "bkmark/bkmark_list.hpp"
#include "common/unicode_text.hpp"

namespace linkferry::bkmark {
namespace {

bool is_uuid(std::string_view text) {
  constexpr std::size_t length = 36;
  return text.size() == length && std::ranges::count(text, '-') == 4;
}

std::optional<bool> flag_of(const Settings& settings, std::string_view name) {
  if (!settings.has(name)) return {};
  return settings.flag(name);
}

bool contains(Text text, const std::string& lower) {
  return common::lower_case(text).find(lower) != std::string::npos;
}

}  // namespace

Filter::Filter(const Settings& settings)
    : group_(settings.text("group").value_or("")),
      tag_(settings.text("tag").value_or("")),
      type_(settings.text("type").value_or("")),
      source_(settings.text("source").value_or("")),
      search_(settings.text("search").value_or("")),
      favorite_(flag_of(settings, "favorite")),
      archived_(flag_of(settings, "archived")),
      unread_(flag_of(settings, "unread")) {}

bool Filter::is_empty() const {
  return group_.empty() && tag_.empty() && type_.empty() && source_.empty() && search_.empty() &&
         !favorite_ && !archived_ && !unread_;
}

std::string Filter::query(Api& api, std::stop_token stop) {
  std::string query;
  const auto add = [&query](std::string_view name, std::string_view value) {
    if (!query.empty()) query += '&';
    query.append(name).append("=").append(percent_encode(value));
  };
  if (is_uuid(group_)) add("groupId", group_);
  if (is_uuid(tag_)) add("tagId", tag_);
  if (!type_.empty()) add("type", type_);
  if (!source_.empty()) add("source", source_);
  if (favorite_ == true) add("isFavorite", "true");
  if (archived_ == true) add("isArchived", "true");
  if (unread_ == true) add("isUnread", "true");
  if (search_.empty()) return query;
  const std::string parameter = find_search_parameter(api, stop);
  searches_here_ = parameter.empty();
  if (!searches_here_) add(parameter, search_);
  return query;
}

/// The parameter with which nothing is found for a word that no bookmark has; empty where there is
/// none, or where the library is empty.
std::string Filter::find_search_parameter(Api& api, std::stop_token stop) const {
  constexpr std::string_view no_word = "linkferry0no1such2word3";
  const auto finds_something = [&](const std::string& path) {
    const HttpResponse answer = api.ask(path, stop);
    const auto document = api.document_of(answer);
    if (!document) return true;
    return document->root().member("data").raw() != "[]";
  };
  const std::string one = with_query(std::string(bookmarks_path), {{"limit", "1"}});
  for (const char* const name : {"search", "q", "query"})
    if (!finds_something(with_query(one, {{name, no_word}}))) return name;
  api.host().log(LogLevel::info, api.base_url() +
                                     ": its search does not answer to any name that is known; all "
                                     "is read and searched here");
  return {};
}

bool Filter::passes(const Record& record) const {
  const auto differs = [](const std::optional<bool>& wanted, bool is) {
    return wanted && *wanted != is;
  };
  if (differs(favorite_, record.is_favorite) || differs(archived_, record.is_archived) ||
      differs(unread_, !record.is_read))
    return false;
  if (!type_.empty() && record.type != type_) return false;
  if (!source_.empty() && record.source != source_) return false;
  const bool has_group = std::ranges::any_of(record.groups, [this](const Group& group) {
    return group.id == group_ || group.name == group_;
  });
  if (!group_.empty() && !has_group) return false;
  const bool has_tag = std::ranges::any_of(
      record.tags, [this](const Tag& tag) { return tag.name == tag_ || tag.id == tag_; });
  if (!tag_.empty() && !has_tag) return false;
  if (!searches_here_) return true;
  const std::string lower = common::lower_case(search_);
  return contains(record.title, lower) || contains(record.description, lower) ||
         contains(record.url, lower);
}

}  // namespace linkferry::bkmark

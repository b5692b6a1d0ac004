#include "mastodon/status.hpp"

namespace linkferry::mastodon {
namespace {

void read_account(JsonValue account, Status& status, Arena& arena) {
  account.for_each_member([&](std::string_view name, JsonValue value) {
    if (name == "acct") status.account_name = value.text(arena);
    if (name == "display_name") status.account_display_name = value.text(arena);
    if (name == "url") status.account_url = value.text(arena);
  });
}

void read_text(std::string_view name, JsonValue value, Status& status, Arena& arena) {
  const auto take = [&](std::string_view wanted, Text& text) {
    if (name == wanted) text = value.text(arena);
  };
  take("id", status.id);
  take("uri", status.uri);
  take("url", status.url);
  take("created_at", status.created_at);
  take("edited_at", status.edited_at);
  take("spoiler_text", status.spoiler_text);
  take("visibility", status.visibility);
  take("language", status.language);
  take("content", status.content);
}

void read_list(std::string_view name, JsonValue value, Status& status) {
  if (name == "media_attachments") status.media = value;
  if (name == "tags") status.tags = value;
  if (name == "mentions") status.mentions = value;
}

void read_object(std::string_view name, JsonValue value, Status& status, Arena& arena) {
  if (name == "account") read_account(value, status, arena);
  if (name == "card") status.card = value;
  if (name == "poll") status.poll = value;
  if (name == "quote") status.has_quote = true;
}

}  // namespace

Status read_status(JsonValue value, Arena& arena) {
  const JsonValue boosted = value.member("reblog");
  if (boosted.is_object()) value = boosted;
  Status status;
  value.for_each_member([&](std::string_view name, JsonValue member) {
    if (member.is_text()) return read_text(name, member, status, arena);
    if (member.is_array()) return read_list(name, member, status);
    if (member.is_object()) return read_object(name, member, status, arena);
    if (name == "bookmarked") status.bookmarked = member.flag();
    if (name == "favourited") status.favourited = member.flag();
  });
  return status;
}

}  // namespace linkferry::mastodon

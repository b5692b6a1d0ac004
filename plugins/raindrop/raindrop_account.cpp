#include "raindrop/raindrop_account.hpp"

#include <charconv>

#include "linkferry/timestamp_text.hpp"
#include "raindrop/raindrop_collections.hpp"
#include "raindrop/raindrop_item.hpp"

namespace linkferry::raindrop {
namespace {

constexpr std::string_view mark = "raindrop1";

std::int64_t milliseconds_of(const Timestamp& time) {
  return time.is_known() ? time.seconds * 1000 + time.nanoseconds / 1'000'000 : 0;
}

bool take_number(std::string_view& text, std::int64_t& number) {
  if (!text.starts_with(' ')) return false;
  text.remove_prefix(1);
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{}) return false;
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  return true;
}

std::string counted(std::int64_t count, const char* what) {
  return std::to_string(count) + " " + what;
}

}  // namespace

User read_user(Api& api, std::stop_token stop) {
  const Answer answer = api.read("/user", std::move(stop));
  const common::JsonValue value = answer.member("user");
  if (!value.is_object()) throw api.failure_of(answer.response, "expected a user of Raindrop");
  User user;
  user.name = value.member("fullName").string();
  user.is_pro = value.member("pro").flag() == Flag::yes;
  user.last_update_ms = milliseconds_of(parse_rfc3339(value.member("lastUpdate").string()));
  value.member("groups").for_each_item([&user](common::JsonValue group) {
    group.member("collections").for_each_item([&user](common::JsonValue id) {
      if (const auto number = id.number()) user.roots_order.push_back(*number);
    });
  });
  return user;
}

Stats read_stats(Api& api, std::stop_token stop) {
  const Answer answer = api.read("/user/stats", std::move(stop));
  Stats stats;
  answer.member("items").for_each_item([&stats](common::JsonValue item) {
    const auto id = item.member("_id").number();
    const std::int64_t count = item.member("count").number().value_or(-1);
    if (id == all_id) stats.all = count;
    if (id == unsorted_id) stats.unsorted = count;
    if (id == trash_id) stats.trash = count;
  });
  return stats;
}

std::string format_checkpoint(const ApiCheckpoint& checkpoint) {
  std::string text(mark);
  for (const std::int64_t number : {checkpoint.last_update_ms, checkpoint.all, checkpoint.trash})
    text.append(" ").append(std::to_string(number));
  return text;
}

std::optional<ApiCheckpoint> parse_checkpoint(std::string_view text) {
  if (!text.starts_with(mark)) return {};
  text.remove_prefix(mark.size());
  ApiCheckpoint read;
  if (!take_number(text, read.last_update_ms) || !take_number(text, read.all) ||
      !take_number(text, read.trash) || !text.empty() || read.last_update_ms <= 0)
    return {};
  return read;
}

void look_up_items(Api& api, std::span<const Text> ids, std::span<Absence> absences,
                   std::stop_token stop) {
  for (std::size_t i = 0; i < ids.size(); ++i) {
    const Answer answer = api.ask("GET", "/raindrop/" + percent_encode(ids[i]), "", true, stop);
    Arena arena;
    const auto item = read_item(answer.member("item"), arena);
    if (answer.response.status == 403) continue;
    if (answer.response.status == 404) {
      absences[i] = Absence::removed;
    } else if (answer.is_error()) {
      throw api.failure_of(answer.response, "");
    } else if (item) {
      absences[i] = item->is_in_trash() ? Absence::removed : Absence::present;
    }
  }
}

std::vector<std::string> describe_account(Api& api, std::stop_token stop) {
  const User user = read_user(api, stop);
  const Stats stats = read_stats(api, stop);
  Collections collections(api);
  collections.load(stop, user.roots_order);
  std::vector<std::string> sentences;
  sentences.push_back("Raindrop.io answers at " + api.base_url() + " for the account " +
                      (user.name.empty() ? "of the token" : user.name) +
                      (user.is_pro ? ", which is Pro" : ""));
  std::string counts = "it has " + counted(stats.all, "bookmarks, ") +
                       counted(stats.unsorted, "of them in no collection, and ") +
                       counted(stats.trash, "in Trash");
  sentences.push_back(std::move(counts));
  std::int64_t read_only = 0;
  const auto all = collections.in_order();
  for (const Collection* collection : all) read_only += collection->is_writable() ? 0 : 1;
  sentences.push_back("it has " + counted(static_cast<std::int64_t>(all.size()), "collections") +
                      (read_only == 0 ? ""
                                      : ", " + counted(read_only,
                                                       "of them of others, which can "
                                                       "be read only")));
  sentences.emplace_back(
      "the token may read, add, change and delete everything of that account (Raindrop has no "
      "others)");
  if (user.last_update_ms == 0) {
    sentences.emplace_back(
        "the service does not tell when it was changed last, so that each reading lists all");
  }
  return sentences;
}

}  // namespace linkferry::raindrop

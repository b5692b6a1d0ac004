#include "support/fakes/fake_bkmark.hpp"

#include <Poco/URI.h>
#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <set>

#include "support/fakes/fake_linkding_requests.hpp"

namespace linkferry::test {
namespace {

constexpr const char* login_page =
    "<!doctype html>\n<html><head><title>Log in to Bkmark</title></head><body></body></html>";

Reply html(int status) {
  Reply reply = Reply::of(status, login_page);
  reply.headers = {{"Content-Type", "text/html; charset=utf-8"}};
  return reply;
}

std::string quoted_list(const std::vector<std::string>& items) {
  std::string list;
  for (const std::string& item : items) list += (list.empty() ? "" : ",") + item;
  return "[" + list + "]";
}

const std::set<std::string> known_parameters = {"cursor",     "limit",      "groupId",  "tagId",
                                                "isFavorite", "isArchived", "isUnread", "type",
                                                "source",     "sortField",  "sortDir"};

}  // namespace

std::string FakeBkmark::Call::parameter(const std::string& name) const {
  const auto found = query.find(name);
  return found == query.end() ? "" : found->second;
}

FakeBkmark::FakeBkmark() : FakeBkmark(Options()) {}

FakeBkmark::FakeBkmark(Options options)
    : options_(std::move(options)),
      server_(std::make_unique<HttpServer>([this](const SeenRequest& request) {
        Reply reply = answer(request);
        reply.delay = options_.latency;
        return reply;
      })) {}

BkmarkLibrary& FakeBkmark::library(const std::string& place) {
  const std::lock_guard lock(mutex_);
  return library_at(place);
}

BkmarkLibrary& FakeBkmark::library_at(const std::string& place) {
  auto& library = libraries_[place];
  if (!library) library = std::make_unique<BkmarkLibrary>();
  return *library;
}

std::size_t FakeBkmark::writes() const {
  std::size_t sum = 0;
  for (const Kind kind : {Kind::create, Kind::update, Kind::tags, Kind::groups, Kind::remove,
                          Kind::purge, Kind::restore, Kind::bulk, Kind::import})
    sum += count(kind);
  return sum;
}

std::size_t FakeBkmark::requests() const {
  std::size_t sum = 0;
  for (const auto& number : counts_) sum += number;
  return sum;
}

void FakeBkmark::forget_counts() {
  for (auto& number : counts_) number = 0;
}

Reply FakeBkmark::answer(const SeenRequest& request) {
  const std::lock_guard lock(mutex_);
  Call call;
  call.method = request.method;
  call.body = request.body;
  for (const auto& [name, value] : Poco::URI(request.target).getQueryParameters())
    call.query.emplace(name, value);
  const std::string path = request.path();
  const std::size_t start = path.find("/bookmarks");
  if (start == std::string::npos || start == 0) return html(404);
  call.path = path.substr(start + std::string("/bookmarks").size());
  call.library = &library_at(path.substr(1, start - 1));
  if (request.header("Authorization") != "Bearer " + options_.token)
    return error(401, "unauthorized", "the token is not valid");
  if (options_.forbids && options_.forbids(request))
    return error(403, "forbidden", "that is not yours");
  if (is_turn(options_.too_many_requests, requests_)) {
    note(Kind::other);
    return error(429, "too_many_requests", "slow down").with("Retry-After", "2");
  }
  if (call.method != "GET" && is_turn(options_.fail_before, befores_)) {
    note(Kind::other);
    return error(503, "unavailable", "come back later");
  }
  return with_faults(route(call), call);
}

Reply FakeBkmark::with_faults(Reply reply, const Call& call) {
  const bool is_write = call.method != "GET";
  if (reply.status >= 300) return reply;
  if (is_write && is_turn(options_.fail_after, afters_))
    return error(502, "bad_gateway", "the proxy lost it");
  if (is_turn(options_.login_page, pages_)) return html(200);
  if (is_turn(options_.cut_json, cuts_)) reply.body.resize(reply.body.size() / 2);
  const bool is_create = is_write && call.path.empty();
  if (is_create && is_turn(options_.lose_reply_of_create, creates_))
    reply.fault = Fault::lost_reply;
  if (is_write && !is_create && is_turn(options_.lose_reply_of_write, other_writes_))
    reply.fault = Fault::lost_reply;
  return reply;
}

Reply FakeBkmark::route(const Call& call) {
  if (call.path.empty()) return call.method == "POST" ? create(call) : list(call, false);
  if (call.path == "/export") return exported(call);
  if (call.path == "/import") return import(call);
  if (call.path == "/bulk") return bulk(call);
  if (call.path == "/trash") return list(call, true);
  if (call.path == "/trash-count") {
    note(Kind::trash_count);
    return Reply::json(fmt::format(R"({{"count":{}}})", call.library->trash().size()));
  }
  const std::size_t slash = std::min(call.path.find('/', 1), call.path.size());
  return one(call, call.path.substr(1, slash - 1), call.path.substr(slash));
}

Reply FakeBkmark::one(const Call& call, const std::string& id, const std::string& action) {
  const std::map<std::string, Kind> kinds = {{"GET", Kind::get},
                                             {"PATCH", Kind::update},
                                             {"DELETE", Kind::remove},
                                             {"POST/tags", Kind::tags},
                                             {"POST/groups", Kind::groups},
                                             {"POST/restore", Kind::restore},
                                             {"DELETE/permanent", Kind::purge}};
  const auto kind = kinds.find(call.method + action);
  if (kind == kinds.end()) return html(404);
  note(kind->second);
  BkmarkRow* const row = call.library->find(id);
  const bool is_purge = kind->second == Kind::purge;
  if (is_purge && !options_.has_permanent_path) return html(404);
  if (row == nullptr) return error(404, "not_found", "there is no such bookmark");
  if (kind->second == Kind::restore) return restore(call, *row);
  if (kind->second == Kind::remove || is_purge) return remove(call, *row);
  const bool is_hidden = row->is_in_trash && !(call.method == "GET" && options_.get_shows_trash);
  if (is_hidden) return error(404, "not_found", "there is no such bookmark");
  if (kind->second == Kind::update) return patch(call, *row);
  if (kind->second == Kind::tags) return set_tags(call, *row);
  if (kind->second == Kind::groups) return set_groups(call, *row);
  return shown(200, *row, call);
}

bool FakeBkmark::passes(const BkmarkRow& row, const Call& call) const {
  const auto is_asked = [&call](const char* name) { return call.parameter(name) == "true"; };
  if (is_asked("isFavorite") && !row.is_favorite) return false;
  if (is_asked("isArchived") && !row.is_archived) return false;
  if (!options_.list_has_archived && row.is_archived && !is_asked("isArchived")) return false;
  if (is_asked("isUnread") && row.read) return false;
  if (call.has("type") && call.parameter("type") != row.type) return false;
  if (call.has("source") && call.parameter("source") != row.source) return false;
  if (call.has("groupId") &&
      std::ranges::find(row.groups, call.parameter("groupId")) == row.groups.end())
    return false;
  if (call.has("tagId")) {
    const auto is_it = [&](const std::string& tag) {
      return "tag-" + tag == call.parameter("tagId");
    };
    if (std::ranges::none_of(row.tags, is_it)) return false;
  }
  if (options_.search_parameter.empty() || !call.has(options_.search_parameter)) return true;
  const std::string word = call.parameter(options_.search_parameter);
  return (row.title + "\n" + row.description.value_or("") + "\n" + row.url).find(word) !=
         std::string::npos;
}

Reply FakeBkmark::list(const Call& call, bool is_trash) {
  note(is_trash ? Kind::trash : Kind::list);
  for (const auto& [name, value] : call.query) {
    const bool is_known = known_parameters.contains(name) || name == options_.search_parameter;
    if (options_.refuses_unknown_parameters && !is_known)
      return error(400, "bad_request", "property " + name + " should not exist");
  }
  std::size_t limit = 20;
  const std::string asked = call.parameter("limit");
  std::from_chars(asked.data(), asked.data() + asked.size(), limit);
  if (limit < 1 || limit > 100) return error(400, "bad_request", "limit must be from 1 to 100");
  std::vector<const BkmarkRow*> rows;
  for (const BkmarkRow& row : call.library->rows())
    if (row.is_in_trash == is_trash && (is_trash || passes(row, call))) rows.push_back(&row);
  std::ranges::stable_sort(rows, {}, &BkmarkRow::created);
  if (call.parameter("sortDir") != "asc") std::ranges::reverse(rows);
  std::size_t start = 0;
  if (const std::string cursor = call.parameter("cursor"); !cursor.empty()) {
    const auto at = std::ranges::find(rows, cursor, &BkmarkRow::id);
    if (at == rows.end() && options_.refuses_lost_cursors)
      return error(400, "bad_request", "cursor does not exist");
    start = at == rows.end() ? rows.size() : static_cast<std::size_t>(at - rows.begin()) + 1;
  }
  const std::size_t end = std::min(rows.size(), start + limit);
  std::vector<std::string> items;
  for (std::size_t i = start; i < end; ++i) items.push_back(json_of(*rows[i], *call.library));
  const bool has_more = end < rows.size() || (options_.ends_with_empty_page && end > start);
  Reply reply = Reply::json(fmt::format(R"({{"data":{},"nextCursor":{}}})", quoted_list(items),
                                        has_more ? json_text(rows[end - 1]->id) : "null"));
  if (options_.on_page) options_.on_page(*call.library);
  return reply;
}

Reply FakeBkmark::remove(const Call& call, BkmarkRow& row) {
  const bool is_for_good =
      call.path.ends_with("/permanent") || call.parameter("permanent") == "true";
  if (!is_for_good && row.is_in_trash && !options_.delete_purges_trash)
    return error(404, "not_found", "there is no such bookmark");
  if (is_for_good || row.is_in_trash) {
    call.library->purge(row.id);
  } else {
    row.is_in_trash = true;
    call.library->touch(row);
  }
  return Reply::of(204, "");
}

Reply FakeBkmark::restore(const Call& call, BkmarkRow& row) {
  if (!row.is_in_trash) return error(404, "not_found", "it is not in trash");
  row.is_in_trash = false;
  call.library->touch(row);
  return shown(200, row, call);
}

Reply FakeBkmark::exported(const Call& call) {
  note(Kind::exported);
  std::vector<std::string> items;
  for (const BkmarkRow& row : call.library->rows()) {
    if (row.is_in_trash && !options_.export_has_trash) continue;
    if (row.is_archived && !options_.export_has_archived) continue;
    items.push_back(json_of(row, *call.library));
  }
  Reply reply = Reply::json(quoted_list(items));
  if (is_turn(options_.cut_export, exports_)) reply.fault = Fault::reset_body;
  return reply;
}

Reply FakeBkmark::error(int status, const std::string& code, const std::string& message,
                        const std::string& id) const {
  const std::string more = id.empty() ? "" : ",\"existingId\":" + json_text(id);
  std::string body;
  switch (options_.errors) {
    case ErrorShape::code:
      body =
          fmt::format(R"({{"code":{},"message":{}{}}})", json_text(code), json_text(message), more);
      break;
    case ErrorShape::error:
      body = fmt::format(R"({{"error":{},"message":[{}]{}}})", json_text(code), json_text(message),
                         more);
      break;
    case ErrorShape::nested:
      body = fmt::format(R"({{"error":{{"code":{},"message":{}{}}}}})", json_text(code),
                         json_text(message), more);
      break;
    case ErrorShape::bare:
      break;
  }
  return Reply::of(status, body);
}

Reply FakeBkmark::shown(int status, const BkmarkRow& row, const Call& call) const {
  const std::string json = json_of(row, *call.library);
  if (options_.answers_without_body && status == 200 && call.method != "GET")
    return Reply::of(204, "");
  return Reply::of(status, options_.wraps_objects ? "{\"data\":" + json + "}" : json);
}

std::string FakeBkmark::json_of(const BkmarkRow& row, const BkmarkLibrary& library) const {
  const auto nullable = [](const std::optional<std::string>& text) {
    return text ? json_text(*text) : "null";
  };
  std::vector<std::string> tags;
  for (const std::string& tag : row.tags) {
    const auto color = library.colors.find(tag);
    tags.push_back(fmt::format(R"({{"id":{},"name":{},"color":{}}})", json_text("tag-" + tag),
                               json_text(tag),
                               color == library.colors.end() ? "null" : json_text(color->second)));
  }
  std::vector<std::string> groups;
  for (const std::string& id : row.groups)
    groups.push_back(
        fmt::format(R"({{"id":{},"name":{}}})", json_text(id), json_text(library.groups().at(id))));
  return fmt::format(
      R"({{"id":{},"url":{},"title":{},"description":{},"type":"{}","source":"{}","isFavorite":{},)"
      R"("isArchived":{},"readAt":{},"tags":{},"groups":{},"createdAt":"{}","updatedAt":"{}"}})",
      json_text(row.id), row.url.empty() ? "null" : json_text(row.url), json_text(row.title),
      nullable(row.description), row.type, row.source, row.is_favorite, row.is_archived,
      row.read ? json_text(bkmark_date(*row.read)) : "null", quoted_list(tags), quoted_list(groups),
      bkmark_date(row.created), bkmark_date(row.updated));
}

}  // namespace linkferry::test

#include "support/fakes/fake_linkding.hpp"

#include <Poco/URI.h>
#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "linkferry/timestamp_text.hpp"
#include "support/fakes/fake_linkding_requests.hpp"

namespace linkferry::test {
namespace {

Reply not_found() { return Reply::of(404, R"({"detail":"No Bookmark matches the given query."})"); }

Reply unauthorized(const std::string& detail) {
  return Reply::of(401, fmt::format(R"({{"detail":"{}"}})", detail))
      .with("WWW-Authenticate", "Token");
}

std::map<std::string, std::string> query_of(const std::string& target) {
  std::map<std::string, std::string> query;
  const std::size_t mark = target.find('?');
  if (mark == std::string::npos) return query;
  for (std::size_t start = mark + 1; start < target.size();) {
    const std::size_t end = std::min(target.find('&', start), target.size());
    const std::string pair = target.substr(start, end - start);
    const std::size_t equals = std::min(pair.find('='), pair.size());
    std::string text = equals < pair.size() ? pair.substr(equals + 1) : "";
    std::replace(text.begin(), text.end(), '+', ' ');
    std::string value;
    Poco::URI::decode(text, value);
    query[pair.substr(0, equals)] = value;
    start = end + 1;
  }
  return query;
}

}  // namespace

FakeLinkding::FakeLinkding() : FakeLinkding(Options()) {}

FakeLinkding::FakeLinkding(Options options)
    : options_(std::move(options)),
      random_(options_.seed),
      server_(std::make_unique<HttpServer>(
          [this](const SeenRequest& request) { return answer(request); })) {}

LinkdingLibrary& FakeLinkding::library(const std::string& place) {
  const std::lock_guard lock(mutex_);
  return library_at(place);
}

LinkdingLibrary& FakeLinkding::library_at(const std::string& place) {
  auto& library = libraries_[place];
  if (!library) library = std::make_unique<LinkdingLibrary>(minor());
  return *library;
}

int FakeLinkding::minor() const {
  int number = 0;
  const std::size_t dot = options_.version.find('.');
  const char* const start = options_.version.data() + dot + 1;
  std::from_chars(start, options_.version.data() + options_.version.size(), number);
  return number;
}

std::size_t FakeLinkding::reads() const {
  std::size_t sum = 0;
  for (const Kind kind : {Kind::list, Kind::get, Kind::check, Kind::files, Kind::download,
                          Kind::tags, Kind::profile, Kind::health, Kind::other})
    sum += count(kind);
  return sum;
}

std::size_t FakeLinkding::writes() const {
  return count(Kind::create) + count(Kind::update) + count(Kind::archive) + count(Kind::remove) +
         count(Kind::upload);
}

void FakeLinkding::forget_counts() {
  for (auto& number : counts_) number = 0;
}

Reply FakeLinkding::answer(const SeenRequest& request) {
  const std::lock_guard lock(mutex_);
  Call call;
  call.method = request.method;
  call.target = request.target;
  call.body = request.body;
  call.content_type = request.header("Content-Type");
  call.has_length = !request.header("Content-Length").empty();
  call.query = query_of(request.target);
  const std::string path = request.path();
  const std::size_t start = std::min({path.find("/api/"), path.rfind("/health"), path.size()});
  call.path = path.substr(start);
  const std::string place =
      path.substr(std::min<std::size_t>(1, start), start == 0 ? 0 : start - 1);
  call.library = &library_at(place);
  // The name by which the proxy calls the server: nothing that a client can reach.
  call.base = "http://linkding.internal:9090/" + place;
  Reply reply;
  if (is_turn(options_.too_many_requests, requests_)) {
    note(Kind::other);
    reply = linkding_page(429, "429 Too Many Requests").with("Retry-After", "2");
  } else if (call.path == "/health") {
    note(Kind::health);
    reply = minor() < 17 ? linkding_page(404, "Not Found")
                         : Reply::json(fmt::format(R"({{"version":"{}","status":"healthy"}})",
                                                   options_.version));
  } else if (!call.path.starts_with("/api/")) {
    reply = linkding_page(404, "Not Found");
  } else if (const std::string token = request.header("Authorization"); token.empty()) {
    reply = unauthorized("Authentication credentials were not provided.");
  } else if (token != "Token " + options_.token) {
    reply = unauthorized("Invalid token.");
  } else if (!path.ends_with('/')) {
    reply = Reply::of(301, "").with("Location", path + "/");
  } else if (request.header("Accept").starts_with("text/html")) {
    reply = linkding_page(200, "Django REST framework");
  } else {
    reply = route(call);
  }
  reply.delay = options_.latency;
  return reply;
}

Reply FakeLinkding::route(const Call& call) {
  const std::string& path = call.path;
  const std::string bookmarks = "/api/bookmarks/";
  if (path == "/api/user/profile/") {
    note(Kind::profile);
    if (minor() < 22) return linkding_page(404, "Not Found");
    return Reply::json(minor() < 39
                           ? R"({"theme":"auto"})"
                           : fmt::format(R"({{"theme":"auto","version":"{}"}})", options_.version));
  }
  if (path == "/api/tags/") return tags(call);
  if (path == bookmarks) return call.method == "POST" ? post(call) : list(call, false);
  if (path == bookmarks + "archived/") return list(call, true);
  if (path == bookmarks + "check/") return check(call);
  if (!path.starts_with(bookmarks)) return linkding_page(404, "Not Found");
  const std::string rest = path.substr(bookmarks.size());
  std::int64_t id = 0;
  const auto [end, error] = std::from_chars(rest.data(), rest.data() + rest.size(), id);
  if (error != std::errc{}) return Reply::of(404, R"({"detail":"Not found."})");
  return one(call, id, std::string(end, rest.data() + rest.size()));
}

Reply FakeLinkding::list(const Call& call, bool is_archived) {
  note(Kind::list);
  LinkdingLibrary::Query query;
  query.is_archived = is_archived;
  const auto parameter = [&call](const std::string& name) {
    const auto found = call.query.find(name);
    return found == call.query.end() ? std::string() : found->second;
  };
  if (minor() >= 41) {
    query.modified_since = read_linkding_date(parameter("modified_since"));
    query.added_since = read_linkding_date(parameter("added_since"));
  }
  if (minor() >= 22 && !parameter("sort").empty()) query.sort = parameter("sort");
  const auto rows = call.library->list(query);
  std::size_t limit = linkding_number(call.query, "limit", 100);
  if (options_.max_limit != 0) limit = std::min(limit, options_.max_limit);
  const std::size_t offset = linkding_number(call.query, "offset", 0);
  const std::size_t end = std::min(rows.size(), offset + limit);
  std::string results;
  for (std::size_t i = offset; i < end; ++i)
    results += (i == offset ? "" : ",") + json_of(*rows[i]);
  const std::string next = end < rows.size()
                               ? json_text(fmt::format("{}{}?limit={}&offset={}", call.base,
                                                       call.path, limit, offset + limit))
                               : "null";
  Reply reply = Reply::json(fmt::format(
      R"({{"count":{},"next":{},"previous":null,"results":[{}]}})", rows.size(), next, results));
  if (is_turn(options_.reset_list, lists_)) reply.fault = Fault::reset_body;
  if (options_.on_page) options_.on_page(*call.library, call.target);
  return reply;
}

Reply FakeLinkding::post(const Call& call) {
  note(Kind::create);
  const auto read = read_linkding_fields(call.body, options_.checks_urls);
  if (const auto* errors = std::get_if<std::string>(&read)) return Reply::of(400, *errors);
  const auto& fields = std::get<LinkdingLibrary::Fields>(read);
  if (!fields.url) return Reply::of(400, R"({"url":["This field is required."]})");
  if (is_locked(options_.locked_percent)) {
    call.library->post_without_tags(fields);
    return linkding_page(500, "Server Error (500)");
  }
  LinkdingRow& row = call.library->post(fields);
  const bool is_scraped = !call.query.contains("disable_scraping") || minor() < 35;
  if (is_scraped && row.title.empty()) row.title = "Scraped title";
  if (is_scraped && row.description.empty()) row.description = "Scraped description";
  Reply reply = Reply::of(201, json_of(row));
  // The page that is bookmarked: an oddity of the framework, which refuses line ends in headers.
  if (row.url.find_first_of("\r\n") == std::string::npos) reply.with("Location", row.url);
  if (is_turn(options_.lose_reply_of_create, creates_)) reply.fault = Fault::lost_reply;
  return reply;
}

Reply FakeLinkding::one(const Call& call, std::int64_t id, const std::string& action) {
  LinkdingRow* const row = call.library->find(id);
  if (action == "/archive/" || action == "/unarchive/") {
    note(Kind::archive);
    if (call.method != "POST") return Reply::of(405, R"({"detail":"Method not allowed."})");
    if (row == nullptr) return not_found();
    call.library->set_archived(*row, action == "/archive/");
    return Reply::of(204, "");
  }
  if (action.starts_with("/assets/")) {
    if (row == nullptr) return Reply::of(404, R"({"detail":"Bookmark does not exist"})");
    return assets(call, *row, action.substr(std::string_view("/assets/").size()));
  }
  if (action != "/") return linkding_page(404, "Not Found");
  if (call.method == "DELETE") {
    note(Kind::remove);
    if (is_locked(options_.locked_remove_percent)) return linkding_page(500, "Server Error (500)");
    Reply reply = call.library->remove(id) ? Reply::of(204, "") : not_found();
    if (is_turn(options_.lose_reply_of_remove, removes_)) reply.fault = Fault::lost_reply;
    return reply;
  }
  note(call.method == "GET" ? Kind::get : Kind::update);
  if (row == nullptr) return not_found();
  if (call.method == "GET") return Reply::json(json_of(*row));
  if (is_locked(options_.locked_update_percent)) return linkding_page(500, "Server Error (500)");
  const auto read = read_linkding_fields(call.body, options_.checks_urls);
  if (const auto* errors = std::get_if<std::string>(&read)) return Reply::of(400, *errors);
  const auto& fields = std::get<LinkdingLibrary::Fields>(read);
  if (fields.url && call.library->has_other(*row, *fields.url))
    return Reply::of(400, R"({"url":["A bookmark with this URL already exists."]})");
  call.library->patch(*row, fields);
  Reply reply = Reply::json(json_of(*row));
  if (is_turn(options_.lose_reply_of_update, updates_)) reply.fault = Fault::lost_reply;
  return reply;
}

Reply FakeLinkding::tags(const Call& call) {
  note(Kind::tags);
  std::string results;
  std::size_t id = 0;
  for (const auto& [lower, name] : call.library->tags()) {
    results += fmt::format(R"({}{{"id":{},"name":{},"date_added":"2026-01-02T03:04:05Z"}})",
                           id == 0 ? "" : ",", id + 1, json_text(name));
    ++id;
  }
  return Reply::json(
      fmt::format(R"({{"count":{},"next":null,"previous":null,"results":[{}]}})", id, results));
}

Reply FakeLinkding::check(const Call& call) {
  note(Kind::check);
  const auto url = call.query.find("url");
  const LinkdingRow* row = url == call.query.end() ? nullptr : call.library->find_url(url->second);
  return Reply::json(fmt::format(
      R"({{"bookmark":{},"metadata":{{"url":null,"title":null,"description":null}},"auto_tags":[]}})",
      row == nullptr ? "null" : json_of(*row)));
}

std::string FakeLinkding::date_of(Microseconds time) const {
  Microseconds seconds = time / 1'000'000;
  Microseconds rest = time % 1'000'000;
  if (rest < 0) rest += 1'000'000, --seconds;
  Timestamp stamp{seconds + options_.zone_minutes * 60, static_cast<std::uint32_t>(rest) * 1000,
                  rest == 0 ? Precision::second : Precision::microsecond};
  std::string text = format_rfc3339(stamp);
  if (options_.zone_minutes == 0) return text;
  text.pop_back();
  const int zone = std::abs(options_.zone_minutes);
  return text +
         fmt::format("{}{:02}:{:02}", options_.zone_minutes < 0 ? '-' : '+', zone / 60, zone % 60);
}

std::string FakeLinkding::json_of(const LinkdingRow& row) const {
  std::string tags;
  for (const std::string& tag : row.tags) tags += (tags.empty() ? "" : ",") + json_text(tag);
  std::string moment = format_rfc3339({row.added / 1'000'000, 0, Precision::second});
  std::erase_if(moment, [](char c) { return c < '0' || c > '9'; });
  return fmt::format(
      R"({{"id":{},"url":{},"title":{},"description":{},"notes":{},"web_archive_snapshot_url":{},)"
      R"("favicon_url":null,"preview_image_url":null,"is_archived":{},"unread":{},"shared":{},)"
      R"("tag_names":[{}],"date_added":"{}","date_modified":"{}","website_title":null,)"
      R"("website_description":null}})",
      row.id, json_text(row.url), json_text(row.title), json_text(row.description),
      json_text(row.notes), json_text("https://web.archive.org/web/" + moment + "/" + row.url),
      row.is_archived, row.is_unread, row.is_shared, tags, date_of(row.added),
      date_of(row.modified));
}

}  // namespace linkferry::test

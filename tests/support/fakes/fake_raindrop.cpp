#include "support/fakes/fake_raindrop.hpp"

#include <Poco/JSON/Array.h>
#include <Poco/URI.h>
#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <set>

#include "support/fakes/fake_raindrop_json.hpp"

namespace linkferry::test {
namespace {

constexpr std::size_t most_in_a_page = 50;
constexpr unsigned most_in_a_call = 100;

Reply html(int status, const std::string& title) {
  Reply reply = Reply::of(status, "<!doctype html>\n<html><head><title>" + title +
                                      "</title></head><body><h1>" + title + "</h1></body></html>");
  reply.headers = {{"Content-Type", "text/html; charset=utf-8"}};
  return reply;
}

Reply refused(int status, const std::string& message) {
  return Reply::of(status, fmt::format(R"({{"result":false,"error":-1,"errorMessage":{}}})",
                                       raindrop_text(message)));
}

Reply not_found() {
  return Reply::of(404, R"({"result":false,"error":-1,"errorMessage":"not found"})");
}

Reply one(const RaindropRow& row) {
  return Reply::json(fmt::format(R"({{"result":true,"item":{}}})", raindrop_json(row)));
}

std::map<std::string, std::string> query_of(const std::string& target) {
  std::map<std::string, std::string> query;
  for (const auto& [name, value] : Poco::URI(target).getQueryParameters()) query[name] = value;
  return query;
}

std::size_t number_of(const std::map<std::string, std::string>& query, const std::string& name,
                      std::size_t fallback) {
  const auto found = query.find(name);
  if (found == query.end()) return fallback;
  std::size_t number = 0;
  std::from_chars(found->second.data(), found->second.data() + found->second.size(), number);
  return number;
}

/// The number behind a prefix of the path.
std::int64_t id_in(const std::string& path, std::size_t prefix) {
  std::int64_t id = 0;
  std::from_chars(path.data() + prefix, path.data() + path.size(), id);
  return id;
}

std::set<std::int64_t> ids_in(const Poco::JSON::Object::Ptr& object) {
  std::set<std::int64_t> ids;
  const auto list = object->getArray("ids");
  for (unsigned i = 0; !list.isNull() && i < list->size(); ++i)
    ids.insert(list->getElement<std::int64_t>(i));
  return ids;
}

}  // namespace

FakeRaindrop::FakeRaindrop() : FakeRaindrop(Options()) {}

FakeRaindrop::FakeRaindrop(Options options)
    : options_(std::move(options)),
      server_(std::make_unique<HttpServer>([this](const SeenRequest& request) {
        Reply reply = answer(request);
        reply.delay = options_.latency;
        return reply;
      })) {}

RaindropAccount& FakeRaindrop::account(const std::string& place) {
  const std::lock_guard lock(mutex_);
  return account_at(place);
}

RaindropAccount& FakeRaindrop::account_at(const std::string& place) {
  auto& account = accounts_[place];
  if (!account) {
    account = std::make_unique<RaindropAccount>();
    account->age = 60'000;
  }
  return *account;
}

std::size_t FakeRaindrop::requests() const {
  std::size_t sum = 0;
  for (const auto& number : counts_) sum += number;
  return sum;
}

std::size_t FakeRaindrop::writes() const {
  std::size_t sum = 0;
  for (const Kind kind : {Kind::create, Kind::create_many, Kind::update, Kind::update_many,
                          Kind::remove, Kind::remove_many, Kind::make_collection})
    sum += count(kind);
  return sum;
}

void FakeRaindrop::forget_counts() {
  for (auto& number : counts_) number = 0;
}

Reply FakeRaindrop::answer(const SeenRequest& request) {
  const std::lock_guard lock(mutex_);
  ++requests_;
  const Faults& faults = options_.faults;
  const std::string path = request.path();
  const std::size_t api = path.find("/rest/v1");
  const std::string place = path.substr(1, std::min(api, path.find("/oauth")) - 1);
  if (is_turn(faults.too_many)) {
    return html(429, "Too Many Requests")
        .with("X-RateLimit-Limit", "120")
        .with("X-RateLimit-Remaining", "0")
        .with("X-RateLimit-Reset", std::to_string(std::time(nullptr) + 20));
  }
  if (is_turn(faults.error_before)) return html(503, "Service Unavailable");
  if (is_turn(faults.html_before)) return html(200, "We will be back soon");
  if (is_turn(faults.refused))
    return refused(200, "something went wrong for " + request.header("Authorization"));
  Reply reply = answer_calmly(request, place, api == std::string::npos ? "" : path.substr(api + 8));
  if (is_turn(faults.error_after)) return html(500, "Internal Server Error");
  if (is_turn(faults.html_after)) return html(200, "We will be back soon");
  if (is_turn(faults.cut_json)) reply.body.resize(reply.body.size() / 2);
  if (is_turn(faults.lost)) reply.fault = Fault::lost_reply;
  if (is_turn(faults.reset)) reply.fault = Fault::reset_body;
  return reply;
}

Reply FakeRaindrop::answer_calmly(const SeenRequest& request, const std::string& place,
                                  const std::string& path) {
  if (path.empty()) {
    const bool is_token = request.path().ends_with("/oauth/access_token");
    return is_token && request.method == "POST" ? token(request.body) : html(404, "Not Found");
  }
  if (request.header("Authorization") != "Bearer " + options_.token) {
    return Reply::of(401, R"({"result":false,"status":401,"errorMessage":"Unauthorized"})");
  }
  if (options_.forbids && options_.forbids(request)) return refused(403, "access denied");
  Call call;
  call.method = request.method;
  call.path = path;
  call.query = query_of(request.target);
  call.target = request.target;
  call.body = request.body;
  call.account = &account_at(place);
  Reply reply = route(call);
  reply.with("X-RateLimit-Limit", "120");
  return reply;
}

Reply FakeRaindrop::route(const Call& call) {
  const std::string& path = call.path;
  if (path == "/user") return user(call);
  if (path == "/user/stats") return stats(call);
  if (path == "/collections") return collections(call, true);
  if (path == "/collections/childrens") return collections(call, false);
  if (path == "/collection" && call.method == "POST") return make_collection(call);
  if (path == "/import/url/exists" && call.method == "POST") return exists(call);
  if (path.starts_with("/raindrops")) return route_many(call);
  if (path.starts_with("/raindrop")) return route_one(call);
  note(Kind::other);
  return not_found();
}

Reply FakeRaindrop::user(const Call& call) {
  note(Kind::user);
  std::string ids;
  for (const std::int64_t id : call.account->roots_order)
    ids += (ids.empty() ? "" : ",") + std::to_string(id);
  const std::string update =
      options_.tells_last_update
          ? fmt::format(R"("lastUpdate":"{}",)", raindrop_date(call.account->last_update()))
          : "";
  return Reply::json(fmt::format(
      R"({{"result":true,"user":{{"_id":32,"fullName":"Ann Reader","pro":false,{})"
      R"("groups":[{{"title":"My Collections","hidden":false,"sort":0,"collections":[{}]}}]}}}})",
      update, ids));
}

Reply FakeRaindrop::stats(const Call& call) {
  note(Kind::stats);
  const auto size = [&](std::int64_t id) { return call.account->list(id, "created").size(); };
  return Reply::json(
      fmt::format(R"({{"result":true,"items":[{{"_id":0,"count":{}}},{{"_id":-1,"count":{}}},)"
                  R"({{"_id":-99,"count":{}}}],"meta":{{"pro":false}}}})",
                  size(0), size(-1), size(-99)));
}

Reply FakeRaindrop::collections(const Call& call, bool is_roots) {
  note(Kind::collections);
  std::string items;
  for (const auto& [id, collection] : call.account->collections()) {
    if ((collection.parent == 0) != is_roots) continue;
    items += (items.empty() ? "" : ",") + raindrop_json(collection);
  }
  return Reply::json(fmt::format(R"({{"result":true,"items":[{}]}})", items));
}

Reply FakeRaindrop::make_collection(const Call& call) {
  note(Kind::make_collection);
  const auto object = read_raindrop_object(call.body);
  const std::string title = object->optValue<std::string>("title", "");
  const auto parent = object->getObject("parent");
  const std::int64_t parent_id = parent.isNull() ? 0 : parent->getValue<std::int64_t>("$id");
  if (title.empty()) return refused(400, "title is required");
  if (parent_id != 0 && !call.account->collections().contains(parent_id)) return not_found();
  const std::int64_t id = call.account->add_collection(title, parent_id);
  return Reply::json(fmt::format(R"({{"result":true,"item":{}}})",
                                 raindrop_json(call.account->collections()[id])));
}

Reply FakeRaindrop::route_one(const Call& call) {
  if (call.path == "/raindrop" && call.method == "POST") {
    note(Kind::create);
    const auto read = read_raindrop_fields(read_raindrop_object(call.body));
    if (const auto* problem = std::get_if<std::string>(&read)) return refused(400, *problem);
    const auto& fields = std::get<RaindropAccount::Fields>(read);
    if (!fields.link) return refused(400, "link is required");
    return one(call.account->create(fields));
  }
  const std::int64_t id = id_in(call.path, std::string_view("/raindrop/").size());
  RaindropRow* const row = call.account->find(id);
  if (call.method == "DELETE") {
    note(Kind::remove);
    return call.account->remove(id) ? Reply::json(R"({"result":true})") : not_found();
  }
  note(call.method == "GET" ? Kind::get : Kind::update);
  if (row == nullptr) return not_found();
  if (call.method == "GET") return one(*row);
  const auto read = read_raindrop_fields(read_raindrop_object(call.body));
  if (const auto* problem = std::get_if<std::string>(&read)) return refused(400, *problem);
  call.account->update(*row, std::get<RaindropAccount::Fields>(read));
  return one(*row);
}

Reply FakeRaindrop::route_many(const Call& call) {
  if (call.path == "/raindrops") return create_many(call);
  if (call.path == "/raindrops/0/export.csv") return exported(call);
  const std::int64_t collection = id_in(call.path, std::string_view("/raindrops/").size());
  return call.method == "GET" ? list(call, collection) : change_many(call, collection);
}

Reply FakeRaindrop::list(const Call& call, std::int64_t collection) {
  note(Kind::list);
  const auto sort = call.query.find("sort");
  const auto rows =
      call.account->list(collection, sort == call.query.end() ? "-created" : sort->second);
  const std::size_t size =
      std::clamp<std::size_t>(number_of(call.query, "perpage", 25), 1, most_in_a_page);
  const std::size_t start = std::min(rows.size(), number_of(call.query, "page", 0) * size);
  const std::size_t end = std::min(rows.size(), start + size);
  std::string items;
  for (std::size_t i = start; i < end; ++i)
    items += (i == start ? "" : ",") + raindrop_json(*rows[i]);
  const auto count =
      static_cast<std::int64_t>(rows.size()) + (collection == 0 ? options_.count_offset : 0);
  Reply reply = Reply::json(fmt::format(
      R"({{"result":true,"items":[{}],"count":{},"collectionId":{}}})", items, count, collection));
  if (options_.on_page) options_.on_page(*call.account, call.target);
  return reply;
}

Reply FakeRaindrop::create_many(const Call& call) {
  note(Kind::create_many);
  const auto list = read_raindrop_object(call.body)->getArray("items");
  if (list.isNull() || list->size() > most_in_a_call) return refused(400, "items: up to 100");
  std::vector<RaindropAccount::Fields> all;
  for (unsigned i = 0; i < list->size(); ++i) {
    const auto read = read_raindrop_fields(list->getObject(i));
    if (const auto* problem = std::get_if<std::string>(&read)) return refused(400, *problem);
    all.push_back(std::get<RaindropAccount::Fields>(read));
    if (!all.back().link) return refused(400, "link is required");
  }
  std::string items;
  for (const auto& fields : all)
    items += (items.empty() ? "" : ",") + raindrop_json(call.account->create(fields));
  return Reply::json(fmt::format(R"({{"result":true,"items":[{}]}})", items));
}

/// Without ids it is about all that is in the collection.
Reply FakeRaindrop::change_many(const Call& call, std::int64_t collection) {
  note(call.method == "DELETE" ? Kind::remove_many : Kind::update_many);
  const auto object = read_raindrop_object(call.body);
  const auto ids = ids_in(object);
  if (ids.empty()) ++calls_on_all_;
  std::size_t modified = 0;
  for (const RaindropRow* found : call.account->list(collection, "created")) {
    if (!ids.empty() && !ids.contains(found->id)) continue;
    ++modified;
    if (call.method == "DELETE") {
      call.account->remove(found->id);
      continue;
    }
    const auto read = read_raindrop_fields(object);
    if (const auto* problem = std::get_if<std::string>(&read)) return refused(400, *problem);
    auto fields = std::get<RaindropAccount::Fields>(read);
    // Here tags are added; an empty list takes them off.
    if (fields.tags && !fields.tags->empty())
      fields.tags->insert(fields.tags->begin(), found->tags.begin(), found->tags.end());
    call.account->update(*call.account->find(found->id), fields);
  }
  return Reply::json(fmt::format(R"({{"result":true,"modified":{}}})", modified));
}

Reply FakeRaindrop::exists(const Call& call) {
  note(Kind::exists);
  const auto urls = read_raindrop_object(call.body)->getArray("urls");
  if (!urls.isNull() && urls->size() > options_.most_looked_for)
    return refused(413, "request entity too large");
  std::string ids;
  std::string duplicates;
  for (unsigned i = 0; !urls.isNull() && i < urls->size(); ++i) {
    const auto url = urls->getElement<std::string>(i);
    for (const RaindropRow* row : call.account->same_as(url)) {
      ids += (ids.empty() ? "" : ",") + std::to_string(row->id);
      duplicates +=
          fmt::format(R"({}{{"_id":{},"link":{}}})", duplicates.empty() ? "" : ",", row->id,
                      raindrop_text(call.account->rewrites_links ? row->link : url));
    }
  }
  const std::string more =
      options_.tells_duplicates ? fmt::format(R"(,"duplicates":[{}])", duplicates) : "";
  return Reply::json(fmt::format(R"({{"result":{},"ids":[{}]{}}})", !ids.empty(), ids, more));
}

Reply FakeRaindrop::exported(const Call& call) {
  note(Kind::exported);
  Reply reply = Reply::of(200, raindrop_csv(*call.account));
  reply.headers = {{"Content-Type", "text/csv; charset=utf-8"}};
  return reply;
}

Reply FakeRaindrop::token(const std::string& body) {
  note(Kind::token);
  if (options_.on_token) options_.on_token();
  const auto object = read_raindrop_object(body);
  const auto text = [&](const char* name) { return object->optValue<std::string>(name, ""); };
  if (text("client_id") != options_.client_id || text("client_secret") != options_.client_secret)
    return Reply::of(400, R"({"result":false,"error":"incorrect_client"})");
  const bool is_code = text("grant_type") == "authorization_code" && text("code") == options_.code;
  const bool is_refresh =
      text("grant_type") == "refresh_token" && text("refresh_token") == options_.refresh_token;
  if (!is_code && !is_refresh)
    return Reply::of(400, R"({"result":false,"error":"bad_authorization_code"})");
  if (is_refresh) options_.refresh_token += "2";
  return Reply::json(fmt::format(
      R"({{"access_token":"{}","refresh_token":"{}","expires":1209599000,"expires_in":{},)"
      R"("token_type":"Bearer"}})",
      options_.token, options_.refresh_token, options_.expires_in));
}

}  // namespace linkferry::test

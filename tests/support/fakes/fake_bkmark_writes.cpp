// The half of the fake that writes.

#include <Poco/JSON/Array.h>
#include <Poco/JSON/Parser.h>
#include <fmt/format.h>

#include <algorithm>

#include "support/fakes/fake_bkmark.hpp"
#include "support/fakes/fake_linkding_requests.hpp"

namespace linkferry::test {
namespace {

using Poco::JSON::Array;
using Object = Poco::JSON::Object::Ptr;
using Poco::JSON::Parser;

Object parse_object(const std::string& body) {
  try {
    Parser parser;
    return parser.parse(body).extract<Object>();
  } catch (const Poco::Exception&) {
    return {};
  }
}

bool has(const Object& object, const std::string& name) {
  return object->has(name) && !object->isNull(name);
}

std::vector<std::string> texts_of(const Object& object, const std::string& name) {
  std::vector<std::string> texts;
  if (!has(object, name)) return texts;
  const Array::Ptr list = object->getArray(name);
  for (unsigned i = 0; i < list->size(); ++i) texts.push_back(list->getElement<std::string>(i));
  return texts;
}

/// Members of objects in a list: the names of tags, the ids of groups.
std::vector<std::string> members_of(const Object& object, const std::string& list_name,
                                    const std::string& member) {
  std::vector<std::string> texts;
  if (!has(object, list_name)) return texts;
  const Array::Ptr list = object->getArray(list_name);
  for (unsigned i = 0; i < list->size(); ++i)
    texts.push_back(list->getObject(i)->getValue<std::string>(member));
  return texts;
}

std::string lower(std::string text) {
  std::ranges::transform(text, text.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  return text;
}

bool knows_all(const BkmarkLibrary& library, const std::vector<std::string>& groups) {
  return std::ranges::all_of(groups,
                             [&](const std::string& id) { return library.groups().contains(id); });
}

}  // namespace

std::string FakeBkmark::text_of(const std::string& text) const {
  return options_.trims_texts ? linkding_trim(text) : text;
}

/// Each once, the newest first: no order is promised.
std::vector<std::string> FakeBkmark::tags_of(const std::vector<std::string>& names,
                                             BkmarkLibrary& library) const {
  std::vector<std::string> tags;
  for (std::string name : names) {
    name = text_of(name);
    if (options_.folds_tags) {
      for (const BkmarkRow& row : library.rows())
        for (const std::string& known : row.tags)
          if (lower(known) == lower(name)) name = known;
    }
    if (std::ranges::find(tags, name) == tags.end()) tags.insert(tags.begin(), name);
  }
  return tags;
}

Reply FakeBkmark::create(const Call& call) {
  note(Kind::create);
  const Object body = parse_object(call.body);
  if (body.isNull()) return error(400, "bad_request", "that is no JSON");
  BkmarkRow row;
  row.type = has(body, "type") ? body->getValue<std::string>("type") : "link";
  if (has(body, "url")) row.url = body->getValue<std::string>("url");
  const bool may_lack_url = (row.type == "note" || row.type == "code") && !options_.needs_url;
  if (row.url.empty() && !may_lack_url) return error(400, "bad_request", "url should not be empty");
  for (const char* const name : {"isFavorite", "isArchived", "readAt", "createdAt"})
    if (body->has(name))
      return error(400, "bad_request", std::string("property ") + name + " should not exist");
  row.groups = texts_of(body, "groupIds");
  if (!knows_all(*call.library, row.groups)) return error(400, "bad_request", "no such group");
  const bool is_forced = has(body, "force") && body->getValue<bool>("force");
  if (!row.url.empty() && !is_forced) {
    const BkmarkRow* const there =
        call.library->find_url(row.url, options_.compares_loosely, options_.trash_conflicts);
    if (there != nullptr)
      return error(409, "duplicate_url", "that address is there already",
                   options_.conflict_names_id ? there->id : "");
  }
  const auto text = [&](const char* name, const char* fetched) {
    const bool is_given = has(body, name);
    const std::string given = is_given ? text_of(body->getValue<std::string>(name)) : "";
    const bool fetches =
        !row.url.empty() && (!is_given || (given.empty() && options_.fills_empty_texts));
    return fetches ? std::string(fetched) : given;
  };
  row.title = text("title", "Fetched title");
  row.description = text("description", "Fetched description");
  if (row.description->empty()) row.description.reset();
  row.tags = tags_of(texts_of(body, "tagNames"), *call.library);
  if (has(body, "source")) row.source = body->getValue<std::string>("source");
  return shown(201, call.library->add(std::move(row)), call);
}

Reply FakeBkmark::patch(const Call& call, BkmarkRow& row) {
  const Object body = parse_object(call.body);
  if (body.isNull()) return error(400, "bad_request", "that is no JSON");
  for (const auto& [name, value] : *body) {
    const bool is_known = name == "title" || name == "description" || name == "isFavorite" ||
                          name == "isArchived" || name == "readAt";
    if (!is_known) return error(400, "bad_request", "property " + name + " should not exist");
  }
  if (has(body, "title")) row.title = text_of(body->getValue<std::string>("title"));
  if (has(body, "description"))
    row.description = text_of(body->getValue<std::string>("description"));
  if (row.description && row.description->empty()) row.description.reset();
  if (has(body, "isFavorite")) row.is_favorite = body->getValue<bool>("isFavorite");
  if (has(body, "isArchived")) row.is_archived = body->getValue<bool>("isArchived");
  if (body->has("readAt")) {
    row.read.reset();
    if (has(body, "readAt")) row.read = read_bkmark_date(body->getValue<std::string>("readAt"));
    if (row.read && options_.dates_reading_itself) row.read = call.library->now();
  }
  call.library->touch(row);
  return shown(200, row, call);
}

Reply FakeBkmark::set_tags(const Call& call, BkmarkRow& row) {
  const Object body = parse_object(call.body);
  if (body.isNull() || !body->has("tagNames"))
    return error(400, "bad_request", "tagNames must be an array");
  row.tags.clear();
  row.tags = tags_of(texts_of(body, "tagNames"), *call.library);
  call.library->touch(row);
  return shown(200, row, call);
}

Reply FakeBkmark::set_groups(const Call& call, BkmarkRow& row) {
  const Object body = parse_object(call.body);
  if (body.isNull() || !body->has("groupIds") ||
      !knows_all(*call.library, texts_of(body, "groupIds")))
    return error(400, "bad_request", "groupIds must be an array of groups");
  row.groups = texts_of(body, "groupIds");
  call.library->touch(row);
  return shown(200, row, call);
}

bool FakeBkmark::bulk_one(const std::string& action, BkmarkRow& row, const Object& body,
                          const Call& call) {
  if (row.is_in_trash && action != "delete_permanent") return false;
  if (action == "tag") {
    std::vector<std::string> all = row.tags;
    for (const std::string& tag : texts_of(body, "tagNames")) all.push_back(tag);
    row.tags = tags_of(all, *call.library);
  }
  if (action == "archive") row.is_archived = true;
  if (action == "favorite") row.is_favorite = true;
  if (action == "delete") row.is_in_trash = true;
  call.library->touch(row);
  const bool is_for_good =
      action == "delete_permanent" || (action == "delete" && options_.bulk_delete_purges);
  if (is_for_good) call.library->purge(row.id);
  return true;
}

Reply FakeBkmark::bulk(const Call& call) {
  note(Kind::bulk);
  const Object body = parse_object(call.body);
  if (body.isNull()) return error(400, "bad_request", "that is no JSON");
  const auto ids = texts_of(body, "bookmarkIds");
  const std::string action = body->getValue<std::string>("action");
  const bool is_guess = action == "archive" || action == "favorite" || action == "delete";
  const bool is_known =
      action == "tag" || action == "delete_permanent" || (is_guess && options_.has_bulk_names);
  if (!is_known || ids.size() > 500) return error(400, "bad_request", "no such action");
  std::size_t affected = 0;
  for (const std::string& id : ids) {
    BkmarkRow* const row = call.library->find(id);
    if (row != nullptr && bulk_one(action, *row, body, call)) ++affected;
  }
  return Reply::json(fmt::format(R"({{"affected":{}}})", affected));
}

bool FakeBkmark::import_one(const Object& item, BkmarkLibrary& library) {
  BkmarkRow row;
  if (has(item, "url")) row.url = item->getValue<std::string>("url");
  if (library.find_url(row.url, options_.compares_loosely, options_.trash_conflicts) != nullptr)
    return false;
  row.title = text_of(item->getValue<std::string>("title"));
  row.description = text_of(item->getValue<std::string>("description"));
  if (row.description->empty()) row.description.reset();
  row.type = item->getValue<std::string>("type");
  row.source = "import";
  if (options_.import_keeps_tags) {
    row.tags = tags_of(members_of(item, "tags", "name"), library);
    row.groups = members_of(item, "groups", "id");
  }
  if (options_.import_keeps_flags) {
    row.is_favorite = item->getValue<bool>("isFavorite");
    row.is_archived = item->getValue<bool>("isArchived");
    if (has(item, "readAt")) row.read = read_bkmark_date(item->getValue<std::string>("readAt"));
  }
  if (options_.import_keeps_dates && has(item, "createdAt"))
    row.created = read_bkmark_date(item->getValue<std::string>("createdAt")).value_or(0);
  library.add(std::move(row));
  return true;
}

Reply FakeBkmark::import(const Call& call) {
  note(Kind::import);
  constexpr std::int64_t hour = 3'600'000;
  if (options_.clock) {
    const std::int64_t now = options_.clock();
    std::erase_if(imports_, [&](std::int64_t then) { return now - then >= hour; });
    if (imports_.size() >= 5) {
      Reply reply = error(429, "too_many_requests", "5 imports an hour");
      const std::int64_t wait = (imports_.front() + hour - now) / 1000 + 1;
      if (options_.import_names_wait) reply.with("Retry-After", std::to_string(wait));
      return reply;
    }
    imports_.push_back(now);
  }
  const Object body = parse_object(call.body);
  if (body.isNull() || !has(body, "data") || body->getValue<std::string>("format") != "json")
    return error(400, "bad_request", "format json and data are expected");
  Parser parser;
  const Array::Ptr items = parser.parse(body->getValue<std::string>("data")).extract<Array::Ptr>();
  std::size_t imported = 0;
  for (unsigned i = 0; i < items->size(); ++i)
    imported += import_one(items->getObject(i), *call.library) ? 1 : 0;
  return Reply::json(fmt::format(R"({{"imported":{},"skipped":{},"failed":0}})", imported,
                                 items->size() - imported));
}

}  // namespace linkferry::test

#include "short_files.hpp"

#include <Poco/JSON/Parser.h>
#include <fmt/format.h>

#include <algorithm>
#include <sstream>

namespace linkferry::test {
namespace {

using JsonObject = Poco::JSON::Object::Ptr;

/// The lines of a jsonl file, as objects.
std::vector<JsonObject> objects_of(const std::string& lines) {
  std::vector<JsonObject> all;
  std::istringstream stream(lines);
  for (std::string line; std::getline(stream, line);)
    all.push_back(Poco::JSON::Parser().parse(line).extract<JsonObject>());
  return all;
}

/// Gives the object what the bookmark has, and leaves it what it has besides.
void set_members(Poco::JSON::Object& object, const ShortBookmark& b) {
  object.set("url", b.url());
  object.set("title", b.title);
  Poco::JSON::Array::Ptr tags = new Poco::JSON::Array;
  for (const std::string& tag : b.tags) tags->add(tag);
  for (const char* const name : {"tags", "description", "archived"}) object.remove(name);
  if (!b.tags.empty()) object.set("tags", tags);
  if (!b.description.empty()) object.set("description", b.description);
  if (b.is_archived) object.set("archived", true);
  if (!b.folder.empty()) {
    Poco::JSON::Array::Ptr path = new Poco::JSON::Array;
    path->add(b.folder);
    Poco::JSON::Array::Ptr folders = new Poco::JSON::Array;
    folders->add(path);
    object.set("folders", folders);
  }
  if (b.modified_day != 0)
    object.set("modified_at", fmt::format("2020-01-{:02}T00:00:00Z", b.modified_day));
  if (b.name[0] == 'p' && b.is_post()) {
    Poco::JSON::Object::Ptr post = new Poco::JSON::Object;
    post->set("uri", fmt::format("https://origin.example/users/bob/statuses/{}", b.number()));
    object.set("kind", "post");
    object.set("post", post);
  }
}

std::string text_of(const std::vector<JsonObject>& objects) {
  std::ostringstream text;
  for (const JsonObject& object : objects) {
    object->stringify(text);
    text << '\n';
  }
  return text.str();
}

auto find(std::vector<JsonObject>& objects, const ShortBookmark& bookmark) {
  return std::ranges::find_if(objects, [&](const JsonObject& object) {
    return object->optValue<std::string>("url", "") == bookmark.url();
  });
}

/// The line of this bookmark, with its end; nothing where there is none.
std::string shelf_line(const std::string& text, const ShortBookmark& b) {
  const std::size_t url = text.find("\t" + b.url() + "\t");
  if (url == std::string::npos) return {};
  const std::size_t begin = text.rfind('\n', url) + 1;
  return text.substr(begin, text.find('\n', url) + 1 - begin);
}

}  // namespace

std::string line_of(const ShortBookmark& bookmark) {
  JsonObject object = new Poco::JSON::Object;
  set_members(*object, bookmark);
  return text_of({object});
}

std::string lines_with(const std::string& lines, const ShortBookmark& bookmark) {
  std::vector<JsonObject> all = objects_of(lines);
  auto there = find(all, bookmark);
  if (there == all.end()) there = all.insert(all.end(), new Poco::JSON::Object);
  set_members(**there, bookmark);
  return text_of(all);
}

std::string lines_without(const std::string& lines, const ShortBookmark& bookmark) {
  std::vector<JsonObject> all = objects_of(lines);
  all.erase(find(all, bookmark));
  return text_of(all);
}

std::vector<std::string> listing_of_lines(const std::string& lines) {
  std::vector<std::string> all;
  for (const JsonObject& object : objects_of(lines)) {
    if (!object->has("url")) continue;
    std::vector<std::string> tags;
    if (const auto array = object->getArray("tags")) {
      for (const auto& tag : *array) tags.push_back(tag.convert<std::string>());
    }
    all.push_back(show_bookmark(
        object->getValue<std::string>("url"), object->optValue<std::string>("title", ""), tags,
        object->optValue("archived", false), object->optValue<std::string>("description", "")));
  }
  return all;
}

std::string shelf_with(const std::string& text, const ShortBookmark& b) {
  const std::string before = shelf_line(text, b);
  const std::string id =
      before.empty() ? std::to_string(100 + b.name[0]) : before.substr(0, before.find('\t'));
  return shelf_without(text, b) + fmt::format("{}\t{}\t{}\t{}\t{}\n", id, b.url(), b.title,
                                              fmt::join(b.tags, ","), b.is_archived ? 1 : 0);
}

std::string shelf_without(const std::string& text, const ShortBookmark& bookmark) {
  std::string rest = text;
  const std::string line = shelf_line(text, bookmark);
  if (!line.empty()) rest.erase(rest.find(line), line.size());
  return rest;
}

std::vector<std::string> listing_of_shelf(const std::string& text) {
  std::vector<std::string> all;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    std::vector<std::string> fields;
    std::istringstream parts(line);
    for (std::string field; std::getline(parts, field, '\t');) fields.push_back(field);
    std::vector<std::string> tags;
    std::istringstream names(fields.at(3));
    for (std::string tag; std::getline(names, tag, ',');) tags.push_back(tag);
    all.push_back(show_bookmark(fields.at(1), fields.at(2), tags, fields.at(4) == "1"));
  }
  return all;
}

}  // namespace linkferry::test

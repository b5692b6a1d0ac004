#include "support/fakes/fake_raindrop_json.hpp"

#include <Poco/JSON/Array.h>
#include <Poco/JSON/Parser.h>
#include <Poco/JSONString.h>
#include <fmt/format.h>

#include "linkferry/timestamp_text.hpp"

namespace linkferry::test {
namespace {

constexpr std::size_t most_title = 1000;
constexpr std::size_t most_text = 10'000;

/// As JavaScript counts.
std::size_t length_of(const std::string& text) {
  std::size_t units = 0;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if ((byte & 0xC0U) != 0x80U) units += byte >= 0xF0U ? 2 : 1;
  }
  return units;
}

std::string domain_of(const std::string& url) {
  const std::size_t start = url.find("://");
  if (start == std::string::npos) return "";
  return url.substr(start + 3, url.find_first_of("/?#", start + 3) - start - 3);
}

class FieldReader {
 public:
  explicit FieldReader(Poco::JSON::Object::Ptr object) : object_(std::move(object)) {}

  RaindropAccount::Fields read() {
    RaindropAccount::Fields fields;
    fields.link = text("link", SIZE_MAX);
    fields.title = text("title", most_title);
    fields.excerpt = text("excerpt", most_text);
    fields.note = text("note", most_text);
    fields.cover = text("cover", SIZE_MAX);
    fields.type = text("type", 20);
    fields.tags = tags();
    fields.highlights = highlights();
    if (object_->has("important")) fields.important = object_->getValue<bool>("important");
    if (object_->has("collection"))
      fields.collection = object_->getObject("collection")->getValue<std::int64_t>("$id");
    if (object_->has("created")) {
      const Timestamp time = parse_rfc3339(object_->getValue<std::string>("created"));
      if (!time.is_known()) refuse("created is no date");
      fields.created = time.seconds * 1000 + time.nanoseconds / 1'000'000;
    }
    return fields;
  }
  const std::string& problem() const { return problem_; }

 private:
  void refuse(const std::string& problem) { problem_ = problem; }
  std::optional<std::string> text(const std::string& name, std::size_t most) {
    if (!object_->has(name)) return {};
    std::string value = object_->getValue<std::string>(name);
    if (length_of(value) > most) refuse(name + " is too long");
    return value;
  }
  std::optional<std::vector<std::string>> tags() {
    if (!object_->has("tags")) return {};
    std::vector<std::string> all;
    const auto list = object_->getArray("tags");
    for (unsigned i = 0; i < list->size(); ++i) {
      all.push_back(list->getElement<std::string>(i));
      if (all.back().find(',') != std::string::npos) refuse("tags have no commas");
    }
    return all;
  }
  std::optional<std::vector<RaindropHighlight>> highlights() {
    if (!object_->has("highlights")) return {};
    std::vector<RaindropHighlight> all;
    const auto list = object_->getArray("highlights");
    for (unsigned i = 0; i < list->size(); ++i) {
      const auto entry = list->getObject(i);
      RaindropHighlight& read = all.emplace_back();
      read.id = entry->optValue<std::string>("_id", "");
      read.text = entry->optValue<std::string>("text", "");
      read.note = entry->optValue<std::string>("note", "");
      read.color = entry->optValue<std::string>("color", "yellow");
    }
    return all;
  }

  Poco::JSON::Object::Ptr object_;
  std::string problem_;
};

std::string csv_cell(const std::string& text) {
  if (text.find_first_of(",\"\n") == std::string::npos) return text;
  std::string cell = "\"";
  for (const char c : text) cell.append(c == '"' ? 2 : 1, c);
  return cell + '"';
}

std::string path_of(RaindropAccount& account, std::int64_t id) {
  if (id < 0) return "Unsorted";
  std::string path;
  for (int level = 0; id > 0 && level < 1000; ++level) {
    const RaindropCollection& collection = account.collections()[id];
    path = collection.title + (path.empty() ? "" : " / ") + path;
    id = collection.parent;
  }
  return path;
}

}  // namespace

std::string raindrop_text(const std::string& text) {
  return Poco::toJSON(text, Poco::JSON_WRAP_STRINGS);
}

std::string raindrop_date(Milliseconds time) {
  Milliseconds seconds = time / 1000;
  Milliseconds rest = time % 1000;
  if (rest < 0) rest += 1000, --seconds;
  return format_rfc3339(
      {seconds, static_cast<std::uint32_t>(rest) * 1'000'000, Precision::millisecond});
}

std::string raindrop_json(const RaindropRow& row) {
  std::string tags;
  for (const std::string& tag : row.tags) tags += (tags.empty() ? "" : ",") + raindrop_text(tag);
  std::string media;
  for (const std::string& url : row.media)
    media += (media.empty() ? "" : ",") + fmt::format(R"({{"link":{}}})", raindrop_text(url));
  std::string highlights;
  for (const RaindropHighlight& highlight : row.highlights) {
    highlights += fmt::format(
        R"({}{{"_id":"{}","text":{},"note":{},"color":"{}","created":"{}","lastUpdate":"{}"}})",
        highlights.empty() ? "" : ",", highlight.id, raindrop_text(highlight.text),
        raindrop_text(highlight.note), highlight.color, raindrop_date(highlight.created),
        raindrop_date(highlight.created));
  }
  const std::string reminder =
      row.reminder.empty() ? "null" : fmt::format(R"({{"date":"{}"}})", row.reminder);
  return fmt::format(
      R"({{"_id":{},"link":{},"title":{},"excerpt":{},"note":{},"type":"{}","cover":{},)"
      R"("user":{{"$ref":"users","$id":32}},"domain":{},"tags":[{}],"media":[{}],)"
      R"("removed":{},"collection":{{"$ref":"collections","$id":{},"oid":{}}},"collectionId":{},)"
      R"("created":"{}","lastUpdate":"{}","important":{},"broken":{},"reminder":{},)"
      R"("highlights":[{}],"sort":{},"__v":0}})",
      row.id, raindrop_text(row.link), raindrop_text(row.title), raindrop_text(row.excerpt),
      raindrop_text(row.note), row.type, raindrop_text(row.cover),
      raindrop_text(domain_of(row.link)), tags, media, row.collection == -99, row.collection,
      row.collection, row.collection, raindrop_date(row.created), raindrop_date(row.updated),
      row.is_important, row.is_broken, reminder, highlights, row.id);
}

std::string raindrop_json(const RaindropCollection& collection) {
  const std::string parent =
      collection.parent == 0
          ? ""
          : fmt::format(R"("parent":{{"$ref":"collections","$id":{}}},)", collection.parent);
  return fmt::format(
      R"({{"_id":{},"title":{},{}"sort":{},"public":{},"access":{{"level":{},"draggable":true}},)"
      R"("view":"list","cover":[],"count":0,"created":"2024-01-02T03:04:05.006Z",)"
      R"("lastUpdate":"2024-02-03T04:05:06.007Z"}})",
      collection.id, raindrop_text(collection.title), parent, collection.sort, collection.is_public,
      collection.access);
}

std::string raindrop_csv(RaindropAccount& account) {
  std::string csv = "id,title,note,excerpt,url,folder,tags,created,cover,highlights,favorite\n";
  for (const RaindropRow* row : account.list(0, "-created")) {
    std::string tags;
    for (const std::string& tag : row->tags) tags += (tags.empty() ? "" : ", ") + tag;
    std::string highlights;
    for (const auto& highlight : row->highlights)
      highlights += (highlights.empty() ? "" : "\n") + ("Highlight:" + highlight.text);
    csv += fmt::format("{},{},{},{},{},{},{},{},{},{},{}\n", row->id, csv_cell(row->title),
                       csv_cell(row->note), csv_cell(row->excerpt), csv_cell(row->link),
                       csv_cell(path_of(account, row->collection)), csv_cell(tags),
                       raindrop_date(row->created), csv_cell(row->cover), csv_cell(highlights),
                       row->is_important);
  }
  return csv;
}

Poco::JSON::Object::Ptr read_raindrop_object(const std::string& body) {
  try {
    Poco::JSON::Parser parser;
    const auto parsed = parser.parse(body);
    if (parsed.type() == typeid(Poco::JSON::Object::Ptr))
      return parsed.extract<Poco::JSON::Object::Ptr>();
  } catch (const Poco::Exception&) {
    // As the service: what is no JSON says nothing.
  }
  return new Poco::JSON::Object;
}

std::variant<RaindropAccount::Fields, std::string> read_raindrop_fields(
    const Poco::JSON::Object::Ptr& object) {
  try {
    FieldReader reader(object);
    auto fields = reader.read();
    if (!reader.problem().empty()) return reader.problem();
    return fields;
  } catch (const Poco::Exception& exception) {
    return "a field has another type: " + exception.displayText();
  }
}

}  // namespace linkferry::test

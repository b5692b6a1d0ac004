#include "support/fakes/fake_linkding_requests.hpp"

#include <Poco/JSON/Array.h>
#include <Poco/JSON/Object.h>
#include <Poco/JSON/Parser.h>
#include <fmt/format.h>

#include <charconv>

#include "linkferry/timestamp_text.hpp"

namespace linkferry::test {
namespace {

/// Collects fields and the messages about those that are refused.
class FieldReader {
 public:
  FieldReader(Poco::JSON::Object::Ptr object, bool checks_urls)
      : object_(std::move(object)), checks_urls_(checks_urls) {}

  LinkdingLibrary::Fields read() {
    LinkdingLibrary::Fields fields;
    fields.url = text("url", false);
    if (fields.url) check_url(*fields.url);
    fields.title = text("title", true);
    if (fields.title && characters(*fields.title) > 512)
      refuse("title", "Ensure this field has no more than 512 characters.");
    fields.description = text("description", true);
    fields.notes = text("notes", true);
    fields.is_archived = flag("is_archived");
    fields.is_unread = flag("unread");
    fields.is_shared = flag("shared");
    fields.tags = tags();
    fields.added = date("date_added");
    fields.modified = date("date_modified");
    return fields;
  }
  std::string errors() const { return errors_.empty() ? "" : "{" + errors_ + "}"; }

 private:
  static std::size_t characters(const std::string& text) {
    std::size_t count = 0;
    for (const char c : text) count += (static_cast<unsigned char>(c) & 0xC0) != 0x80 ? 1 : 0;
    return count;
  }
  void refuse(const std::string& name, const std::string& message) {
    add_error(name, "[" + json_text(message) + "]");
  }
  void add_error(const std::string& name, const std::string& json) {
    if (!errors_.empty()) errors_ += ",";
    errors_ += json_text(name) + ":" + json;
  }
  /// False when it is not there, or null, which is refused.
  bool has(const std::string& name) {
    if (!object_->has(name)) return false;
    if (object_->isNull(name)) refuse(name, "This field may not be null.");
    return !object_->isNull(name);
  }
  std::optional<std::string> text(const std::string& name, bool may_be_blank) {
    if (!has(name)) return {};
    const std::string value = linkding_trim(object_->getValue<std::string>(name));
    if (value.empty() && !may_be_blank) refuse(name, "This field may not be blank.");
    if (value.find('\0') != std::string::npos) refuse(name, "Null characters are not allowed.");
    return value;
  }
  void check_url(const std::string& url) {
    if (characters(url) > 2048)
      refuse("url", "Ensure this field has no more than 2048 characters.");
    else if (checks_urls_ && !url.empty() && !is_linkding_url(url))
      refuse("url", "Enter a valid URL.");
  }
  std::optional<bool> flag(const std::string& name) {
    if (!has(name)) return {};
    if (object_->get(name).isBoolean()) return object_->getValue<bool>(name);
    refuse(name, "Must be a valid boolean.");
    return {};
  }
  std::optional<Microseconds> date(const std::string& name) {
    if (!has(name)) return {};
    const auto value = read_linkding_date(object_->getValue<std::string>(name));
    if (!value) refuse(name, "Datetime has wrong format.");
    return value;
  }
  std::optional<std::vector<std::string>> tags() {
    if (!has("tag_names")) return {};
    const auto list = object_->getArray("tag_names");
    if (list.isNull()) {
      refuse("tag_names", "Expected a list of items.");
      return {};
    }
    std::vector<std::string> names;
    for (unsigned i = 0; i < list->size(); ++i) {
      names.push_back(linkding_trim(list->getElement<std::string>(i)));
      if (names.back().empty()) {
        add_error("tag_names", fmt::format("{{\"{}\":[\"This field may not be blank.\"]}}", i));
        return {};
      }
    }
    return names;
  }

  Poco::JSON::Object::Ptr object_;
  bool checks_urls_;
  std::string errors_;
};

}  // namespace

std::string json_text(std::string_view text) {
  std::string json = "\"";
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      json += {'\\', c};
    } else if (c == '\n') {
      json += "\\n";
    } else if (byte < 0x20) {
      json += fmt::format("\\u{:04x}", byte);
    } else {
      json += c;
    }
  }
  return json + '"';
}

Reply linkding_page(int status, const std::string& title) {
  Reply reply = Reply::of(status, "<!doctype html>\n<html><head><title>" + title +
                                      "</title></head><body><h1>" + title + "</h1></body></html>");
  reply.headers = {{"Content-Type", "text/html; charset=utf-8"}};
  return reply;
}

std::size_t linkding_number(const std::map<std::string, std::string>& query,
                            const std::string& name, std::size_t fallback) {
  const auto found = query.find(name);
  if (found == query.end()) return fallback;
  long long number = 0;
  const std::string& text = found->second;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  const bool is_number = error == std::errc{} && end == text.data() + text.size() && number > 0;
  return is_number ? static_cast<std::size_t>(number) : fallback;
}

std::optional<LinkdingFile> read_linkding_upload(const std::string& body,
                                                 const std::string& content_type) {
  const std::string start = "multipart/form-data; boundary=";
  if (!content_type.starts_with(start)) return {};
  const std::string line = "--" + content_type.substr(start.size());
  const std::size_t head = body.find(line + "\r\n");
  const std::size_t content = body.find("\r\n\r\n", head);
  const std::size_t end = body.find("\r\n" + line + "--", content);
  if (head != 0 || content == std::string::npos || end == std::string::npos) return {};
  const std::string fields = body.substr(0, content + 2);
  if (fields.find(" name=\"file\"") == std::string::npos) return {};
  const auto between = [&fields](const std::string& before, const std::string& after) {
    const std::size_t at = fields.find(before);
    if (at == std::string::npos) return std::string();
    const std::size_t from = at + before.size();
    return fields.substr(from, fields.find(after, from) - from);
  };
  LinkdingFile file;
  file.name = between("filename=\"", "\"");
  for (std::size_t at = 0; (at = file.name.find("&amp;", at)) != std::string::npos; ++at)
    file.name.replace(at, 5, "&");
  file.name.erase(0, file.name.find_last_of("/\\") + 1);
  std::erase_if(file.name, [](char c) { return static_cast<unsigned char>(c) < 0x20; });
  if (file.name.empty() || file.name == "." || file.name == "..") return {};
  file.type = between("Content-Type: ", "\r\n");
  file.content = body.substr(content + 4, end - content - 4);
  return file;
}

std::optional<Microseconds> read_linkding_date(const std::string& text) {
  const Timestamp time = parse_rfc3339(text);
  if (!time.is_known()) return {};
  return time.seconds * 1'000'000 + time.nanoseconds / 1000;
}

std::variant<LinkdingLibrary::Fields, std::string> read_linkding_fields(const std::string& body,
                                                                        bool checks_urls) {
  try {
    Poco::JSON::Parser parser;
    const auto parsed = parser.parse(body);
    if (parsed.type() != typeid(Poco::JSON::Object::Ptr)) {
      return std::string(
          R"({"non_field_errors":["Invalid data. Expected a dictionary, but got list."]})");
    }
    FieldReader reader(parsed.extract<Poco::JSON::Object::Ptr>(), checks_urls);
    LinkdingLibrary::Fields fields = reader.read();
    if (const std::string errors = reader.errors(); !errors.empty()) return errors;
    return fields;
  } catch (const Poco::Exception&) {
    return std::string(R"({"detail":"JSON parse error - it is none"})");
  }
}

}  // namespace linkferry::test

#include <Poco/JSON/Object.h>
#include <Poco/JSON/Parser.h>
#include <Poco/JSON/Stringifier.h>

#include <algorithm>
#include <sstream>

#include "loss_ledger.hpp"
#include "support/catch.hpp"

namespace linkferry::test {
namespace {

using Poco::Dynamic::Var;
using Poco::JSON::Array;
using Poco::JSON::Object;

std::string text_of(const Var& value) {
  std::ostringstream stream;
  Poco::JSON::Stringifier::condense(value, stream);
  return stream.str();
}

/// The same point in time is the same text, however many digits are known of it; a day is none.
std::string as_instant(const std::string& date) {
  if (date.size() == 10) return date;
  std::string digits = date.size() > 20 ? date.substr(20, date.size() - 21) : "";
  digits.resize(9, '0');
  return date.substr(0, 19) + "." + digits + "Z";
}

bool is_date(const std::string& field) { return field.ends_with("_at"); }

/// Dates inside of highlights and posts, too.
Var with_instants(const Var& value) {
  if (value.type() == typeid(Array::Ptr)) {
    Array::Ptr list = new Array;
    for (const Var& item : *value.extract<Array::Ptr>()) list->add(with_instants(item));
    return list;
  }
  if (value.type() != typeid(Object::Ptr)) return value;
  Object::Ptr object = new Object;
  for (const auto& [name, member] : *value.extract<Object::Ptr>())
    object->set(name, is_date(name) ? Var(as_instant(member.toString())) : with_instants(member));
  return object;
}

std::string as_set(const Array::Ptr& list) {
  std::vector<std::string> items;
  for (const Var& item : *list) items.push_back(text_of(item));
  std::ranges::sort(items);
  std::string all;
  for (const std::string& item : items) all += item;
  return all;
}

Record record_of(const Object::Ptr& object) {
  Record record{{"kind", "\"link\""}};
  for (const auto& [name, value] : *object) {
    if (name == "url") {
      record[name] = value.toString();
    } else if (name == "folders") {
      record[name] = as_set(value.extract<Array::Ptr>());
    } else {
      record[name] =
          text_of(is_date(name) ? Var(as_instant(value.toString())) : with_instants(value));
    }
  }
  return record;
}

std::vector<Object::Ptr> objects_in(const Array::Ptr& list) {
  std::vector<Object::Ptr> objects;
  for (std::size_t i = 0; list && i < list->size(); ++i)
    objects.push_back(list->getObject(static_cast<unsigned>(i)));
  return objects;
}

ReportedChange change_of(const Object::Ptr& object) {
  ReportedChange change;
  change.change = object->getValue<std::string>("change");
  change.reason = object->optValue<std::string>("reason", "");
  if (object->has("bookmark")) change.bookmark = record_of(object->getObject("bookmark"));
  for (const auto& parent : objects_in(object->getArray("parents")))
    change.parents.push_back(parent->optValue<std::string>("url", ""));
  for (const auto& loss : objects_in(object->getArray("losses"))) {
    change.losses.push_back({loss->getValue<std::string>("field"),
                             loss->getValue<std::string>("kind"),
                             loss->getValue<std::string>("reason")});
  }
  return change;
}

}  // namespace

std::set<std::string> ReportedChange::fields_lost() const {
  std::set<std::string> fields;
  for (const NamedLoss& loss : losses) fields.insert(loss.field);
  return fields;
}

const ReportedChange* CopyReport::of(const std::string& address) const {
  const auto found = std::ranges::find_if(changes, [&](const ReportedChange& change) {
    return std::ranges::count(change.parents, address) > 0;
  });
  return found == changes.end() ? nullptr : &*found;
}

Listing read_listing(const std::string& jsonl) {
  Listing listing;
  std::istringstream lines(jsonl);
  for (std::string line; std::getline(lines, line);) {
    Poco::JSON::Parser parser;
    const auto object = parser.parse(line).extract<Object::Ptr>();
    if (object->has("type")) continue;
    const std::string address = object->optValue<std::string>("url", "");
    INFO(address);
    REQUIRE(listing.emplace(address, record_of(object)).second);
  }
  return listing;
}

Listing read_folders(const std::string& jsonl) {
  Listing listing;
  std::istringstream lines(jsonl);
  for (std::string line; std::getline(lines, line);) {
    Poco::JSON::Parser parser;
    const auto object = parser.parse(line).extract<Object::Ptr>();
    if (object->optValue<std::string>("type", "") == "folder")
      listing.emplace(text_of(object->get("path")), record_of(object));
  }
  return listing;
}

CopyReport read_report(const std::string& json) {
  Poco::JSON::Parser parser;
  const auto object = parser.parse(json).extract<Object::Ptr>();
  CopyReport report;
  for (const auto& [name, number] : *object->getObject("ledger"))
    report.books[name] = number.convert<int>();
  for (const auto& loss : objects_in(object->getArray("losses")))
    report.fields_lost.insert(loss->getValue<std::string>("field"));
  for (const auto& change : objects_in(object->getArray("changes")))
    report.changes.push_back(change_of(change));
  return report;
}

}  // namespace linkferry::test

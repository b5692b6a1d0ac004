// The only file that knows valijson.

#include "config/schema_check.hpp"

#include <Poco/Exception.h>
#include <Poco/JSON/Parser.h>
#include <fmt/format.h>

// Without it valijson calls abort() for a schema that it cannot read, such as a broken one of a
// plugin.
#define VALIJSON_USE_EXCEPTIONS 1
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wconversion"
#pragma GCC diagnostic ignored "-Wshadow"
#include <valijson/adapters/poco_json_adapter.hpp>
#include <valijson/schema.hpp>
#include <valijson/schema_parser.hpp>
#include <valijson/validation_results.hpp>
#include <valijson/validator.hpp>
#pragma GCC diagnostic pop

#include "config/schema_explainer.hpp"

namespace linkferry {

struct SchemaCheck::Compiled {
  Poco::JSON::Object::Ptr source;
  valijson::Schema schema;
};

namespace {

/// valijson's own words, for the rare constraint that has none of ours. Its errors go from the
/// inner to the outer.
Problem fallback(const valijson::ValidationResults& results, const std::string& path,
                 Position position) {
  std::string where = path;
  std::string what = "does not fit its schema";
  if (results.begin() != results.end()) {
    const auto& innermost = *results.begin();
    for (const std::string_view element : innermost.context) {
      if (element.size() < 4 || element.front() != '[') continue;  // "<root>"
      const std::size_t edge = element[1] == '"' ? 2 : 1;
      if (!where.empty()) where += '/';
      where += element.substr(edge, element.size() - 2 * edge);
    }
    what = innermost.description;
  }
  return {position, fmt::format("{}: {}", where.empty() ? "this file" : where, what)};
}

/// The schema without `format`. Formats that matter are checked by the explainer; valijson 1.0 asks
/// every value that has one for its text, tables too, and ends in an exception.
void drop_formats(const Poco::Dynamic::Var& value) {
  if (value.type() == typeid(Poco::JSON::Array::Ptr)) {
    for (const auto& item : *value.extract<Poco::JSON::Array::Ptr>()) drop_formats(item);
  } else if (value.type() == typeid(Poco::JSON::Object::Ptr)) {
    Poco::JSON::Object::Ptr object = value.extract<Poco::JSON::Object::Ptr>();
    // An option of that name has a schema there, and no text.
    if (object->has("format") && object->get("format").isString()) object->remove("format");
    for (const auto& member : *object) drop_formats(member.second);
  }
}

}  // namespace

SchemaCheck::SchemaCheck(std::string_view schema, const std::string& name)
    : compiled_(std::make_unique<Compiled>()) {
  try {
    compiled_->source =
        Poco::JSON::Parser().parse(std::string(schema)).extract<Poco::JSON::Object::Ptr>();
    const auto without_formats = Poco::JSON::Parser().parse(std::string(schema));
    drop_formats(without_formats);
    const valijson::adapters::PocoJsonAdapter adapter(without_formats);
    valijson::SchemaParser().populateSchema(adapter, compiled_->schema);
  } catch (const Poco::Exception& error) {
    throw Failure(FailureKind::configuration,
                  name + ": this is no JSON Schema: " + error.displayText());
  } catch (const std::exception& error) {
    throw Failure(FailureKind::configuration, name + ": this is no JSON Schema: " + error.what());
  }
}

SchemaCheck::~SchemaCheck() = default;
SchemaCheck::SchemaCheck(SchemaCheck&&) noexcept = default;

const Poco::JSON::Object& SchemaCheck::schema() const { return *compiled_->source; }

void SchemaCheck::check(const ConfigNode& node, const std::string& path, Position position,
                        std::vector<Problem>& problems) const {
  const std::size_t before = problems.size();
  SchemaExplainer(*compiled_->source, problems).explain(node, path, position);
  if (problems.size() > before) return;
  const Poco::Dynamic::Var value = to_json(node);
  const valijson::adapters::PocoJsonAdapter target(value);
  valijson::ValidationResults results;
  valijson::Validator validator;
  if (!validator.validate(compiled_->schema, target, &results))
    problems.push_back(fallback(results, path, position));
}

}  // namespace linkferry

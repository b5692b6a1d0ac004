#include "config/settings.hpp"

#include <algorithm>
#include <cassert>
#include <cstdlib>
#include <map>
#include <system_error>

#include "config/secret_source.hpp"

namespace linkferry {

namespace {

using NodeKind = ConfigNode::Kind;

class EndpointSettings final : public Settings {
 public:
  EndpointSettings(std::string endpoint, std::filesystem::path base,
                   std::map<std::string, ConfigNode::Ptr, std::less<>> options,
                   std::string authorizing_plugin)
      : endpoint_(std::move(endpoint)),
        base_(std::move(base)),
        options_(std::move(options)),
        authorizing_plugin_(std::move(authorizing_plugin)) {}

  const std::string& endpoint() const override { return endpoint_; }

  bool has(std::string_view name) const override { return find(name) != nullptr; }

  std::optional<std::string> text(std::string_view name) const override {
    const ConfigNode* node = find(name);
    if (node == nullptr) return {};
    assert(node->kind == NodeKind::text);
    return node->text;
  }

  std::int64_t number(std::string_view name) const override {
    const ConfigNode* node = find(name);
    if (node == nullptr) return 0;
    assert(node->kind == NodeKind::integer);
    return node->integer;
  }

  bool flag(std::string_view name) const override {
    const ConfigNode* node = find(name);
    if (node == nullptr) return false;
    assert(node->kind == NodeKind::boolean);
    return node->boolean;
  }

  std::vector<std::string> list(std::string_view name) const override {
    const ConfigNode* node = find(name);
    if (node == nullptr) return {};
    assert(node->kind == NodeKind::list || node->kind == NodeKind::text);
    if (node->kind == NodeKind::text) return {node->text};
    std::vector<std::string> texts;
    for (const auto& item : node->items) texts.push_back(item->text);
    return texts;
  }

  std::vector<std::pair<std::string, std::string>> table(std::string_view name) const override {
    const ConfigNode* node = find(name);
    if (node == nullptr) return {};
    assert(node->kind == NodeKind::table);
    std::vector<std::pair<std::string, std::string>> pairs;
    for (const auto& member : node->members) pairs.emplace_back(member.name, member.value->text);
    std::ranges::sort(pairs);
    return pairs;
  }

  Secret secret(std::string_view name) const override {
    const ConfigNode* node = find(name);
    if (node == nullptr) return {};
    assert(node->kind == NodeKind::table);
    return read_secret(*node, endpoint_ + "/" + std::string(name), base_, authorizing_plugin_);
  }

 private:
  const ConfigNode* find(std::string_view name) const {
    const auto found = options_.find(name);
    return found == options_.end() ? nullptr : found->second.get();
  }

  std::string endpoint_;
  std::filesystem::path base_;
  std::map<std::string, ConfigNode::Ptr, std::less<>> options_;
  std::string authorizing_plugin_;  ///< empty: none
};

bool is_path(const Poco::JSON::Object& schema) {
  return schema.optValue<std::string>("format", "") == "path";
}

/// The value with every path in it made absolute.
ConfigNode::Ptr resolve_paths(const ConfigNode::Ptr& value, const Poco::JSON::Object& schema,
                              const std::filesystem::path& base) {
  if (value->kind == NodeKind::text && is_path(schema)) {
    auto resolved = std::make_shared<ConfigNode>(*value);
    resolved->text = resolve_path(value->text, base);
    return resolved;
  }
  const auto items = schema.getObject("items");
  if (value->kind != NodeKind::list || items.isNull() || !is_path(*items)) return value;
  auto resolved = std::make_shared<ConfigNode>(*value);
  for (auto& item : resolved->items) item = resolve_paths(item, *items, base);
  return resolved;
}

}  // namespace

std::string resolve_path(const std::string& path, const std::filesystem::path& base) {
  if (path == "-") return path;
  if (path == "~" || path.starts_with("~/")) {
    if (const char* home = std::getenv("HOME"); home != nullptr && *home != '\0')
      return home + path.substr(1);
  }
  const std::filesystem::path given(path);
  return given.is_absolute() ? path : (base / given).string();
}

std::filesystem::path real_path(const std::filesystem::path& path) {
  std::error_code error;
  const auto real = std::filesystem::weakly_canonical(path, error);
  return error ? path : real;
}

std::unique_ptr<Settings> make_settings(const Endpoint& endpoint,
                                        const Poco::JSON::Object& options_schema,
                                        bool has_authorize) {
  std::map<std::string, ConfigNode::Ptr, std::less<>> options;
  std::vector<std::string> names;
  const auto properties = options_schema.getObject("properties");
  if (properties) properties->getNames(names);
  for (const auto& name : names) {
    const auto schema = properties->getObject(name);
    if (schema && schema->has("default"))
      options[name] = resolve_paths(from_json(schema->get("default")), *schema, endpoint.base);
  }
  for (const auto& member : endpoint.options->members) {
    const auto schema = properties ? properties->getObject(member.name) : nullptr;
    options[member.name] =
        schema ? resolve_paths(member.value, *schema, endpoint.base) : member.value;
  }
  return std::make_unique<EndpointSettings>(endpoint.name, endpoint.base, std::move(options),
                                            has_authorize ? endpoint.plugin : std::string());
}

}  // namespace linkferry

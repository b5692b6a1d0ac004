#pragma once

#include <charconv>
#include <initializer_list>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "linkferry/settings.hpp"

namespace linkferry::test {

/// Options from a map of texts: numbers in decimal, flags as `true` or `false`. It checks nothing
/// against a schema and fills in no defaults.
class MapSettings : public Settings {
 public:
  MapSettings() = default;
  MapSettings(std::initializer_list<std::pair<const std::string, std::string>> values)
      : values_(values) {}

  MapSettings& set(const std::string& name, std::string value) {
    values_[name] = std::move(value);
    return *this;
  }
  MapSettings& set_list(const std::string& name, std::vector<std::string> items) {
    lists_[name] = std::move(items);
    return *this;
  }
  MapSettings& set_table(const std::string& name,
                         std::vector<std::pair<std::string, std::string>> rows) {
    tables_[name] = std::move(rows);
    return *this;
  }
  MapSettings& set_secret(const std::string& name, std::string text) {
    secrets_[name] = Secret(std::move(text));
    return *this;
  }
  MapSettings& set_endpoint(std::string name) {
    endpoint_ = std::move(name);
    return *this;
  }

  const std::string& endpoint() const override { return endpoint_; }
  bool has(std::string_view name) const override {
    const std::string key(name);
    return values_.contains(key) || lists_.contains(key) || tables_.contains(key) ||
           secrets_.contains(key);
  }
  std::optional<std::string> text(std::string_view name) const override {
    const auto found = values_.find(std::string(name));
    return found == values_.end() ? std::nullopt : std::optional(found->second);
  }
  std::int64_t number(std::string_view name) const override {
    const auto value = text(name).value_or("0");
    std::int64_t number = 0;
    std::from_chars(value.data(), value.data() + value.size(), number);
    return number;
  }
  bool flag(std::string_view name) const override { return text(name) == "true"; }
  std::vector<std::string> list(std::string_view name) const override {
    const auto found = lists_.find(std::string(name));
    return found == lists_.end() ? std::vector<std::string>{} : found->second;
  }
  std::vector<std::pair<std::string, std::string>> table(std::string_view name) const override {
    const auto found = tables_.find(std::string(name));
    return found == tables_.end() ? std::vector<std::pair<std::string, std::string>>{}
                                  : found->second;
  }
  Secret secret(std::string_view name) const override {
    const auto found = secrets_.find(std::string(name));
    return found == secrets_.end() ? Secret() : found->second;
  }

 private:
  std::string endpoint_ = "test";
  std::map<std::string, std::string> values_;
  std::map<std::string, std::vector<std::string>> lists_;
  std::map<std::string, Secret> secrets_;
  std::map<std::string, std::vector<std::pair<std::string, std::string>>> tables_;
};

}  // namespace linkferry::test

#pragma once

#include "config/config.hpp"

namespace linkferry::test {

/// Two plugins of files, one of a service, and one that cannot be loaded.
class FakePlugins final : public PluginDirectory {
 public:
  std::vector<std::string> names() override { return {"broken", "netscape", "pocket", "service"}; }

  PluginFacts facts(const std::string& name) override {
    if (name == "broken") throw Failure(FailureKind::configuration, "broken.so: no plugin of ours");
    if (name == "service") return {service_options, true, true};
    return {file_options, true, name != "pocket"};
  }

 private:
  static constexpr const char* file_options = R"({
    "type": "object", "additionalProperties": false, "required": ["path"],
    "properties": {
      "path": {"type": "string", "format": "path"},
      "dialect": {"enum": ["firefox", "chrome"], "default": "firefox"},
      "limit": {"type": "integer", "minimum": 1, "maximum": 500, "default": 100},
      "strict": {"type": "boolean", "default": true},
      "others": {"type": "array", "items": {"type": "string", "format": "path"}, "default": []},
      "names": {"type": "object", "additionalProperties": {"type": "string"}}
    }})";
  static constexpr const char* service_options = R"({
    "type": "object", "additionalProperties": false, "required": ["token"],
    "properties": {"token": {"format": "token"}, "url": {"type": "string"}}})";
};

}  // namespace linkferry::test

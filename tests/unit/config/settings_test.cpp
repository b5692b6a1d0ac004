#include "config/settings.hpp"

#include <Poco/JSON/Parser.h>

#include <cstdlib>

#include "fake_plugins.hpp"
#include "support/catch.hpp"

using namespace linkferry;

namespace {

std::unique_ptr<Settings> settings_of(const std::string& yaml) {
  test::FakePlugins plugins;
  std::vector<Problem> problems;
  Poco::JSON::Parser parser;
  const auto schema = parser.parse(std::string(plugins.facts("netscape").options_schema))
                          .extract<Poco::JSON::Object::Ptr>();
  return make_settings({"links", "netscape", parse_yaml(yaml, "f", problems), "/etc/linkferry"},
                       *schema);
}

}  // namespace

TEST_CASE("options that are not given have the default of their schema", "[settings]") {
  const auto settings = settings_of("{path: x.html}");
  CHECK(settings->endpoint() == "links");
  CHECK(settings->text("dialect") == "firefox");
  CHECK(settings->number("limit") == 100);
  CHECK(settings->flag("strict"));
  CHECK(settings->list("others").empty());
  CHECK(settings->has("others"));
  CHECK_FALSE(settings->has("names"));
  CHECK(settings->table("names").empty());
  CHECK(settings->text("nothing") == std::nullopt);
}

TEST_CASE("options that are given win over the default", "[settings]") {
  const auto settings =
      settings_of("{path: x, dialect: chrome, limit: 7, strict: false, names: {b: two, a: one}}");
  CHECK(settings->text("dialect") == "chrome");
  CHECK(settings->number("limit") == 7);
  CHECK_FALSE(settings->flag("strict"));
  CHECK(settings->table("names") ==
        std::vector<std::pair<std::string, std::string>>{{"a", "one"}, {"b", "two"}});
}

TEST_CASE("paths start from the folder of the config file, or from home", "[settings]") {
  setenv("HOME", "/home/someone", 1);
  const auto [given, resolved] = GENERATE(table<const char*, const char*>({
      {"x.html", "/etc/linkferry/x.html"},
      {"/abs/x.html", "/abs/x.html"},
      {"~/x.html", "/home/someone/x.html"},
      {"~", "/home/someone"},
      {"-", "-"},
      {"./-", "/etc/linkferry/./-"},
      {"~x", "/etc/linkferry/~x"},
  }));
  CHECK(settings_of(std::string("path: \"") + given + "\"")->text("path") == resolved);
}

TEST_CASE("paths in a list are resolved too", "[settings]") {
  CHECK(settings_of("{path: x, others: [a, /b]}")->list("others") ==
        std::vector<std::string>{"/etc/linkferry/a", "/b"});
}

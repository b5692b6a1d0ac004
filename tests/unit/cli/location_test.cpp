#include "cli/location.hpp"

#include "linkferry/failure.hpp"
#include "support/catch.hpp"

using namespace linkferry;

namespace {

using Options = std::vector<std::pair<std::string, std::string>>;

const std::vector<std::string> plugins{"jsonl", "netscape"};

struct Case {
  const char* argument;
  std::string plugin;
  std::string path;
  Options options;
};

}  // namespace

TEST_CASE("an argument of copy is a path, or a plugin with its location and options",
          "[location]") {
  const auto [argument, plugin, path, options] = GENERATE(values<Case>({
      {"a.html", "", "a.html", {}},
      {"-", "", "-", {}},
      {"a,b=c.html", "", "a,b=c.html", {}},
      {"netscape:a.html", "netscape", "a.html", {}},
      {"netscape:-", "netscape", "-", {}},
      {"netscape:", "netscape", "", {}},
      {"netscape:a.html,dialect=chrome,x=",
       "netscape",
       "a.html",
       {{"dialect", "chrome"}, {"x", ""}}},
      {"netscape:,dialect=chrome", "netscape", "", {{"dialect", "chrome"}}},
      {"netscape:a\\,b.html,c=d\\,e", "netscape", "a,b.html", {{"c", "d,e"}}},
      {"netscape:a\\\\,b=c", "netscape", "a\\", {{"b", "c"}}},
      {"netscape:C:\\x\\y.html", "netscape", "C:\\x\\y.html", {}},
      {"netscape:a:b=c.html", "netscape", "a:b=c.html", {}},
      {"netscape:x,a=b=c", "netscape", "x", {{"a", "b=c"}}},
      {"./netscape:a.html", "", "./netscape:a.html", {}},
      {"Netscape:a.html", "", "Netscape:a.html", {}},
      {"https://a.example/x,y=z", "", "https://a.example/x,y=z", {}},
      {"C:\\a.html", "", "C:\\a.html", {}},
      {":a", "", ":a", {}},
      {"", "", "", {}},
  }));
  INFO(argument);
  const Location location = parse_location(argument, plugins);
  CHECK(location.plugin == plugin);
  CHECK(location.path == path);
  CHECK(location.options == options);
}

TEST_CASE("an option without a value is named, with what to do about a comma", "[location]") {
  CHECK_THROWS_WITH(parse_location("netscape:a,b.html", plugins),
                    "\"netscape:a,b.html\": found \"b.html\" after a comma, expected OPTION=VALUE; "
                    "a comma that belongs to the "
                    "location is written \\,");
  CHECK_THROWS_AS(parse_location("netscape:a,=b", plugins), Failure);
  CHECK_THROWS_AS(parse_location("netscape:a,", plugins), Failure);
}

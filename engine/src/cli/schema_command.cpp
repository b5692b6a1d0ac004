#include <fmt/format.h>

#include "cli/commands.hpp"
#include "cli/endpoints.hpp"
#include "cli/output.hpp"
#include "config/nearest.hpp"
#include "config/problem.hpp"
#include "config/schemas.hpp"
#include "linkferry/failure.hpp"

namespace linkferry {

int schema_command(Session& session) {
  constexpr std::string_view plugin_prefix = "plugins/";
  const std::string& name = session.line.arguments.front();
  std::string text;
  if (name.starts_with(plugin_prefix)) {
    text = facts_of(session.catalog.load(name.substr(plugin_prefix.size()))).options_schema;
  } else {
    text = find_schema(name);
  }
  if (text.empty()) {
    std::vector<std::string> known;
    for (const auto& schema : embedded_schemas()) known.emplace_back(schema.name);
    for (const auto& plugin : session.catalog.names())
      known.push_back(std::string(plugin_prefix) + plugin);
    const auto hint = did_you_mean(name, known);
    throw Failure(FailureKind::usage,
                  fmt::format("there is no schema {}{}", in_quotes(name),
                              hint.empty() ? "; expected " + joined_by_or(known) : hint));
  }
  print(text);
  if (!text.ends_with('\n')) print("\n");
  return 0;
}

}  // namespace linkferry

#pragma once

#include <span>
#include <string>
#include <string_view>

namespace linkferry {

/// A JSON Schema that is part of the program.
struct EmbeddedSchema {
  std::string_view name;  ///< job, bookmark, plan, report
  std::string_view text;
};

/// All of them, in the order in which they are listed.
std::span<const EmbeddedSchema> embedded_schemas();

/// The text of one; empty where there is none of that name.
std::string_view find_schema(std::string_view name);

}  // namespace linkferry

#pragma once

#include <string>
#include <string_view>
#include <variant>

#include "support/fakes/fake_linkding_library.hpp"

/// What the fake linkding makes of what it is sent.
namespace linkferry::test {

/// A JSON text with its quotes.
std::string json_text(std::string_view text);

/// A date as ISO 8601, or nothing for what linkding takes for none (a Unix timestamp).
std::optional<Microseconds> read_linkding_date(const std::string& text);

/// What the body of a create or update says, or the body of the answer 400.
std::variant<LinkdingLibrary::Fields, std::string> read_linkding_fields(const std::string& body,
                                                                        bool checks_urls);

}  // namespace linkferry::test

#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "support/fakes/fake_linkding_library.hpp"
#include "support/http_server.hpp"

/// What the fake linkding makes of what it is sent.
namespace linkferry::test {

/// A JSON text with its quotes.
std::string json_text(std::string_view text);

/// A page for people.
Reply linkding_page(int status, const std::string& title);

/// A limit or offset; `fallback` for what is none.
std::size_t linkding_number(const std::map<std::string, std::string>& query,
                            const std::string& name, std::size_t fallback);

/// The part `file` of a form; nothing where there is none. Names are taken as Django takes them.
std::optional<LinkdingFile> read_linkding_upload(const std::string& body,
                                                 const std::string& content_type);

/// A date as ISO 8601, or nothing for what linkding takes for none (a Unix timestamp).
std::optional<Microseconds> read_linkding_date(const std::string& text);

/// What the body of a create or update says, or the body of the answer 400.
std::variant<LinkdingLibrary::Fields, std::string> read_linkding_fields(const std::string& body,
                                                                        bool checks_urls);

}  // namespace linkferry::test

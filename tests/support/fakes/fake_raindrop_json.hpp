#pragma once

#include <Poco/JSON/Object.h>

#include <string>
#include <string_view>
#include <variant>

#include "support/fakes/fake_raindrop_account.hpp"

/// What the fake Raindrop sends and what it makes of what it is sent.
namespace linkferry::test {

/// A JSON text with its quotes.
std::string raindrop_text(const std::string& text);
/// `2024-09-03T20:06:53.347Z`.
std::string raindrop_date(Milliseconds time);
std::string raindrop_json(const RaindropRow& row);
std::string raindrop_json(const RaindropCollection& collection);
std::string raindrop_csv(RaindropAccount& account);

/// An object, or an empty one.
Poco::JSON::Object::Ptr read_raindrop_object(const std::string& body);
/// What a body says of a bookmark, or why it is refused.
std::variant<RaindropAccount::Fields, std::string> read_raindrop_fields(
    const Poco::JSON::Object::Ptr& object);

}  // namespace linkferry::test

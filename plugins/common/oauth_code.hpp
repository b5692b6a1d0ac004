#pragma once

#include <string>
#include <string_view>

/// The code that OAuth gives a person, and the texts around it. Source: RFC 6749 section 4.1 (read
/// 2026-11-22).
namespace linkferry::common {

/// Letters and digits, 32 bytes of randomness.
std::string random_text();

/// What of the person's answer is the code: all of it, or the parameter `code` of an address that
/// was pasted whole. Empty where there is none.
std::string code_in(std::string_view answer);

/// The `state` of an address that was pasted whole; empty where there is none.
std::string state_in(std::string_view answer);

/// The `error` of an address that was pasted whole; empty where there is none.
std::string error_in(std::string_view answer);

}  // namespace linkferry::common

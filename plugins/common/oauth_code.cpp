#include "common/oauth_code.hpp"

#include <random>

#include "common/html_text.hpp"

namespace linkferry::common {
namespace {

/// The parameter `name` of an address, decoded; empty where there is none.
std::string parameter_of(std::string_view address, std::string_view name) {
  std::size_t at = address.find('?');
  while (at != std::string_view::npos) {
    std::string_view rest = address.substr(at + 1);
    at = address.find('&', at + 1);
    if (!rest.starts_with(name) || !rest.substr(name.size()).starts_with('=')) continue;
    rest.remove_prefix(name.size() + 1);
    std::string value;
    rest = rest.substr(0, rest.find_first_of("&#"));
    for (std::size_t i = 0; i < rest.size(); ++i) {
      const auto digit = [&](std::size_t k) {
        constexpr std::string_view digits = "0123456789abcdef";
        return k < rest.size() ? digits.find(to_lower(rest[k])) : std::string_view::npos;
      };
      const bool is_encoded = rest[i] == '%' && digit(i + 1) != std::string_view::npos &&
                              digit(i + 2) != std::string_view::npos;
      value += is_encoded ? static_cast<char>(digit(i + 1) * 16 + digit(i + 2)) : rest[i];
      if (is_encoded) i += 2;
    }
    return value;
  }
  return {};
}

}  // namespace

std::string random_text() {
  constexpr std::string_view digits = "0123456789abcdef";
  std::random_device random;
  std::string text;
  for (int word = 0; word < 8; ++word) {
    unsigned bits = random();
    for (int i = 0; i < 8; ++i, bits >>= 4U) text += digits[bits & 0xFU];
  }
  return text;
}

std::string code_in(std::string_view answer) {
  if (answer.find("://") != std::string_view::npos) return parameter_of(answer, "code");
  return std::string(answer);
}

std::string state_in(std::string_view answer) {
  return answer.find("://") == std::string_view::npos ? "" : parameter_of(answer, "state");
}

std::string error_in(std::string_view answer) {
  return answer.find("://") == std::string_view::npos ? "" : parameter_of(answer, "error");
}

}  // namespace linkferry::common

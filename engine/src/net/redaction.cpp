#include "net/redaction.hpp"

#include <algorithm>
#include <array>

#include "linkferry/http.hpp"
#include "net/base64.hpp"

namespace linkferry {
namespace {

std::string json_escape(std::string_view text) {
  std::string escaped;
  for (const char c : text) {
    if (c == '"' || c == '\\') escaped += '\\';
    escaped += c;
  }
  return escaped;
}

void wipe(std::string& text) {
  for (volatile char& byte : text) byte = '\0';
}

bool is_secret_name(std::string_view name) {
  constexpr std::array<std::string_view, 14> names = {
      "token", "access_token", "refresh_token", "auth_token", "api_key",   "apikey", "key",
      "code",  "secret",       "client_secret", "password",   "signature", "sig",    "state"};
  return std::ranges::any_of(
      names, [name](auto secret) { return HttpHeaders::is_same_name(name, secret); });
}

std::string without_secret_values(std::string_view query) {
  std::string shown;
  while (!query.empty()) {
    const std::size_t end = std::min(query.find('&'), query.size());
    const std::string_view part = query.substr(0, end);
    const std::size_t equals = part.find('=');
    if (equals != std::string_view::npos && is_secret_name(part.substr(0, equals))) {
      shown += std::string(part.substr(0, equals + 1)) + std::string(Redaction::mark);
    } else {
      shown += part;
    }
    if (end < query.size()) shown += '&';
    query.remove_prefix(std::min(end + 1, query.size()));
  }
  return shown;
}

}  // namespace

Redaction::~Redaction() { std::ranges::for_each(forms_, &wipe); }

void Redaction::add(std::string_view secret) {
  if (secret.empty()) return;
  const std::lock_guard lock(mutex_);
  add_form(std::string(secret));
  add_form(percent_encode(secret));
  add_form(json_escape(secret));
  add_form(base64_encode(secret));
  std::ranges::stable_sort(forms_, std::ranges::greater{}, &std::string::size);
  is_empty_ = false;
}

void Redaction::add_form(std::string form) {
  if (std::ranges::find(forms_, form) == forms_.end()) forms_.push_back(std::move(form));
}

std::string Redaction::apply(std::string_view text) const {
  std::string shown(text);
  if (is_empty_) return shown;
  const std::lock_guard lock(mutex_);
  for (const auto& form : forms_) {
    for (std::size_t at = shown.find(form); at != std::string::npos;
         at = shown.find(form, at + mark.size())) {
      shown.replace(at, form.size(), mark);
    }
  }
  return shown;
}

Redaction& redaction() {
  static Redaction one;
  return one;
}

std::string redact_url(std::string_view url) {
  std::string shown;
  std::string_view rest = url;
  if (const std::size_t scheme = rest.find("://"); scheme != std::string_view::npos) {
    shown = rest.substr(0, scheme + 3);
    rest.remove_prefix(scheme + 3);
    const std::string_view authority = rest.substr(0, rest.find_first_of("/?#"));
    if (const std::size_t at = authority.rfind('@'); at != std::string_view::npos)
      rest.remove_prefix(at + 1);
  }
  const std::size_t query = std::min(rest.find('?'), rest.size());
  shown += rest.substr(0, query);
  if (query < rest.size()) shown += "?" + without_secret_values(rest.substr(query + 1));
  std::ranges::replace_if(
      shown, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; }, '?');
  return redaction().apply(shown);
}

}  // namespace linkferry

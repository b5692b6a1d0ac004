#include "text/url_host.hpp"

#include <unicode/ucasemap.h>
#include <unicode/uidna.h>

#include <algorithm>
#include <array>
#include <cstdint>

#include "text/percent.hpp"
#include "text/tracking_parameters.hpp"
#include "text/utf8.hpp"

namespace linkferry {
namespace {

/// A domain name has at most 253 bytes. Punycode takes quadratic time, so longer texts are not even
/// tried.
constexpr std::size_t longest_idn_bytes = 1000;

bool is_ascii(std::string_view text) {
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

bool is_forbidden(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte <= 0x20 || byte == 0x7F ||
         std::string_view("#%/:<>?@[\\]^|").find(c) != std::string_view::npos;
}

bool has_forbidden(std::string_view host) {
  return std::any_of(host.begin(), host.end(), is_forbidden);
}

/// Opened once and never closed; ICU promises that it may be used from many threads at once.
const UIDNA* idna() {
  static const UIDNA* const opened = [] {
    UErrorCode error = U_ZERO_ERROR;
    const UIDNA* made = uidna_openUTS46(
        UIDNA_NONTRANSITIONAL_TO_ASCII | UIDNA_CHECK_BIDI | UIDNA_CHECK_CONTEXTJ, &error);
    return U_SUCCESS(error) ? made : nullptr;
  }();
  return opened;
}

const UCaseMap* case_map() {
  static const UCaseMap* const opened = [] {
    UErrorCode error = U_ZERO_ERROR;
    const UCaseMap* made = ucasemap_open("", 0, &error);
    return U_SUCCESS(error) ? made : nullptr;
  }();
  return opened;
}

/// False, and nothing appended, where ICU refuses.
bool append_idn(std::string_view host, std::string& out) {
  if (host.size() > longest_idn_bytes || idna() == nullptr) return false;
  std::array<char, 2 * longest_idn_bytes> ascii;
  UErrorCode error = U_ZERO_ERROR;
  UIDNAInfo info = UIDNA_INFO_INITIALIZER;
  const std::int32_t size =
      uidna_nameToASCII_UTF8(idna(), host.data(), static_cast<std::int32_t>(host.size()),
                             ascii.data(), static_cast<std::int32_t>(ascii.size()), &info, &error);
  constexpr std::uint32_t hyphens =
      UIDNA_ERROR_LEADING_HYPHEN | UIDNA_ERROR_TRAILING_HYPHEN | UIDNA_ERROR_HYPHEN_3_4;
  if (U_FAILURE(error) || (info.errors & ~hyphens) != 0 || size <= 0) return false;
  const std::string_view result(ascii.data(), static_cast<std::size_t>(size));
  if (!is_ascii(result) || has_forbidden(result)) return false;
  out.append(result);
  return true;
}

void append_ascii_lower(std::string_view text, std::string& out) {
  for (const char c : text) {
    if (c == ' ')
      out.append("%20");
    else
      out.push_back(detail::to_lower_ascii(c));
  }
}

/// `text` is valid UTF-8.
void append_lower(std::string_view text, std::string& out) {
  if (text.size() > longest_idn_bytes || case_map() == nullptr)
    return append_ascii_lower(text, out);
  std::array<char, 4 * longest_idn_bytes> lower;
  UErrorCode error = U_ZERO_ERROR;
  const std::int32_t size =
      ucasemap_utf8ToLower(case_map(), lower.data(), static_cast<std::int32_t>(lower.size()),
                           text.data(), static_cast<std::int32_t>(text.size()), &error);
  if (U_FAILURE(error)) return append_ascii_lower(text, out);
  append_ascii_lower({lower.data(), static_cast<std::size_t>(size)}, out);
}

}  // namespace

void append_canonical_host(std::string_view host, std::string& out) {
  const bool is_encoded = host.find('%') != std::string_view::npos;
  if (host.starts_with('[') || (!is_encoded && is_ascii(host)))
    return append_ascii_lower(host, out);
  std::string decoded;
  if (is_encoded) {
    percent_decode(host, decoded);
    host = is_utf8(decoded) && !has_forbidden(decoded) ? std::string_view(decoded) : host;
  }
  if (is_ascii(host) || !is_utf8(host)) return append_ascii_lower(host, out);
  if (has_forbidden(host) || !append_idn(host, out)) append_lower(host, out);
}

}  // namespace linkferry

#pragma once

#include <atomic>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

namespace linkferry {

/// Takes secrets out of texts for people: logs, traces, reports, plans, error messages. Thread:
/// any.
class Redaction {
 public:
  /// What stands in place of a secret.
  static constexpr std::string_view mark = "[secret]";

  Redaction() = default;
  ~Redaction();
  Redaction(const Redaction&) = delete;
  Redaction& operator=(const Redaction&) = delete;

  /// From now on `secret` never passes: neither as it is nor percent-encoded, as a JSON string, or
  /// in base64. Empty texts are left alone.
  void add(std::string_view secret);

  /// `text` with a mark in place of every secret.
  std::string apply(std::string_view text) const;

 private:
  void add_form(std::string form);

  std::atomic<bool> is_empty_ = true;
  mutable std::mutex mutex_;
  std::vector<std::string>
      forms_;  ///< longest first, so that a secret inside another hides none of it
};

/// That of the program.
/// Rationale: one for all, since a secret of one endpoint may come back in an answer, a file name
/// or an error of another, and every writer of the program has to ask the same place.
Redaction& redaction();

/// An address as messages show it: without user and password, and without the values of parameters
/// that are secrets by their names (`token`, `access_token`, `code`, `key`, …); control characters
/// are taken out.
std::string redact_url(std::string_view url);

}  // namespace linkferry

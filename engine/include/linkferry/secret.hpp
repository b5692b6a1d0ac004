#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <utility>

namespace linkferry {

/// A token, a password: text that a plugin passes on but cannot read, print or compare.
///
/// Only the engine's HTTP client gets at the text, to put it into a request. It is wiped from
/// memory when the last copy goes. Thread: any.
class Secret {
 public:
  /// No secret.
  Secret() = default;
  /// Takes the text; what is left of it in the caller's string is wiped.
  explicit Secret(std::string&& text)
      : text_(text.empty() ? nullptr : std::make_shared<const Wiped>(std::move(text))) {}

  bool is_empty() const { return text_ == nullptr; }

 private:
  friend class SecretText;

  struct Wiped {
    std::string text;

    explicit Wiped(std::string&& given) : text(given) { wipe(given); }
    ~Wiped() { wipe(text); }
    Wiped(const Wiped&) = delete;
    Wiped& operator=(const Wiped&) = delete;

    /// Rationale: volatile, or the compiler leaves out writes to memory that is given back next.
    static void wipe(std::string& used) {
      for (volatile char& byte : used) byte = '\0';
      used.clear();
    }
  };

  std::shared_ptr<const Wiped> text_;
};

}  // namespace linkferry

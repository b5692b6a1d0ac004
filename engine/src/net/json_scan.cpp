#include "net/json_scan.hpp"

#include <algorithm>
#include <vector>

namespace linkferry {
namespace {

constexpr std::string_view cut_off = "is cut off";
constexpr std::string_view broken = "is no valid JSON";
constexpr std::string_view too_deep = "is nested too deeply";

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_hex(char c) { return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); }

class Scanner {
 public:
  Scanner(std::string_view text, std::size_t max_depth) : rest_(text), max_depth_(max_depth) {}

  std::string_view scan() {
    if (rest_.starts_with("\xEF\xBB\xBF")) rest_.remove_prefix(3);
    do {
      if (!scan_value()) return problem_;
      if (!close_values()) return problem_;
    } while (!open_.empty());
    skip_blanks();
    return rest_.empty() ? std::string_view{} : broken;
  }

 private:
  bool fail(std::string_view problem) {
    problem_ = problem;
    return false;
  }
  bool fail_here() { return fail(rest_.empty() ? cut_off : broken); }

  void skip_blanks() {
    rest_.remove_prefix(std::min(rest_.find_first_not_of(" \t\r\n"), rest_.size()));
  }
  bool take(char wanted) {
    skip_blanks();
    if (!rest_.starts_with(wanted)) return false;
    rest_.remove_prefix(1);
    return true;
  }

  /// A scalar or an empty list or object as a whole; of others the beginning, up to their first
  /// value.
  bool scan_value() {
    while (true) {
      if (take('[')) {
        if (!open('[')) return false;
        if (take(']')) return close();
      } else if (take('{')) {
        if (!open('{')) return false;
        if (take('}')) return close();
        if (!scan_name()) return false;
      } else {
        return scan_scalar();
      }
    }
  }

  /// After a value: the ends of lists and objects, up to the beginning of the next value.
  bool close_values() {
    while (!open_.empty()) {
      if (take(',')) return open_.back() == '[' || scan_name();
      if (!take(open_.back() == '[' ? ']' : '}')) return fail_here();
      close();
    }
    return true;
  }

  bool open(char kind) {
    if (open_.size() >= max_depth_) return fail(too_deep);
    open_.push_back(kind);
    return true;
  }
  bool close() {
    open_.pop_back();
    return true;
  }

  bool scan_name() {
    skip_blanks();
    if (!scan_string()) return false;
    return take(':') || fail_here();
  }

  bool scan_scalar() {
    skip_blanks();
    if (rest_.empty()) return fail(cut_off);
    if (rest_.front() == '"') return scan_string();
    for (const std::string_view word : {"true", "false", "null"}) {
      if (rest_.starts_with(word)) {
        rest_.remove_prefix(word.size());
        return true;
      }
      if (word.starts_with(rest_)) return fail(cut_off);
    }
    return scan_number();
  }

  bool scan_string() {
    if (!rest_.starts_with('"')) return fail_here();
    std::size_t i = 1;
    for (; i < rest_.size() && rest_[i] != '"'; ++i) {
      if (static_cast<unsigned char>(rest_[i]) < 0x20) return fail(broken);
      if (rest_[i] != '\\') continue;
      if (++i == rest_.size()) return fail(cut_off);
      if (rest_[i] != 'u') {
        if (std::string_view("\"\\/bfnrt").find(rest_[i]) == std::string_view::npos)
          return fail(broken);
        continue;
      }
      for (std::size_t k = 1; k <= 4; ++k) {
        if (i + k >= rest_.size()) return fail(cut_off);
        if (!is_hex(rest_[i + k])) return fail(broken);
      }
      i += 4;
    }
    if (i >= rest_.size()) return fail(cut_off);
    rest_.remove_prefix(i + 1);
    return true;
  }

  bool scan_digits() {
    if (rest_.empty() || !is_digit(rest_.front())) return fail_here();
    while (!rest_.empty() && is_digit(rest_.front())) rest_.remove_prefix(1);
    return true;
  }

  bool scan_number() {
    if (rest_.starts_with('-')) rest_.remove_prefix(1);
    if (rest_.starts_with('0')) {
      rest_.remove_prefix(1);
    } else if (!scan_digits()) {
      return false;
    }
    if (rest_.starts_with('.')) {
      rest_.remove_prefix(1);
      if (!scan_digits()) return false;
    }
    if (rest_.starts_with('e') || rest_.starts_with('E')) {
      rest_.remove_prefix(1);
      if (rest_.starts_with('+') || rest_.starts_with('-')) rest_.remove_prefix(1);
      if (!scan_digits()) return false;
    }
    return true;
  }

  std::string_view rest_;
  std::size_t max_depth_;
  std::vector<char> open_;
  std::string_view problem_;
};

}  // namespace

std::string_view find_json_problem(std::string_view text, std::size_t max_depth) {
  return Scanner(text, max_depth).scan();
}

}  // namespace linkferry

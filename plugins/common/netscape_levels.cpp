#include "common/netscape_levels.hpp"

#include <charconv>
#include <utility>

namespace linkferry::common {
namespace {

void save_number(std::uint64_t value, std::string& out) {
  char digits[24];
  out.append(digits, std::to_chars(digits, digits + sizeof digits, value).ptr);
  out += ';';
}

bool load_number(std::string_view& text, std::uint64_t& value) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end == text.data() + text.size() || *end != ';') return false;
  text.remove_prefix(static_cast<std::size_t>(end + 1 - text.data()));
  return true;
}

void save_text(std::string_view text, std::string& out) {
  save_number(text.size(), out);
  out += text;
}

bool load_text(std::string_view& text, std::string& value) {
  std::uint64_t size = 0;
  if (!load_number(text, size) || size > text.size()) return false;
  value = text.substr(0, size);
  text.remove_prefix(size);
  return true;
}

}  // namespace

void NetscapeLevels::name_next(Text name) {
  next_name_ = name;
  has_name_ = true;
}

void NetscapeLevels::open() {
  if (!has_name_) {
    ++unnamed_.back();
    return;
  }
  has_name_ = false;
  path_bytes_ += next_name_.size();
  path_.push_back(std::move(next_name_));
  unnamed_.push_back(0);
  is_in_arena_ = false;
}

void NetscapeLevels::close() {
  has_name_ = false;
  if (unnamed_.back() != 0) {
    --unnamed_.back();
  } else if (!path_.empty()) {
    path_bytes_ -= path_.back().size();
    path_.pop_back();
    unnamed_.pop_back();
    if (names_.size() > path_.size()) names_.pop_back();
    is_in_arena_ = false;
  }
}

void NetscapeLevels::copy_names(Arena& arena) {
  if (is_in_arena_) return;
  while (names_.size() < path_.size()) names_.push_back(arena.copy(Text(path_[names_.size()])));
  in_arena_ = arena.copy(FolderPath(names_));
  folders_ = {};
  if (!names_.empty()) {
    const auto list = arena.make_array<FolderPath>(1);
    list[0] = in_arena_;
    folders_ = list;
  }
  is_in_arena_ = true;
}

FolderPath NetscapeLevels::path(Arena& arena) {
  copy_names(arena);
  return in_arena_;
}

FolderPath NetscapeLevels::path_with(Text name, Arena& arena) {
  copy_names(arena);
  const auto names = arena.make_array<Text>(in_arena_.size() + 1);
  for (std::size_t i = 0; i < in_arena_.size(); ++i) names[i] = in_arena_[i];
  names.back() = name;
  return names;
}

void NetscapeLevels::save(std::string& out) const {
  save_number(path_.size(), out);
  save_number(unnamed_[0], out);
  for (std::size_t i = 0; i < path_.size(); ++i) {
    save_text(path_[i], out);
    save_number(unnamed_[i + 1], out);
  }
  save_number(has_name_ ? 1 : 0, out);
  if (has_name_) save_text(next_name_, out);
}

bool NetscapeLevels::load(std::string_view& text) {
  std::string_view rest = text;
  NetscapeLevels loaded;
  std::uint64_t depth = 0;
  if (!load_number(rest, depth) || depth > max_folder_depth ||
      !load_number(rest, loaded.unnamed_[0]))
    return false;
  for (std::uint64_t i = 0; i < depth; ++i) {
    std::string name;
    std::uint64_t unnamed = 0;
    if (!load_text(rest, name) || !load_number(rest, unnamed)) return false;
    loaded.path_bytes_ += name.size();
    loaded.path_.push_back(std::move(name));
    loaded.unnamed_.push_back(unnamed);
  }
  std::uint64_t has_name = 0;
  if (!load_number(rest, has_name) || has_name > 1) return false;
  if (has_name == 1 && !load_text(rest, loaded.next_name_)) return false;
  loaded.has_name_ = has_name == 1;
  *this = std::move(loaded);
  text = rest;
  return true;
}

}  // namespace linkferry::common

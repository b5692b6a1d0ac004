#include "pipeline/mapping.hpp"

#include <unicode/locid.h>
#include <unicode/unistr.h>

#include <algorithm>

#include "pipeline/compare.hpp"

namespace linkferry {
namespace {

std::vector<std::string> split_path(std::string_view path) {
  std::vector<std::string> names;
  while (!path.empty()) {
    const std::size_t slash = std::min(path.find('/'), path.size());
    if (slash > 0) names.emplace_back(path.substr(0, slash));
    path.remove_prefix(std::min(slash + 1, path.size()));
  }
  return names;
}

bool is_ascii(Text text) {
  return std::ranges::all_of(text, [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

/// Lower case by Unicode, independent of any locale.
Text to_lower(Text text, Arena& arena) {
  if (std::ranges::none_of(text, [](char c) {
        return (c >= 'A' && c <= 'Z') || static_cast<unsigned char>(c) >= 0x80;
      }))
    return text;
  if (!is_ascii(text)) {
    std::string lower;
    icu::UnicodeString::fromUTF8(
        icu::StringPiece(text.data(), static_cast<std::int32_t>(text.size())))
        .toLower(icu::Locale::getRoot())
        .toUTF8String(lower);
    return arena.copy(lower);
  }
  const std::span<char> lower = arena.make_array<char>(text.size());
  std::ranges::transform(text, lower.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
  });
  return {lower.data(), lower.size()};
}

Text trim(Text text) {
  const auto is_blank = [](char c) { return c == ' ' || c == '\t' || c == '\n'; };
  while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_blank(text.back())) text.remove_suffix(1);
  return text;
}

}  // namespace

FolderMapping::FolderMapping(const FolderRules& rules) {
  for (const auto& [from, to] : rules.rename) rules_.push_back({split_path(from), split_path(to)});
  for (const auto& dropped : rules.drop) rules_.push_back({split_path(dropped), {}});
  is_identity_ = rules_.empty();
}

/// The rule for the folder at `level` of the path, of which the names up to there count.
const FolderMapping::Rule* FolderMapping::find(FolderPath path, std::size_t level) const {
  for (const Rule& rule : rules_) {
    const auto& names = rule.path;
    if (names.size() == 1 && names.front() == path[level]) return &rule;
    if (names.size() == level + 1 && std::equal(names.begin(), names.end(), path.begin()))
      return &rule;
  }
  return nullptr;
}

bool FolderMapping::is_dropped(FolderPath path) const {
  if (is_identity_ || path.empty()) return false;
  const Rule* rule = find(path, path.size() - 1);
  return rule != nullptr && rule->replacement.empty();
}

FolderPath FolderMapping::map(FolderPath path, Arena& arena) const {
  if (is_identity_ || path.empty()) return path;
  std::vector<Text> mapped;
  for (std::size_t level = 0; level < path.size(); ++level) {
    const Rule* rule = find(path, level);
    if (rule == nullptr) {
      mapped.push_back(path[level]);
    } else {
      if (rule->path.size() > 1 && !rule->replacement.empty()) mapped.clear();
      mapped.insert(mapped.end(), rule->replacement.begin(), rule->replacement.end());
    }
  }
  return arena.copy(std::span<const Text>(mapped));
}

std::span<const FolderPath> FolderMapping::map(std::span<const FolderPath> paths,
                                               Arena& arena) const {
  if (is_identity_ || paths.empty()) return paths;
  std::vector<FolderPath> mapped;
  for (const FolderPath path : paths) {
    const FolderPath now = map(path, arena);
    const bool is_new =
        std::ranges::none_of(mapped, [&](FolderPath other) { return is_equal(other, now); });
    if (is_new && (!now.empty() || path.empty())) mapped.push_back(now);
  }
  return arena.copy(std::span<const FolderPath>(mapped));
}

/// The tags of one bookmark as they come out, each once.
class TagMapping::Output {
 public:
  void add(Text tag) {
    if (!tag.empty() && seen_.insert(tag).second) tags_.push_back(tag);
  }
  const std::vector<Text>& tags() const { return tags_; }

 private:
  std::vector<Text> tags_;
  std::unordered_set<std::string_view> seen_;
};

TagMapping::TagMapping(const TagRules& rules) : rules_(rules) {
  for (const auto& [from, to] : rules_.rename) rename_.emplace(from, to);
  for (const auto& tag : rules_.drop) drop_.insert(tag);
  for (const auto& [pattern, tags] : rules_.split) {
    const std::size_t star = pattern.find('*');
    const bool has_star = star != std::string::npos;
    splits_.push_back(
        {pattern.substr(0, star), has_star ? pattern.substr(star + 1) : "", has_star, tags});
  }
  is_identity_ = !rules_.lower_case && rename_.empty() && drop_.empty() && splits_.empty() &&
                 rules_.add.empty() && rules_.from_folders == FolderTags::none;
}

const TagMapping::Split* TagMapping::find_split(Text tag, Text& star) const {
  for (const Split& split : splits_) {
    if (!split.has_star && tag == split.before) return &split;
    const bool fits = split.has_star && tag.size() > split.before.size() + split.after.size() &&
                      tag.starts_with(split.before) && tag.ends_with(split.after);
    if (!fits) continue;
    star = tag.substr(split.before.size(), tag.size() - split.before.size() - split.after.size());
    return &split;
  }
  return nullptr;
}

void TagMapping::add(Text tag, Output& out, Arena& arena) const {
  if (rules_.lower_case) tag = to_lower(tag, arena);
  if (const auto renamed = rename_.find(tag); renamed != rename_.end()) tag = renamed->second;
  const auto add_kept = [&](Text kept) {
    if (!drop_.contains(kept)) out.add(kept);
  };
  Text star;
  const Split* split = find_split(tag, star);
  if (split == nullptr) return add_kept(tag);
  for (const std::string& part : split->tags) {
    const std::size_t at = part.find('*');
    if (at == std::string::npos || !split->has_star) {
      add_kept(part);
    } else {
      add_kept(arena.copy(part.substr(0, at) + std::string(star) + part.substr(at + 1)));
    }
  }
}

void TagMapping::add_from_folders(std::span<const FolderPath> folders, Output& out,
                                  Arena& arena) const {
  for (const FolderPath path : folders) {
    if (path.empty()) continue;
    if (rules_.from_folders == FolderTags::leaf) add(trim(path.back()), out, arena);
    if (rules_.from_folders == FolderTags::each) {
      for (const Text name : path) add(trim(name), out, arena);
    }
    if (rules_.from_folders == FolderTags::path) {
      std::string joined;
      for (const Text name : path) joined.append(joined.empty() ? "" : "/").append(name);
      add(trim(arena.copy(joined)), out, arena);
    }
  }
}

std::span<const Text> TagMapping::map(std::span<const Text> tags,
                                      std::span<const FolderPath> folders, Arena& arena) const {
  if (is_identity_) return tags;
  Output out;
  for (const Text tag : tags) add(tag, out, arena);
  add_from_folders(folders, out, arena);
  for (const std::string& tag : rules_.add) out.add(tag);
  return arena.copy(std::span<const Text>(out.tags()));
}

}  // namespace linkferry

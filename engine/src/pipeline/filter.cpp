#include "pipeline/filter.hpp"

#include <Poco/Exception.h>
#include <Poco/RegularExpression.h>

#include <algorithm>

#include "linkferry/failure.hpp"

namespace linkferry {
namespace {

std::string joined(FolderPath path) {
  std::string text;
  for (const Text name : path) text.append(text.empty() ? "" : "/").append(name);
  return text;
}

/// Whether `path` is the folder `wanted` (`A/B`) or in it.
bool is_in(std::string_view path, std::string_view wanted) {
  return path.starts_with(wanted) && (path.size() == wanted.size() || path[wanted.size()] == '/');
}

Flag flag_of(const Bookmark& bookmark, Field field) {
  switch (field) {
    case Field::unread:
      return bookmark.unread;
    case Field::favorite:
      return bookmark.favorite;
    case Field::archived:
      return bookmark.archived;
    default:
      return bookmark.shared;
  }
}

std::unique_ptr<Poco::RegularExpression> compile(const std::string& pattern) {
  try {
    return std::make_unique<Poco::RegularExpression>(pattern, Poco::RegularExpression::RE_UTF8);
  } catch (const Poco::Exception& error) {
    throw Failure(FailureKind::configuration,
                  "filter: \"" + pattern + "\" is no regular expression: " + error.displayText());
  }
}

}  // namespace

/// One side of the filter. Each criterion answers for itself, since include wants all of them and
/// exclude any.
class Filter::Test {
 public:
  explicit Test(const Criteria& criteria)
      : criteria_(criteria), tags_(criteria_.tags.begin(), criteria_.tags.end()) {
    for (const auto& pattern : criteria.url) urls_.push_back(compile(pattern));
  }

  bool is_empty() const {
    const Criteria& c = criteria_;
    return tags_.empty() && c.folders.empty() && urls_.empty() && !c.after.is_known() &&
           !c.before.is_known() && c.flags.empty() && c.kinds.empty();
  }

  /// Calls `visit(name, met)` for each criterion that is set, until it answers false.
  template <class Visit>
  void visit(const Bookmark& b, Visit visit) const {
    const Criteria& c = criteria_;
    const bool goes_on =
        (tags_.empty() || visit("tags", has_tag(b))) &&
        (c.folders.empty() || visit("folders", is_in_folder(b))) &&
        (urls_.empty() || visit("url", has_url(b))) &&
        (!c.after.is_known() ||
         visit("after", b.created_at.is_known() && !is_before(b.created_at, c.after))) &&
        (!c.before.is_known() ||
         visit("before", b.created_at.is_known() && is_before(b.created_at, c.before))) &&
        (c.kinds.empty() || visit("kinds", std::ranges::count(c.kinds, b.kind) > 0));
    if (!goes_on) return;
    for (const auto& [field, wanted] : c.flags) {
      if (!visit("flags", flag_of(b, field) == to_flag(wanted))) return;
    }
  }

 private:
  bool has_tag(const Bookmark& b) const {
    return std::ranges::any_of(b.tags, [&](Text tag) { return tags_.contains(tag); });
  }
  bool is_in_folder(const Bookmark& b) const {
    return std::ranges::any_of(b.folders, [&](FolderPath path) {
      const std::string text = joined(path);
      return std::ranges::any_of(criteria_.folders,
                                 [&](const std::string& wanted) { return is_in(text, wanted); });
    });
  }
  bool has_url(const Bookmark& b) const {
    const std::string url(b.url);
    Poco::RegularExpression::Match match;
    return std::ranges::any_of(urls_,
                               [&](const auto& pattern) { return matches(*pattern, url, match); });
  }
  /// A pattern that needs too many steps for this URL (PCRE's limit) does not match it.
  static bool matches(const Poco::RegularExpression& pattern, const std::string& url,
                      Poco::RegularExpression::Match& match) {
    try {
      return pattern.match(url, 0, match) > 0;
    } catch (const Poco::RegularExpressionException&) {
      return false;
    }
  }

  Criteria criteria_;
  std::unordered_set<std::string_view> tags_;
  std::vector<std::unique_ptr<Poco::RegularExpression>> urls_;
};

Filter::Filter(const FilterRules& rules)
    : include_(std::make_unique<Test>(rules.include)),
      exclude_(std::make_unique<Test>(rules.exclude)) {
  is_empty_ = include_->is_empty() && exclude_->is_empty();
}

Filter::~Filter() = default;

Text Filter::reason_to_leave_out(const Bookmark& bookmark) const {
  if (is_empty_) return {};
  Text reason;
  include_->visit(bookmark, [&reason](Text criterion, bool is_met) {
    if (is_met) return true;
    if (criterion == "tags")
      reason = "has none of the tags of filter.include";
    else if (criterion == "folders")
      reason = "is in none of the folders of filter.include";
    else if (criterion == "url")
      reason = "its URL is none of filter.include";
    else if (criterion == "after" || criterion == "before")
      reason = "its creation date is not within filter.include, or not known";
    else if (criterion == "kinds")
      reason = "its kind is none of filter.include";
    else
      reason = "has not the flags of filter.include";
    return false;
  });
  if (is_present(reason)) return reason;
  exclude_->visit(bookmark, [&reason](Text criterion, bool is_met) {
    if (!is_met) return true;
    if (criterion == "tags")
      reason = "has a tag of filter.exclude";
    else if (criterion == "folders")
      reason = "is in a folder of filter.exclude";
    else if (criterion == "url")
      reason = "its URL is in filter.exclude";
    else if (criterion == "after" || criterion == "before")
      reason = "its creation date is in filter.exclude";
    else if (criterion == "kinds")
      reason = "its kind is in filter.exclude";
    else
      reason = "has a flag of filter.exclude";
    return false;
  });
  return reason;
}

}  // namespace linkferry

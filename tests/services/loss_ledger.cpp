#include "loss_ledger.hpp"

#include <algorithm>
#include <regex>

#include "support/catch.hpp"

namespace linkferry::test {
namespace {

using Fields = std::set<std::string>;

/// What a service says of every bookmark by itself. Where nothing was known before, that is no
/// loss: nothing that was there is gone.
const Fields& added_by(Place place) {
  // The post comes with all that is known of it, from its own server, and its marks.
  static const Fields mastodon{"title",    "description", "tags",    "created_at",
                               "language", "media",       "favorite"};
  // Dates of its own, the way by which a bookmark came, ids.
  static const Fields bkmark{"created_at", "modified_at", "extra"};
  // A date of its own, and whether the collection is public.
  static const Fields raindrop{"modified_at", "shared"};
  static const Fields none;
  if (place == Place::mastodon) return mastodon;
  if (place == Place::bkmark) return bkmark;
  if (place == Place::raindrop) return raindrop;
  return none;
}

/// Why a loss cannot be seen in what is there: the service says the same by itself, as is its way
/// with these fields. Everything else that is named as lost must differ.
bool may_be_unseen(Place place, const NamedLoss& loss) {
  // The post is the same, wherever its address was kept.
  if (place == Place::mastodon) return true;
  return loss.reason == "Bkmark's API takes no extra attributes" ||
         loss.reason == "in Raindrop collections are shared, not bookmarks";
}

/// Raindrop dates highlights when they are stored.
std::string without_highlight_dates(const std::string& highlights) {
  static const std::regex date(R"("created_at":"[^"]*",)");
  return std::regex_replace(highlights, date, "");
}

std::string value_of(const Record& record, const std::string& field) {
  const auto found = record.find(field);
  return found == record.end() ? "" : found->second;
}

/// Whether a field says nothing. Rationale: an empty text is not the same as none, but whoever
/// loses one of the two loses nothing.
bool is_silent(const std::string& value) { return value.empty() || value == "\"\""; }

std::set<std::string> fields_of(const Record& a, const Record& b) {
  std::set<std::string> fields;
  for (const auto& record : {a, b})
    for (const auto& [field, value] : record) fields.insert(field);
  return fields;
}

bool is_addition(Place place, const std::string& field, const std::string& before,
                 const std::string& after) {
  if (place == Place::raindrop && field == "highlights")
    return before == without_highlight_dates(after);
  if (place == Place::mastodon && field == "post") return true;
  return added_by(place).contains(field) && is_silent(before);
}

/// The fields in which two records differ.
std::set<std::string> differing(const Record& a, const Record& b) {
  std::set<std::string> fields = fields_of(a, b);
  std::erase_if(fields, [&](const std::string& field) {
    const std::string first = value_of(a, field);
    const std::string second = value_of(b, field);
    return first == second || (is_silent(first) && is_silent(second));
  });
  return fields;
}

void tell(const Copied& copied, const std::string& address, const std::string& field,
          const std::string& what, const Record& before, const Record& after) {
  FAIL_CHECK(copied.name << ": <" << address << ">: " << field << " " << what << "\n  before: "
                         << value_of(before, field) << "\n  after:  " << value_of(after, field));
}

/// Records that stay apart in the listing before, and are one to the sink.
bool is_merged_by_sink(const Copied& copied, const ReportedChange& change) {
  return std::ranges::count_if(change.parents, [&](const std::string& parent) {
           return copied.before.contains(parent);
         }) > 1;
}

void check_record(const Copied& copied, const std::string& address, const ReportedChange& change) {
  const Record& before = copied.before.at(address);
  const auto held = copied.after.find(value_of(change.bookmark, "url"));
  if (held == copied.after.end()) {
    FAIL_CHECK(copied.name << ": <" << address << "> was created, and is not there");
    return;
  }
  const Record& after = held->second;
  for (const std::string& field : differing(change.bookmark, after)) {
    if (!is_addition(copied.to, field, value_of(change.bookmark, field), value_of(after, field)))
      tell(copied, address, field, "is not what the report said", change.bookmark, after);
  }
  if (is_merged_by_sink(copied, change)) return;
  const Fields lost = change.fields_lost();
  for (const std::string& field : differing(before, after)) {
    if (!lost.contains(field) &&
        !is_addition(copied.to, field, value_of(before, field), value_of(after, field)))
      tell(copied, address, field, "differs, and no loss names it", before, after);
  }
  for (const NamedLoss& loss : change.losses) {
    if (value_of(before, loss.field) == value_of(after, loss.field) &&
        !may_be_unseen(copied.to, loss))
      tell(copied, address, loss.field, "is the same, in spite of: " + loss.reason, before, after);
  }
}

}  // namespace

void check_books(const Copied& copied) {
  std::map<std::string, int> counted;
  for (const ReportedChange& change : copied.report.changes) {
    ++counted[change.change];
    counted["merged"] += static_cast<int>(change.parents.size()) - 1;
    counted["read"] += static_cast<int>(change.parents.size());
  }
  const auto books = copied.report.books;
  INFO(copied.name);
  CHECK(counted["read"] == books.at("read"));
  CHECK(counted["create"] == books.at("created"));
  CHECK(counted["merged"] == books.at("merged"));
  CHECK(counted["skipped"] == books.at("skipped"));
  CHECK(counted["failed"] == books.at("failed"));
  CHECK(books.at("updated") + books.at("unchanged") + books.at("filtered") == 0);
  CHECK(static_cast<int>(copied.after.size()) == books.at("created"));
}

void check_losses(const Copied& copied) {
  for (const auto& [address, before] : copied.before) {
    const ReportedChange* const change = copied.report.of(address);
    if (change == nullptr) {
      FAIL_CHECK(copied.name << ": <" << address << "> is in no change of the report");
    } else if (change->change == "create") {
      check_record(copied, address, *change);
    } else if (change->reason.empty()) {
      FAIL_CHECK(copied.name << ": <" << address << "> is " << change->change << " without reason");
    }
  }
}

void check_folders(const Copied& copied) {
  const auto& lost = copied.report.fields_lost;
  for (const auto& [path, before] : copied.folders_before) {
    const auto found = copied.folders_after.find(path);
    if (found == copied.folders_after.end()) {
      if (!lost.contains("folders"))
        tell(copied, path, "path", "of the folder is lost, and no loss names it", before, {});
      continue;
    }
    for (const auto& [field, value] : before) {
      const std::string name = field == "role" ? "folders" : field;
      if (!is_silent(value) && value_of(found->second, field) != value && !lost.contains(name))
        tell(copied, path, field, "of the folder differs, and no loss names it", before,
             found->second);
    }
  }
}

void check_return(const Copied& there, const Copied& back) {
  for (const auto& [address, origin] : there.before) {
    const ReportedChange* const first = there.report.of(address);
    if (first == nullptr || first->change != "create" || is_merged_by_sink(there, *first)) continue;
    const ReportedChange* const second = back.report.of(value_of(first->bookmark, "url"));
    if (second == nullptr || second->change != "create" || is_merged_by_sink(back, *second))
      continue;
    const auto returned = back.after.find(value_of(second->bookmark, "url"));
    if (returned == back.after.end()) continue;
    const Record& after = returned->second;
    for (const std::string& field : differing(origin, after)) {
      const std::string before = value_of(origin, field);
      const bool is_named =
          first->fields_lost().contains(field) || second->fields_lost().contains(field);
      if (!is_named && !is_addition(there.to, field, before, value_of(after, field)) &&
          !is_addition(back.to, field, before, value_of(after, field)))
        tell(back, address, field, "is not as it was at the origin, and neither way names a loss",
             origin, after);
    }
  }
}

}  // namespace linkferry::test

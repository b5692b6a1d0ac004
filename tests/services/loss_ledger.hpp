#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "places.hpp"

namespace linkferry::test {

/// The fields of a bookmark as JSON texts, each written in one way: dates to the nanosecond, `kind`
/// always there, folders in order, since they are a set. What is not known is not there.
using Record = std::map<std::string, std::string>;

/// The bookmarks of a jsonl file by their addresses. All but one have an address.
using Listing = std::map<std::string, Record>;
Listing read_listing(const std::string& jsonl);
/// Its folder records by their paths.
Listing read_folders(const std::string& jsonl);

struct NamedLoss {
  std::string field, kind, reason;
};

/// What a report tells of one bookmark.
struct ReportedChange {
  std::string change;
  Record bookmark;                   ///< as the sink will hold it
  std::vector<std::string> parents;  ///< addresses
  std::vector<NamedLoss> losses;
  std::string reason;

  std::set<std::string> fields_lost() const;
};

struct CopyReport {
  std::map<std::string, int> books;
  std::set<std::string>
      fields_lost;  ///< of all records, and of folder records, which have no change
  std::vector<ReportedChange> changes;

  /// What became of the record of this address; null when nothing did.
  const ReportedChange* of(const std::string& address) const;
};
CopyReport read_report(const std::string& json);

/// One copy: what was there, what was said, what is there now.
struct Copied {
  std::string name;  ///< for messages
  Place to = Place::jsonl;
  Listing before;
  CopyReport report;
  Listing after;
  Listing folders_before, folders_after;
};

/// What is read is what became something, and the changes agree with the books.
void check_books(const Copied& copied);

/// Every field that differs is named by a loss, and every loss is a difference, record by record;
/// and what is there is what the report said. Differences that are no losses, and losses that
/// cannot be seen, are listed in loss_ledger.cpp with their reasons.
void check_losses(const Copied& copied);

/// What folder records have lost is named, field by field, although not folder by folder.
void check_folders(const Copied& copied);

/// The same over the way there and the way back: what differs between the origin and what came back
/// is what the two ledgers say.
void check_return(const Copied& there, const Copied& back);

}  // namespace linkferry::test

#pragma once

#include <deque>
#include <map>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "common/netscape_reader.hpp"
#include "linkferry/batch.hpp"
#include "linkferry/timestamp_text.hpp"
#include "support/map_settings.hpp"
#include "support/memory_host.hpp"

namespace linkferry::test {

/// Everything that a source gave, with the memory it lives in.
struct Reading {
  std::deque<Batch> batches;
  std::vector<const Bookmark*> bookmarks;
  std::vector<const Folder*> folders;
  std::vector<std::string> entries;  ///< bookmarks, folders and separators as texts, in their order
  std::vector<std::string> places;   ///< line and address of each bookmark, as it was read
  std::vector<std::string> rejections;
  std::map<std::string, std::uint64_t> notices;  ///< text and first line
  ReadResult result = ReadResult::end;
};

inline std::string shown(Text text) {
  return is_absent(text) ? "-" : "'" + std::string(text) + "'";
}

inline std::string shown(FolderPath path) {
  std::string all;
  for (const Text name : path) all.append("/").append(name);
  return all;
}

inline std::string shown(std::span<const Attribute> extra) {
  std::string all;
  for (const auto& attribute : extra)
    all.append(" ").append(attribute.name).append("=").append(shown(attribute.value));
  return all;
}

inline std::string shown(Flag flag) {
  return flag == Flag::unknown ? "?" : flag == Flag::yes ? "yes" : "no";
}

/// Every field that is compared, as one line.
inline std::string shown(const Bookmark& b) {
  std::string all = "url=" + shown(b.url) + " title=" + shown(b.title) +
                    " description=" + shown(b.description) + " notes=" + shown(b.notes) + " tags=";
  for (const Text tag : b.tags) all += shown(tag);
  all += " folders=";
  for (const FolderPath path : b.folders) all += "[" + shown(path) + "]";
  for (const auto& time : {b.created_at, b.modified_at, b.read_at, b.visited_at})
    all += " " + format_rfc3339(time);
  for (const Flag flag : {b.unread, b.favorite, b.archived, b.shared}) all += " " + shown(flag);
  all += " kind=" + std::string(name_of(b.kind)) + " icon=" + shown(b.icon) +
         " cover=" + shown(b.cover_url) + " keyword=" + shown(b.keyword) +
         " language=" + shown(b.language);
  return all + shown(b.extra);
}

inline std::string shown(const Folder& f) {
  std::string all = f.type == Folder::Type::separator ? "separator" : "folder";
  all += " " + shown(f.path) + " title=" + shown(f.title) + " description=" + shown(f.description) +
         " " + format_rfc3339(f.created_at) + " " + format_rfc3339(f.modified_at) + " " +
         std::string(name_of(f.role));
  return all + shown(f.extra);
}

inline void add_batch(Reading& reading) {
  const Batch& batch = reading.batches.back();
  std::size_t folder = 0;
  for (std::size_t i = 0; i <= batch.bookmarks.size(); ++i) {
    for (; folder < batch.folders.size() && batch.folders[folder].before == i; ++folder) {
      reading.folders.push_back(&batch.folders[folder].folder);
      reading.entries.push_back(shown(batch.folders[folder].folder));
    }
    if (i == batch.bookmarks.size()) break;
    reading.bookmarks.push_back(&batch.bookmarks[i]);
    reading.entries.push_back(shown(batch.bookmarks[i]));
  }
  for (const auto& rejection : batch.rejections) reading.rejections.emplace_back(rejection.reason);
  for (const auto& notice : batch.notices) reading.notices.emplace(notice.text, notice.line);
}

inline void add_places(Reading& reading) {
  for (const Bookmark& b : reading.batches.back().bookmarks)
    reading.places.push_back(std::to_string(b.line) + " " + shown(b.url));
}

inline Reading read_all(Source& source, std::size_t limit = 256) {
  Reading reading;
  do {
    reading.result = source.read(reading.batches.emplace_back(), limit, {});
    add_places(reading);
    add_batch(reading);
  } while (reading.result == ReadResult::more);
  return reading;
}

/// Skims a source, which must be able to, and completes every bookmark from a copy of its rest;
/// twice, since that changes nothing.
inline Reading read_skimmed(Source& source, std::size_t limit = 256) {
  Reading reading;
  if (!source.skim()) throw std::logic_error("it cannot be skimmed");
  do {
    Batch& batch = reading.batches.emplace_back();
    reading.result = source.read(batch, limit, {});
    add_places(reading);
    for (std::size_t i = 0; i < batch.bookmarks.size(); ++i) {
      const std::vector<char> copy(batch.rests.at(i).begin(), batch.rests[i].end());
      const Text rest = is_absent(batch.rests[i]) ? Text() : Text(copy.data(), copy.size());
      for (int round = 0; round < 2; ++round)
        source.complete(batch.bookmarks[i], rest, batch.arena);
    }
    add_batch(reading);
  } while (reading.result == ReadResult::more);
  return reading;
}

/// Reads `bytes` as a file, in blocks of `block_bytes`.
inline Reading read_html(std::string bytes, const common::NetscapeOptions& options = {},
                         std::size_t block_bytes = common::NetscapeReader::usual_block_bytes,
                         std::vector<std::size_t> read_sizes = {}) {
  MemoryHost host({{"in.html", std::move(bytes)}});
  host.read_sizes = std::move(read_sizes);
  common::NetscapeReader reader(host.open_file("in.html"), options, block_bytes);
  return read_all(reader);
}

/// The same, skimmed and completed.
inline Reading skim_html(std::string bytes, const common::NetscapeOptions& options = {},
                         std::size_t block_bytes = common::NetscapeReader::usual_block_bytes) {
  MemoryHost host({{"in.html", std::move(bytes)}});
  common::NetscapeReader reader(host.open_file("in.html"), options, block_bytes);
  return read_skimmed(reader);
}

/// A list with these entries.
inline std::string list_of(std::string_view entries) {
  return "<!DOCTYPE NETSCAPE-Bookmark-file-1>\n<META HTTP-EQUIV=\"Content-Type\" "
         "CONTENT=\"text/html; charset=UTF-8\">\n"
         "<TITLE>Bookmarks</TITLE>\n<H1>Bookmarks</H1>\n<DL><p>\n" +
         std::string(entries) + "</DL><p>\n";
}

}  // namespace linkferry::test

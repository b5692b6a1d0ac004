#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "linkding/linkding_api.hpp"
#include "linkferry/batch.hpp"

/// Files that belong to bookmarks: linkding's assets, snapshots of pages and uploads.
/// Source: linkding 1.46.2 (observed, read 2026-11-22).
namespace linkferry::linkding {

/// A file of a bookmark, as linkding lists it.
struct Asset {
  std::string id;                  ///< digits
  std::string name;                ///< for people: `HTML snapshot from 01/02/2026`
  std::string type;                ///< `image/png`
  std::string created;             ///< as linkding writes it
  std::uint64_t stored_bytes = 0;  ///< on the server's disk, compressed; 0 where it is not told
};

/// The files of a bookmark that are complete; none where there is no such bookmark any more.
/// Errors: Failure, as `Api::get`.
std::vector<Asset> list_assets(Api& api, std::int64_t bookmark, std::stop_token stop);

/// Where a file is got from, at the server.
std::string url_of_asset(Api& api, std::int64_t bookmark, const Asset& asset);

/// The kind of a medium, by its content type: `image`, `video`, `audio` or `file`.
Text kind_of(std::string_view content_type);

/// The name of a file on disk: `7-12-20260102030405-photo.png`, of the ids of the bookmark and the
/// asset, the moment when it was made, and what of its name is harmless everywhere. It has no
/// slash, begins with a digit and has up to 150 characters; no two assets share one.
std::string file_name_of(std::int64_t bookmark, const Asset& asset);

/// Lists the files of bookmarks, and stores them in a folder where that is wanted.
/// Thread: one at a time.
class FileReader {
 public:
  /// `folder`: absolute, must be there; empty: files are listed only.
  FileReader(Api& api, std::string folder) : api_(api), folder_(std::move(folder)) {}

  /// The files of a bookmark; texts are in the batch's arena. What is in the folder already is not
  /// got again: a file appears there whole or not at all, and assets never change. What the server
  /// does not give is listed by its address there, with a notice. Errors: Failure, as `Api::get`;
  /// failed when the folder is missing or the disk is full.
  std::span<const Media> read(std::int64_t bookmark, Batch& batch, std::stop_token stop);

 private:
  bool save(std::int64_t bookmark, const Asset& asset, const std::string& path,
            std::stop_token stop);
  bool try_to_save(const std::string& from, const Asset& asset, const std::string& path,
                   std::stop_token stop);

  Api& api_;
  std::string folder_;
};

}  // namespace linkferry::linkding

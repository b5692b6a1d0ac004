#include "linkding/linkding_files.hpp"

#include <algorithm>
#include <charconv>

#include "common/file_url.hpp"
#include "linkding/linkding_format.hpp"

namespace linkferry::linkding {
namespace {

constexpr std::size_t page_size = 1000;
constexpr std::size_t most_assets = 10'000;  ///< of one bookmark; far beyond what people have
constexpr int most_attempts = 3;

constexpr Text not_saved =
    "a file could not be downloaded; its address at the server stands in its place";

bool is_number(std::string_view text) {
  return !text.empty() && text.size() < 20 &&
         text.find_first_not_of("0123456789") == std::string_view::npos;
}

std::uint64_t number_in(const std::string& text) {
  std::uint64_t number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

std::string part_of(const Asset& asset) { return "assets/" + asset.id; }

/// What of a name is harmless on every disk and in every shell.
std::string harmless(std::string_view name) {
  constexpr std::string_view plain =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-";
  std::string text;
  for (const char c : name) {
    const bool is_plain = plain.find(c) != std::string_view::npos;
    if (is_plain || !text.ends_with('_')) text += is_plain ? c : '_';
  }
  // The ending tells programs what it is.
  constexpr std::size_t longest = 80;
  constexpr std::size_t ending = 20;
  if (text.size() > longest) text.erase(longest - ending, text.size() - longest);
  return text;
}

/// A text without Content-Length ends with its connection, so that one that is cut off looks whole.
/// It has at least the size that linkding stores: gzip makes nothing larger but by its frame.
bool is_cut_off(std::uint64_t bytes, const Asset& asset) {
  constexpr std::uint64_t frame = 512;
  return bytes + bytes / 1000 + frame < asset.stored_bytes;
}

}  // namespace

Text kind_of(std::string_view content_type) {
  for (const Text kind : {Text("image"), Text("video"), Text("audio")}) {
    if (content_type.starts_with(kind)) return kind;
  }
  return "file";
}

std::vector<Asset> list_assets(Api& api, std::int64_t bookmark, std::stop_token stop) {
  const std::string path = path_of_bookmark(std::to_string(bookmark), "assets");
  std::vector<Asset> assets;
  for (std::size_t offset = 0; offset < most_assets; offset += page_size) {
    const HttpResponse answer = api.ask(with_query(path, {{"limit", std::to_string(page_size)},
                                                          {"offset", std::to_string(offset)}}),
                                        stop);
    if (is_missing(answer)) return {};
    Page page(api.client().expect_json(answer));
    if (!page.is_list()) throw api.client().failure_of(answer, "expected a list of linkding");
    std::string_view raw;
    while (page.next_raw(raw)) {
      Asset asset{member_of(raw, "id"), member_of(raw, "display_name"),
                  member_of(raw, "content_type"), member_of(raw, "date_created"),
                  number_in(member_of(raw, "file_size"))};
      if (member_of(raw, "status") == "complete" && is_number(asset.id))
        assets.push_back(std::move(asset));
    }
    if (offset + page_size >= page.count()) break;
  }
  return assets;
}

std::string url_of_asset(Api& api, std::int64_t bookmark, const Asset& asset) {
  return api.client().base_url() +
         path_of_bookmark(std::to_string(bookmark), part_of(asset) + "/download");
}

std::string file_name_of(std::int64_t bookmark, const Asset& asset) {
  std::string moment = asset.created;
  std::erase_if(moment, [](char c) { return c < '0' || c > '9'; });
  constexpr std::size_t longest = 20;  // to the microsecond
  moment.resize(std::min(moment.size(), longest));
  return std::to_string(bookmark) + "-" + asset.id + "-" + (moment.empty() ? "0" : moment) + "-" +
         harmless(asset.name);
}

std::span<const Media> FileReader::read(std::int64_t bookmark, Batch& batch, std::stop_token stop) {
  std::vector<Media> files;
  for (const Asset& asset : list_assets(api_, bookmark, stop)) {
    std::string url = url_of_asset(api_, bookmark, asset);
    if (!folder_.empty()) {
      const std::string path = folder_ + "/" + file_name_of(bookmark, asset);
      if (api_.host().file_exists(path) || save(bookmark, asset, path, stop)) {
        url = common::file_url_of(path);
      } else {
        batch.notices.push_back({not_saved, 0});
      }
    }
    files.push_back({batch.arena.copy(std::string_view(url)),
                     kind_of(asset.type),
                     {},
                     batch.arena.copy(std::string_view(asset.name))});
  }
  return batch.arena.copy(std::span<const Media>(files));
}

/// False where the server does not give it. A connection that breaks is tried anew: what was begun
/// the client does not repeat.
bool FileReader::save(std::int64_t bookmark, const Asset& asset, const std::string& path,
                      std::stop_token stop) {
  const std::string from = path_of_bookmark(std::to_string(bookmark), part_of(asset) + "/download");
  for (int attempt = 1;; ++attempt) {
    try {
      return try_to_save(from, asset, path, stop);
    } catch (const Failure& failure) {
      if (failure.kind() != FailureKind::temporary || attempt == most_attempts) throw;
    }
  }
}

bool FileReader::try_to_save(const std::string& from, const Asset& asset, const std::string& path,
                             std::stop_token stop) {
  const auto file = api_.host().stage_file(path);
  bool is_writing = false;
  HttpResponse answer;
  try {
    answer = api_.download(
        from,
        [&](std::string_view bytes) {
          is_writing = true;
          file->write(bytes);
          is_writing = false;
        },
        std::move(stop));
  } catch (const Failure& failure) {
    // A full disk ends the run; a file that is beyond the limit of an answer does not.
    if (failure.kind() != FailureKind::failed || is_writing) throw;
    api_.host().log(LogLevel::warning, failure.what());
    return false;
  }
  // A login page in front of linkding answers 200, but not with a file.
  const bool is_file =
      answer.is_success() && answer.headers.find("Content-Disposition").has_value();
  if (!is_file) {
    api_.host().log(LogLevel::warning, api_.client().failure_of(answer, "expected a file").what());
    return false;
  }
  if (is_cut_off(file->size_bytes(), asset))
    throw Failure(FailureKind::temporary, answer.url + ": the file was cut off on its way");
  file->commit();
  return true;
}

}  // namespace linkferry::linkding

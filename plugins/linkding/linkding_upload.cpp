#include "linkding/linkding_upload.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <map>

#include "common/file_url.hpp"
#include "linkding/linkding_files.hpp"
#include "linkding/linkding_format.hpp"
#include "linkding/linkding_text.hpp"

namespace linkferry::linkding {
namespace {

constexpr std::uint64_t largest_file = 256ULL * 1024 * 1024;
constexpr std::size_t longest_name = 150;
constexpr int most_attempts = 3;

/// Whether Python's `str.isprintable` says no, roughly, or a form takes it for something else.
bool is_odd(char32_t c) {
  const auto is_in = [c](char32_t first, char32_t last) { return c >= first && c <= last; };
  return c == '/' || c == '\\' || c == '"' || c == '&' || c == '%' || c < 0x20 ||
         is_in(0x7F, 0xA0) || c == 0xAD || is_in(0x2000, 0x200F) || is_in(0x2028, 0x202F) ||
         is_in(0x205F, 0x206F) || c == 0x3000 || c == 0xFEFF || is_in(0xE000, 0xF8FF) ||
         is_in(0xFFF0, 0xFFFF) || c >= 0xE0000;
}

/// The content type that linkding is to keep and to send with the file.
std::string_view type_of(std::string_view name) {
  struct Ending {
    std::string_view ending, type;
  };
  static constexpr std::array endings{
      Ending{"png", "image/png"},
      Ending{"jpg", "image/jpeg"},
      Ending{"jpeg", "image/jpeg"},
      Ending{"gif", "image/gif"},
      Ending{"webp", "image/webp"},
      Ending{"avif", "image/avif"},
      Ending{"svg", "image/svg+xml"},
      Ending{"mp4", "video/mp4"},
      Ending{"webm", "video/webm"},
      Ending{"mp3", "audio/mpeg"},
      Ending{"ogg", "audio/ogg"},
      Ending{"pdf", "application/pdf"},
      Ending{"html", "text/html"},
      Ending{"htm", "text/html"},
      Ending{"txt", "text/plain"},
      Ending{"json", "application/json"},
      Ending{"epub", "application/epub+zip"},
      Ending{"zip", "application/zip"},
  };
  const std::string ending = lower_case(name.substr(name.rfind('.') + 1));
  const auto found = std::ranges::find(endings, ending, &Ending::ending);
  return found == endings.end() ? "application/octet-stream" : found->type;
}

/// Errors: Failure input: it is not there, cannot be read, or is too large.
std::string content_of(Host& host, const std::string& path) {
  const auto file = host.open_file(path);
  std::string content;
  std::array<char, 64 * 1024> piece{};
  while (const std::size_t size = file->read(piece)) {
    content.append(piece.data(), size);
    if (content.size() > largest_file)
      throw Failure(FailureKind::input, path + ": is larger than 256 MiB");
  }
  return content;
}

}  // namespace

std::string upload_path_of(const Media& file, std::string_view folder) {
  if (is_absent(file.url)) return {};
  std::string path = common::path_of_file_url(file.url);
  return common::is_below(path, folder) ? path : std::string();
}

/// Source: `sanitize_file_name` of Django's multipart parser, which unescapes HTML, takes the last
/// part of a path, and leaves out what cannot be printed (read 2026-11-22).
std::string upload_name_of(const Media& file) {
  std::string from(is_present(file.name) ? file.name : Text());
  if (from.empty()) {
    from = common::path_of_file_url(file.url);
    from.erase(0, from.rfind('/') + 1);
  }
  std::string name;
  Text rest = trimmed(from);
  for (std::size_t count = 0; !rest.empty() && count < longest_name; ++count) {
    const Text whole = rest;
    const char32_t c = take_character(rest);
    if (!is_odd(c)) {
      name.append(whole.substr(0, whole.size() - rest.size()));
    } else if (!name.ends_with('_')) {
      name += '_';
    }
  }
  return name.empty() || name == "." || name == ".." ? "file" : std::string(trimmed(name));
}

Outcome Uploader::add_files(Outcome stored, const Bookmark& bookmark, std::stop_token stop) {
  const bool has_files = std::ranges::any_of(
      bookmark.media, [this](const Media& file) { return !upload_path_of(file, folder_).empty(); });
  if (!has_files) return stored;
  std::int64_t id = 0;
  std::from_chars(stored.id.data(), stored.id.data() + stored.id.size(), id);
  std::map<std::string, std::size_t> held;
  for (const Asset& asset : list_assets(api_, id, stop))
    ++held[upload_name_of({{}, {}, {}, asset.name})];
  std::map<std::string, std::size_t> wanted;
  for (const Media& file : bookmark.media) {
    const std::string name = upload_name_of(file);
    if (++wanted[name] <= held[name]) continue;
    std::string problem;
    try {
      problem = upload(id, file, held[name], stop);
    } catch (const Failure& failure) {
      const FailureKind kind = failure.kind();
      if (kind != FailureKind::input && kind != FailureKind::temporary &&
          kind != FailureKind::failed && kind != FailureKind::interrupted)
        throw;
      problem = failure.what();
    }
    if (!problem.empty())
      return {Result::failed, stored.id,
              "linkding has stored it, but not its file " + name + ": " + problem};
    ++held[name];
    stored.result = Result::done;
  }
  return stored;
}

/// Empty where the file is there then; else why not. `held_before`: files of that name.
std::string Uploader::upload(std::int64_t id, const Media& file, std::size_t held_before,
                             std::stop_token stop) {
  const std::string path = upload_path_of(file, folder_);
  if (path.empty()) return {};
  const std::string name = upload_name_of(file);
  const Api::Upload upload{name, std::string(type_of(name)), content_of(api_.host(), path)};
  std::string problem;
  for (int attempt = 0; attempt < most_attempts; ++attempt) {
    try {
      const HttpResponse answer =
          api_.upload(path_of_bookmark(std::to_string(id), "assets/upload"), upload, stop);
      if (answer.status == 201) return {};
      const std::string messages = messages_of(answer.body);
      problem = messages.empty() ? api_.client().failure_of(answer, "").what() : messages;
      if (answer.status < 500) return problem;
    } catch (const LostReply& lost) {
      if (stop.stop_requested()) return lost.what();
      problem = lost.what();
    }
    if (count_held(id, name, stop) > held_before) return {};
  }
  return problem;
}

std::size_t Uploader::count_held(std::int64_t id, const std::string& name, std::stop_token stop) {
  const std::vector<Asset> assets = list_assets(api_, id, std::move(stop));
  return static_cast<std::size_t>(std::ranges::count_if(assets, [&](const Asset& asset) {
    return upload_name_of({{}, {}, {}, asset.name}) == name;
  }));
}

}  // namespace linkferry::linkding

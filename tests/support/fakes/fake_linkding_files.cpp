#include <Poco/DeflatingStream.h>
#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <sstream>

#include "support/fakes/fake_linkding.hpp"
#include "support/fakes/fake_linkding_requests.hpp"

namespace linkferry::test {
namespace {

/// What linkding says of the size: that on its disk, where files are compressed.
std::size_t stored_bytes(const LinkdingFile& file) {
  if (file.type == "application/gzip") return file.content.size();
  std::ostringstream compressed;
  Poco::DeflatingOutputStream gzip(compressed, Poco::DeflatingStreamBuf::STREAM_GZIP);
  gzip << file.content;
  gzip.close();
  return compressed.str().size();
}

std::string json_of_file(const LinkdingFile& file, std::int64_t bookmark) {
  const bool has_file = file.status == "complete";
  return fmt::format(
      R"({{"id":{},"bookmark":{},"date_created":"{}","file_size":{},"asset_type":"{}",)"
      R"("content_type":{},"display_name":{},"status":"{}"}})",
      file.id, bookmark, file.created, has_file ? std::to_string(stored_bytes(file)) : "null",
      file.is_upload ? "upload" : "snapshot", json_text(file.type), json_text(file.name),
      file.status);
}

}  // namespace

/// Source: linkding 1.46.2 (observed, read 2026-11-22).
Reply FakeLinkding::assets(const Call& call, LinkdingRow& row, const std::string& rest) {
  if (minor() < 39) return linkding_page(404, "Not Found");
  if (rest.empty()) return list_assets(call, row);
  if (rest == "upload/") return upload(call, row);
  std::int64_t id = 0;
  const auto [end, error] = std::from_chars(rest.data(), rest.data() + rest.size(), id);
  const auto file = std::ranges::find(row.files, id, &LinkdingFile::id);
  if (error != std::errc{} || file == row.files.end())
    return Reply::of(404, R"({"detail":"No BookmarkAsset matches the given query."})");
  const std::string action(end, rest.data() + rest.size());
  if (action == "/") return Reply::json(json_of_file(*file, row.id));
  return action == "/download/" ? download(*file) : linkding_page(404, "Not Found");
}

Reply FakeLinkding::list_assets(const Call& call, const LinkdingRow& row) {
  note(Kind::files);
  const std::size_t limit = linkding_number(call.query, "limit", 100);
  const std::size_t offset = linkding_number(call.query, "offset", 0);
  std::string results;
  for (std::size_t i = offset; i < std::min(row.files.size(), offset + limit); ++i)
    results += (results.empty() ? "" : ",") + json_of_file(row.files[i], row.id);
  return Reply::json(fmt::format(R"({{"count":{},"next":null,"previous":null,"results":[{}]}})",
                                 row.files.size(), results));
}

/// Without a length: the end of the connection is the end of the file.
Reply FakeLinkding::download(const LinkdingFile& file) {
  note(Kind::download);
  if (file.status != "complete") return linkding_page(500, "Server Error (500)");
  std::string name = file.name;
  std::ranges::replace_if(
      name, [](char c) { return c == '"' || (c >= 0 && c < 0x20); }, ' ');
  Reply reply;
  reply.raw = "HTTP/1.1 200 OK\r\nContent-Type: " + file.type +
              "\r\nContent-Disposition: attachment; filename=\"" + name +
              "\"\r\nConnection: close\r\n\r\n";
  const unsigned turn = ++downloads_;
  const auto is_due = [turn](unsigned every) { return every != 0 && turn % every == 0; };
  if (is_due(options_.reset_download)) {
    reply.raw += file.content.substr(0, file.content.size() / 2);
    reply.fault = Fault::reset;
  } else {
    reply.raw += is_due(options_.cut_download) ? file.content.substr(0, file.content.size() / 2)
                                               : file.content;
  }
  return reply;
}

Reply FakeLinkding::upload(const Call& call, LinkdingRow& row) {
  note(Kind::upload);
  if (call.method != "POST") return Reply::of(405, R"({"detail":"Method not allowed."})");
  if (options_.is_upload_disabled)
    return Reply::of(403, R"({"error":"Asset upload is disabled."})");
  auto file = read_linkding_upload(call.body, call.content_type);
  // uWSGI hands on no body that comes in chunks.
  if (!file || !call.has_length) return Reply::of(400, R"({"error":"No file provided."})");
  if (is_locked(options_.locked_upload_percent)) return linkding_page(500, "Server Error (500)");
  const LinkdingFile& made = call.library->attach(row, *std::move(file));
  Reply reply = Reply::of(201, json_of_file(made, row.id));
  if (is_turn(options_.lose_reply_of_upload, uploads_)) reply.fault = Fault::lost_reply;
  return reply;
}

}  // namespace linkferry::test

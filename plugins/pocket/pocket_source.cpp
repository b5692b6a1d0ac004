#include "pocket/pocket_source.hpp"

#include <algorithm>
#include <cstring>
#include <utility>

#include "common/csv_table.hpp"
#include "common/deferred_source.hpp"
#include "common/html_text.hpp"
#include "common/peeked_file.hpp"
#include "linkferry/failure.hpp"
#include "pocket/pocket_api_source.hpp"
#include "pocket/pocket_format.hpp"
#include "pocket/pocket_html_source.hpp"
#include "pocket/pocket_zip_source.hpp"

namespace linkferry::pocket {
namespace {

constexpr std::string_view zip_magic = "PK\3\4";

bool contains(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

std::string_view without_mark_and_blanks(std::string_view head) {
  if (head.starts_with("\xEF\xBB\xBF")) head.remove_prefix(3);
  const std::size_t begin = head.find_first_not_of(" \t\r\n");
  return begin == std::string_view::npos ? std::string_view() : head.substr(begin);
}

bool looks_like_html(std::string_view head) {
  return contains(head, "<title>Pocket Export</title>") ||
         (contains(head, "time_added=") &&
          common::find_lower(head, "<h1>unread</h1>") != std::string_view::npos);
}

/// The whole file in memory. Errors: Failure configuration when it is larger than `limit_bytes`.
std::string read_whole(InputFile& file, std::uint64_t limit_bytes) {
  std::string bytes;
  std::size_t size = 0;
  bytes.resize(static_cast<std::size_t>(std::min(file.size_bytes(), limit_bytes)) + 64 * 1024);
  for (;;) {
    if (size == bytes.size()) bytes.resize(size * 2);
    const std::size_t count = file.read({bytes.data() + size, bytes.size() - size});
    if (count == 0) break;
    size += count;
    if (size > limit_bytes) {
      throw Failure(FailureKind::configuration,
                    file.name() + ": files of this kind are read up to " +
                        std::to_string(limit_bytes / 1024 / 1024) + " MiB");
    }
  }
  bytes.resize(size);
  return bytes;
}

std::unique_ptr<Source> open_source(std::unique_ptr<InputFile> file, const std::string& endpoint) {
  auto peeked = std::make_unique<common::PeekedFile>(std::move(file));
  const FileKind kind = kind_of(peeked->head(), peeked->is_whole());
  peeked->rewind();
  const std::string name = peeked->name();
  switch (kind) {
    case FileKind::zip:
      return std::make_unique<PocketZipSource>(read_whole(*peeked, PocketZipSource::max_zip_bytes),
                                               name, endpoint);
    case FileKind::json:
      return std::make_unique<PocketApiSource>(read_whole(*peeked, PocketApiSource::max_json_bytes),
                                               name, endpoint);
    case FileKind::html:
      return std::make_unique<PocketHtmlSource>(std::move(peeked), endpoint);
    case FileKind::csv:
    case FileKind::unknown:
      break;
  }
  const std::string_view head = without_mark_and_blanks(peeked->head());
  if (head.starts_with('<') || head.starts_with('{') || head.starts_with('[')) {
    throw Failure(
        FailureKind::configuration,
        name + ": this is no file of Pocket's: it looks like " +
            (head[0] == '<' ? "HTML" : "JSON") +
            ", expected pocket.zip, a part_000000.csv, ril_export.html or a dump of the API");
  }
  return std::make_unique<common::CsvSource>(std::move(peeked),
                                             std::make_unique<PocketRows>(endpoint));
}

}  // namespace

FileKind kind_of(std::string_view head, bool is_whole) {
  if (head.starts_with(zip_magic) || head.starts_with("PK\5\6")) return FileKind::zip;
  const std::string_view text = without_mark_and_blanks(head);
  if (text.starts_with('<')) return looks_like_html(text) ? FileKind::html : FileKind::unknown;
  if (text.starts_with('{')) return contains(text, "\"list\"") ? FileKind::json : FileKind::unknown;
  return is_pocket_header(common::read_csv_header(head, is_whole)) ? FileKind::csv
                                                                   : FileKind::unknown;
}

int recognize(std::string_view head, bool is_whole) {
  switch (kind_of(head, is_whole)) {
    case FileKind::html:
      return 100;
    case FileKind::csv:
      return 95;
    case FileKind::json:
      return contains(head, "\"given_url\"") && contains(head, "\"item_id\"") ? 90 : 0;
    case FileKind::zip:
      if (contains(head, "part_") && contains(head, ".csv")) return 95;
      return contains(head, "annotations/") || contains(head, "collections/") ? 60 : 5;
    case FileKind::unknown:
      break;
  }
  return 0;
}

std::unique_ptr<Source> make_source(const Settings& settings, Host& host) {
  const std::string path = settings.text("path").value_or("-");
  return std::make_unique<common::DeferredSource>(
      path, [path, endpoint = settings.endpoint(), &host] {
        return open_source(host.open_file(path), endpoint);
      });
}

}  // namespace linkferry::pocket

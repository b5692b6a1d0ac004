#include "raindrop/raindrop_source.hpp"

#include <optional>
#include <utility>

#include "common/deferred_source.hpp"
#include "common/html_text.hpp"
#include "common/peeked_file.hpp"
#include "linkferry/failure.hpp"
#include "raindrop/raindrop_html_source.hpp"

namespace linkferry::raindrop {
namespace {

std::string_view without_mark_and_blanks(std::string_view head) {
  if (head.starts_with("\xEF\xBB\xBF")) head.remove_prefix(3);
  const std::size_t begin = head.find_first_not_of(" \t\r\n");
  return begin == std::string_view::npos ? std::string_view() : head.substr(begin);
}

/// Reads the whole file a second time, only for its folders, up to the first ` / `.
std::optional<bool> has_blank_slash(const std::string& path, Host& host,
                                    const std::stop_token& stop) {
  if (!host.file_exists(path)) return {};
  auto file = host.open_file(path);
  if (!file->rewind()) return {};
  common::Utf8Input input(std::move(file));
  if (!input.open(stop)) throw common::RowUndecided();
  common::CsvReader reader(input);
  common::CsvRow row;
  Arena arena;
  if (reader.next(row, arena) != common::CsvResult::row) return false;
  const std::size_t column = common::CsvHeader(row.cells).find("folder");
  for (std::size_t rows = 0;; ++rows) {
    if (rows % 100 == 0) arena.clear();
    if (stop.stop_requested()) throw common::RowUndecided();
    const common::CsvResult result = reader.next(row, arena);
    if (result == common::CsvResult::end || result == common::CsvResult::cut_off) return false;
    if (result == common::CsvResult::row && common::cell_at(row, column).find(" / ") != Text::npos)
      return true;
  }
}

std::unique_ptr<Source> open_source(const ReadOptions& options, Host& host) {
  auto file = std::make_unique<common::PeekedFile>(host.open_file(options.path));
  const std::string_view head = without_mark_and_blanks(file->head());
  file->rewind();
  if (head.starts_with('<'))
    return std::make_unique<RaindropHtmlSource>(std::move(file), options.endpoint);
  if (head.starts_with('{') || head.starts_with('[') || head.starts_with("PK\3\4")) {
    throw Failure(FailureKind::configuration,
                  file->name() + ": this is no file of Raindrop's: it looks like " +
                      (head[0] == 'P' ? "a zip" : "JSON") + ", expected its CSV or HTML export");
  }
  return make_csv_source(std::move(file), options, host);
}

}  // namespace

int recognize(std::string_view head, bool is_whole) {
  const std::string_view text = without_mark_and_blanks(head);
  if (text.starts_with('<')) {
    return common::find_lower(text.substr(0, 4096), "raindrop.io bookmarks") !=
                   std::string_view::npos
               ? 100
               : 0;
  }
  if (text.starts_with('{') || text.starts_with('[') || text.starts_with("PK")) return 0;
  return certainty_of(common::read_csv_header(head, is_whole));
}

ReadOptions::ReadOptions(const Settings& settings)
    : path(settings.text("path").value_or("-")), endpoint(settings.endpoint()) {
  const std::string given = settings.text("folder_separator").value_or("auto");
  if (given == "/") separator = FolderSeparator::slash;
  if (given == " / ") separator = FolderSeparator::blank_slash_blank;
}

std::unique_ptr<Source> make_csv_source(std::unique_ptr<InputFile> file, const ReadOptions& options,
                                        Host& host) {
  auto rows =
      std::make_unique<RaindropRows>(options.endpoint, options.separator,
                                     [path = options.path, &host](const std::stop_token& stop) {
                                       return has_blank_slash(path, host, stop);
                                     });
  return std::make_unique<common::CsvSource>(std::move(file), std::move(rows));
}

std::unique_ptr<Source> make_source(const Settings& settings, Host& host) {
  const ReadOptions options(settings);
  return std::make_unique<common::DeferredSource>(
      options.path, [options, &host] { return open_source(options, host); });
}

}  // namespace linkferry::raindrop

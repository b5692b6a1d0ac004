#include "mastodon/mastodon_files.hpp"

#include <algorithm>
#include <string>
#include <utility>

#include "common/deferred_source.hpp"
#include "common/peeked_file.hpp"
#include "linkferry/failure.hpp"
#include "mastodon/archive_lists.hpp"
#include "mastodon/csv_parts.hpp"
#include "mastodon/mastodon_archive_source.hpp"
#include "mastodon/mastodon_csv_sink.hpp"
#include "mastodon/mastodon_csv_source.hpp"
#include "mastodon/mastodon_filling_source.hpp"
#include "mastodon/mastodon_source.hpp"

namespace linkferry::mastodon {
namespace {

FileRules file_rules(const Settings& settings) {
  FileRules rules;
  rules.endpoint = settings.endpoint();
  rules.bookmark_tag = settings.text("bookmark_tag").value_or("");
  rules.favourite_tag = settings.text("favourite_tag").value_or("");
  return rules;
}

WantedLists wanted_lists(const Settings& settings) {
  const auto lists = reading_rules(settings).lists;
  const auto has = [&lists](List list) {
    return std::find(lists.begin(), lists.end(), list) != lists.end();
  };
  return {has(List::bookmarks), has(List::favourites)};
}

std::unique_ptr<Source> open_source(const std::string& path, const FileRules& rules,
                                    const WantedLists& wanted, Host& host) {
  auto file = std::make_unique<common::PeekedFile>(host.open_file(path));
  const std::string head(file->head());
  if (archive_form_of(head) == ArchiveForm::unknown)
    return std::make_unique<MastodonCsvSource>(std::move(file), path, rules, host);
  const std::uint64_t size = file->size_bytes();
  auto lists = std::make_unique<ArchiveLists>();
  auto loader = make_archive_loader(std::move(file), head, wanted, *lists);
  return std::make_unique<MastodonArchiveSource>(std::move(lists), std::move(loader), size, rules);
}

}  // namespace

int recognize(std::string_view head, bool is_whole) {
  return std::max(recognize_archive(head, is_whole), recognize_csv(head, is_whole));
}

std::unique_ptr<Source> make_file_source(const Settings& settings, Host& host) {
  const std::string path = settings.text("path").value_or("-");
  auto file = std::make_unique<common::DeferredSource>(
      path, [path, rules = file_rules(settings), wanted = wanted_lists(settings), &host] {
        return open_source(path, rules, wanted, host);
      });
  if (!settings.has("url")) return file;
  if (!settings.has("token")) {
    throw Failure(FailureKind::configuration,
                  settings.endpoint() +
                      ": path with url looks up the posts at that server, which needs a token; "
                      "without url the file is read by itself");
  }
  return std::make_unique<MastodonFillingSource>(
      std::move(file), std::make_unique<Server>(settings, host, Pace::reading),
      reading_rules(settings).status);
}

std::unique_ptr<Sink> make_file_sink(const Settings& settings, Host& host) {
  return std::make_unique<MastodonCsvSink>(settings.text("path").value_or("-"),
                                           settings.flag("any_link"), settings.endpoint(), host);
}

}  // namespace linkferry::mastodon

#include "mastodon/mastodon_files.hpp"

#include <algorithm>
#include <string>
#include <utility>

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

/// Opens the file when it is first needed, so that making a source never waits for a pipe.
class FileSource final : public Source {
 public:
  FileSource(const Settings& settings, Host& host)
      : path_(settings.text("path").value_or("-")),
        rules_(file_rules(settings)),
        wanted_(wanted_lists(settings)),
        host_(host) {}

  ReadResult read(Batch& batch, std::size_t limit, std::stop_token stop) override {
    return source().read(batch, limit, stop);
  }
  bool rewind() override { return source_ ? source_->rewind() : path_ != "-"; }
  bool resume(std::string_view checkpoint) override {
    if (!source_ && path_ == "-") return false;
    return source().resume(checkpoint);
  }
  std::uint64_t total() const override { return source_ ? source_->total() : 0; }
  std::uint64_t progress() const override { return source_ ? source_->progress() : 0; }

 private:
  Source& source() {
    if (!source_) source_ = open();
    return *source_;
  }

  std::unique_ptr<Source> open() const {
    auto file = std::make_unique<common::PeekedFile>(host_.open_file(path_));
    const std::string head(file->head());
    if (archive_form_of(head) == ArchiveForm::unknown)
      return std::make_unique<MastodonCsvSource>(std::move(file), path_, rules_, host_);
    const std::uint64_t size = file->size_bytes();
    auto lists = std::make_unique<ArchiveLists>();
    auto loader = make_archive_loader(std::move(file), head, wanted_, *lists);
    return std::make_unique<MastodonArchiveSource>(std::move(lists), std::move(loader), size,
                                                   rules_);
  }

  std::string path_;
  FileRules rules_;
  WantedLists wanted_;
  Host& host_;
  std::unique_ptr<Source> source_;
};

}  // namespace

int recognize(std::string_view head, bool is_whole) {
  return std::max(recognize_archive(head, is_whole), recognize_csv(head, is_whole));
}

std::unique_ptr<Source> make_file_source(const Settings& settings, Host& host) {
  auto file = std::make_unique<FileSource>(settings, host);
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

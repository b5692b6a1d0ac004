#include "linkding/linkding_sink.hpp"

#include <algorithm>

#include "common/change_work.hpp"
#include "linkding/linkding_source.hpp"
#include "linkding/linkding_text.hpp"
#include "linkding/linkding_url.hpp"

namespace linkferry::linkding {
Representation LinkdingSink::represent(const Bookmark& bookmark, Arena& arena) const {
  const Features* const features = api_->known_features();
  const bool keeps_dates = features == nullptr || features->keeps_dates;
  const bool has_files = features == nullptr || features->has_assets;
  return linkding::represent(
      bookmark,
      {keeps_dates, options_.takes_any_url, &library_, has_files, options_.rules.upload_folder},
      arena);
}

Text LinkdingSink::unique_key(Text url, Arena& arena) const {
  if (is_absent(url)) return {};
  const Features* const features = api_->known_features();
  return features == nullptr || features->normalizes_urls ? normalized_url(url, arena)
                                                          : trimmed(url);
}

std::unique_ptr<Source> LinkdingSink::existing() {
  // What files there are says which ones are new.
  const bool lists_files = !options_.rules.upload_folder.empty();
  return std::make_unique<LinkdingSource>(
      api_,
      LinkdingSource::Options{options_.endpoint, options_.page_size, lists_files, {}, &library_});
}

void LinkdingSink::write(std::span<const Change> changes, std::span<Outcome> outcomes,
                         std::stop_token stop) {
  if (!stop.stop_requested()) {
    try {
      api_->features(stop);
    } catch (const Failure& failure) {
      if (failure.kind() != FailureKind::interrupted) throw;
    }
  }
  if (changes.empty()) return;
  const auto carry_out = [this, &stop](const Change& change) {
    return writer_.carry_out(change, stop);
  };
  common::ChangeWork(carry_out, failures_, changes, outcomes, stop).run(options_.concurrency);
}

std::vector<std::string> LinkdingSink::describe(std::stop_token stop) {
  return describe_library(*api_, stop);
}

std::unique_ptr<Sink> make_sink(const Settings& settings, Host& host) {
  const auto number = [&settings](std::string_view name, std::int64_t fallback) {
    return static_cast<std::size_t>(
        settings.has(name) ? std::max<std::int64_t>(1, settings.number(name)) : fallback);
  };
  LinkdingSink::Options options;
  options.endpoint = settings.endpoint();
  options.page_size = number("page_size", 1000);
  options.concurrency = number("concurrency", 1);
  options.takes_any_url = settings.flag("any_url");
  options.rules.scrapes = settings.flag("scrape");
  options.rules.snapshots = settings.flag("snapshots");
  options.rules.archives_instead_of_deleting = settings.text("quarantine") == "archive";
  options.rules.page_size = options.page_size;
  options.rules.upload_folder = folder_in(settings, "upload_files");
  return std::make_unique<LinkdingSink>(std::make_shared<Api>(settings, host), std::move(options));
}

}  // namespace linkferry::linkding

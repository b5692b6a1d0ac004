#include "linkding/linkding_sink.hpp"

#include <algorithm>
#include <atomic>
#include <exception>
#include <thread>

#include "linkding/linkding_source.hpp"
#include "linkding/linkding_text.hpp"
#include "linkding/linkding_url.hpp"

namespace linkferry::linkding {
namespace {

/// After so many changes in a row that failed, the service is not asked any more.
constexpr unsigned most_failures_in_a_row = 5;

/// Carries out the changes of one call, several at a time where that is wanted.
class Work {
 public:
  /// `failures` is how many failed in a row, now and in the calls before.
  Work(Writer& writer, std::atomic<unsigned>& failures, std::span<const Change> changes,
       std::span<Outcome> outcomes, std::stop_token stop)
      : writer_(writer),
        failures_(failures),
        changes_(changes),
        outcomes_(outcomes),
        stop_(std::move(stop)) {
    // Each call tries once whether the service is back.
    failures_ = std::min(failures_.load(), most_failures_in_a_row - 1);
  }

  /// Errors: Failure of a change after which the run cannot go on; temporary, when nothing was done
  /// and the last changes all failed.
  void run(std::size_t concurrency) {
    const std::size_t threads = std::min(concurrency, changes_.size());
    if (threads <= 1) {
      take_changes();
    } else {
      std::vector<std::jthread> workers;
      for (std::size_t i = 0; i < threads; ++i) workers.emplace_back([this] { take_changes(); });
    }
    if (error_) std::rethrow_exception(error_);
    if (has_answer_ || stop_.stop_requested() || failures_ < most_failures_in_a_row) return;
    throw Failure(FailureKind::temporary, outcomes_.front().reason +
                                              "; so did those before and after it, and nothing "
                                              "more is tried: run again later");
  }

 private:
  void take_changes() {
    for (std::size_t i = next_++; i < changes_.size(); i = next_++) {
      try {
        outcomes_[i] = carry_out(changes_[i]);
      } catch (...) {
        const std::lock_guard lock(mutex_);
        if (!error_) error_ = std::current_exception();
        next_ = changes_.size();
      }
    }
  }

  Outcome carry_out(const Change& change) {
    if (stop_.stop_requested()) return {Result::failed, {}, "stopped before it began"};
    if (failures_ >= most_failures_in_a_row)
      return {Result::failed, {}, "not tried, since those before it failed"};
    Outcome outcome = writer_.carry_out(change, stop_);
    if (outcome.result == Result::failed) {
      ++failures_;
    } else {
      failures_ = 0;
      has_answer_ = true;
    }
    return outcome;
  }

  Writer& writer_;
  std::atomic<unsigned>& failures_;
  std::span<const Change> changes_;
  std::span<Outcome> outcomes_;
  std::stop_token stop_;
  std::atomic<std::size_t> next_{0};
  std::atomic<bool> has_answer_{false};
  std::mutex mutex_;
  std::exception_ptr error_;
};

}  // namespace

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
  Work(writer_, failures_, changes, outcomes, stop).run(options_.concurrency);
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

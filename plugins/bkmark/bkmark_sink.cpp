#include "bkmark/bkmark_sink.hpp"

#include <algorithm>

#include "common/change_work.hpp"

namespace linkferry::bkmark {

BkmarkSink::BkmarkSink(std::shared_ptr<Api> api, std::shared_ptr<Groups> groups, Options options)
    : api_(std::move(api)),
      groups_(std::move(groups)),
      options_(std::move(options)),
      library_(*groups_),
      writer_(*api_, library_, options_.write),
      bulk_(*api_, library_, writer_, options_.bulk),
      importer_(*api_, library_, writer_, options_.import, options_.import_from) {
  options_.represent.groups = groups_.get();
  options_.represent.library = &library_;
}

Representation BkmarkSink::represent(const Bookmark& bookmark, Arena& arena) const {
  return bkmark::represent(bookmark, options_.represent, arena);
}

std::unique_ptr<Source> BkmarkSink::existing() {
  BkmarkSource::Options options;
  options.endpoint = options_.endpoint;
  options.walk = options_.write.walk;
  options.view = {true, options_.represent.keeps_dates, options_.represent.keeps_notes};
  return std::make_unique<BkmarkSource>(api_, groups_, &library_, std::move(options));
}

void BkmarkSink::write(std::span<const Change> changes, std::span<Outcome> outcomes,
                       std::stop_token stop) {
  if (changes.empty()) return;
  std::vector<Change> all(changes.begin(), changes.end());
  std::vector<std::string> imported(changes.size());
  std::vector<bool> is_done(changes.size(), false);
  try {
    if (!stop.stop_requested()) {
      imported = importer_.run(changes, stop);
      // What is there now only has to be made what it should be.
      for (std::size_t i = 0; i < all.size(); ++i) {
        if (imported[i].empty()) continue;
        all[i].action = Action::update;
        all[i].id = imported[i];
      }
      bulk_.run(all, outcomes, is_done, stop);
    }
  } catch (const Failure& failure) {
    // Each change says for itself that it was stopped.
    if (failure.kind() != FailureKind::interrupted && !stop.stop_requested()) throw;
  }
  write_rest(all, outcomes, is_done, stop);
  for (std::size_t i = 0; i < all.size(); ++i) {
    const bool is_imported = !imported[i].empty();
    if (is_imported && outcomes[i].result == Result::already_so) outcomes[i].result = Result::done;
    if (outcomes[i].result != Result::done) continue;
    if (changes[i].action == Action::create) importer_.check_dates(changes[i], outcomes[i].id);
    if (is_imported) writer_.remember(*changes[i].bookmark, imported[i]);
  }
}

void BkmarkSink::write_rest(std::span<const Change> changes, std::span<Outcome> outcomes,
                            const std::vector<bool>& is_done, std::stop_token stop) {
  std::vector<Change> rest;
  std::vector<std::size_t> places;
  for (std::size_t i = 0; i < changes.size(); ++i) {
    if (is_done[i]) continue;
    rest.push_back(changes[i]);
    places.push_back(i);
  }
  if (rest.empty()) return;
  std::vector<Outcome> made(rest.size());
  const auto carry_out = [this, &stop](const Change& change) {
    return writer_.carry_out(change, stop);
  };
  common::ChangeWork(carry_out, failures_, rest, made, stop).run(options_.concurrency);
  for (std::size_t i = 0; i < rest.size(); ++i) outcomes[places[i]] = std::move(made[i]);
}

std::vector<std::string> BkmarkSink::describe(std::stop_token stop) {
  return describe_library(*api_, stop);
}

std::unique_ptr<Sink> make_sink(const Settings& settings, Host& host) {
  BkmarkSink::Options options;
  const auto is = [&settings](std::string_view name, std::string_view value) {
    return settings.text(name) == value;
  };
  options.endpoint = settings.endpoint();
  options.concurrency =
      static_cast<std::size_t>(std::max<std::int64_t>(1, settings.number("concurrency")));
  options.represent.keeps_notes = !is("notes", "drop");
  options.represent.unknown_groups = is("unknown_groups", "skip")   ? UnknownGroups::skip
                                     : is("unknown_groups", "fail") ? UnknownGroups::fail
                                                                    : UnknownGroups::tag;
  options.import = is("bulk_import", "never")    ? ImportUse::never
                   : is("bulk_import", "always") ? ImportUse::always
                                                 : ImportUse::automatic;
  options.represent.keeps_dates = options.import == ImportUse::always;
  if (settings.has("import_from"))
    options.import_from =
        static_cast<std::size_t>(std::max<std::int64_t>(1, settings.number("import_from")));
  options.bulk = is("bulk", "none")    ? BulkUse::none
                 : is("bulk", "probe") ? BulkUse::probing
                                       : BulkUse::documented;
  options.write.deletes_for_good = settings.flag("permanent");
  options.write.forces = settings.flag("force");
  options.write.keeps_notes = options.represent.keeps_notes;
  options.write.walk = walk_rules(settings);
  const ImportPace pace =
      options.import == ImportUse::always ? ImportPace::patient : ImportPace::at_once;
  return std::make_unique<BkmarkSink>(std::make_shared<Api>(settings, host, pace),
                                      std::make_shared<Groups>(settings.table("groups")),
                                      std::move(options));
}

}  // namespace linkferry::bkmark

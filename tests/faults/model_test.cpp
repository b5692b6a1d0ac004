#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <random>

#include "linkferry/failure.hpp"
#include "memory_disk.hpp"
#include "model_endpoints.hpp"
#include "pipeline/run.hpp"
#include "state/job_state.hpp"
#include "support/catch.hpp"
#include "support/program.hpp"

using namespace linkferry;
using namespace linkferry::test;

namespace {

std::uint64_t number_of(const char* variable, std::uint64_t otherwise) {
  const char* const value = std::getenv(variable);
  return value != nullptr && *value != '\0' ? std::stoull(value) : otherwise;
}

/// What a plan says, as a listing that changes with it.
class Prediction final : public PlanObserver {
 public:
  explicit Prediction(const std::vector<ModelBookmark>& held) {
    for (const ModelBookmark& bookmark : held) lines_.insert(bookmark.content());
  }
  void on_change(const PlannedChange& change) override {
    switch (change.fate) {
      case Fate::created:
        lines_.insert(content_of(*change.bookmark));
        break;
      case Fate::updated:
      case Fate::quarantined:
        take(*change.present);
        lines_.insert(content_of(*change.bookmark));
        break;
      case Fate::deleted:
        take(*change.bookmark);
        break;
      default:
        break;
    }
  }
  const std::multiset<std::string>& lines() const { return lines_; }

 private:
  static std::string content_of(const Bookmark& bookmark) {
    ModelBookmark made{
        std::string(bookmark.url), std::string(bookmark.title), {}, bookmark.archived == Flag::yes};
    for (const Text tag : bookmark.tags) made.tags.emplace_back(tag);
    return made.content();
  }
  void take(const Bookmark& bookmark) {
    const auto found = lines_.find(content_of(bookmark));
    if (found == lines_.end()) {
      FAIL_CHECK("the plan speaks of what is not there: " << content_of(bookmark));
    } else {
      lines_.erase(found);
    }
  }

  std::multiset<std::string> lines_;
};

/// A job between random lists, in which everybody does what he likes.
class Machine {
 public:
  explicit Machine(std::uint64_t seed) : random_(static_cast<unsigned>(seed * 7919 + 1)) {
    sink_.kind = chance(50) ? SinkKind::live : SinkKind::staged;
    sink_.has_tags = !chance(20);
    sink_.lowers_tags = chance(30);
    sink_.has_archive = !chance(20);
    sink_.max_title = chance(25) ? 5 : 0;
    sink_.folds_path = chance(30);
    lists_.resize(1 + pick(2));
    faults_.resize(lists_.size());
    job_.name = "model";
    job_.to = "there";
    job_.identity = "one";
    job_.digest = "one";
    job_.mode = chance(75) ? Mode::mirror : Mode::copy;
    constexpr OnMatch policies[] = {OnMatch::skip, OnMatch::fill, OnMatch::merge,
                                    OnMatch::overwrite};
    job_.on_match = job_.mode == Mode::mirror ? OnMatch::overwrite : policies[pick(4)];
    job_.deletion.policy = chance(70) ? DeletePolicy::owned : DeletePolicy::matched;
    if (chance(60)) job_.deletion.max_percent = 100;
    if (chance(20) && sink_.has_tags) job_.deletion.quarantine = Quarantine::tag;
    has_ids_ = chance(50);
    if (chance(50)) repeat(3, [this] { edit_sink(); });
  }

  void step() {
    const std::size_t turn = pick(5);
    constexpr const char* names[] = {"source", "source", "sink", "faulty run", "run"};
    switch (turn) {
      case 0:
      case 1:
        edit_source();
        break;
      case 2:
        edit_sink();
        break;
      case 3:
        run_faulty();
        break;
      default:
        run_whole();
    }
    trace(names[turn]);
  }

 private:
  bool chance(unsigned percent) { return random_() / 7 % 100 < percent; }
  std::size_t pick(std::size_t count) { return random_() / 7 % count; }
  template <class Call>
  void repeat(std::size_t most, Call call) {
    for (std::size_t i = pick(most) + 1; i > 0; --i) call();
  }

  ModelBookmark any_bookmark() {
    constexpr const char* spellings[] = {
        "https://m.example/{}", "http://m.example/{}", "https://m.example/{}/",
        "https://m.example/{}?utm_source=z", "HTTPS://M.EXAMPLE/{}"};
    ModelBookmark made;
    std::string name(1, static_cast<char>('a' + pick(14)));
    if (chance(15)) name[0] = static_cast<char>(name[0] - 'a' + 'A');
    made.url = fmt::format(fmt::runtime(spellings[chance(60) ? 0 : pick(4)]), name);
    made.title = fmt::format("Title {}", pick(100));
    for (std::size_t i = pick(3); i > 0; --i) made.tags.push_back(std::string(1, "xyXz"[pick(4)]));
    std::ranges::sort(made.tags);
    made.tags.erase(std::unique(made.tags.begin(), made.tags.end()), made.tags.end());
    made.id = ++last_source_id_;
    return made;
  }
  std::string key_of(const std::string& url) const {
    std::string key = model_name_in(url);
    if (sink_.folds_path)
      std::ranges::transform(key, key.begin(), [](unsigned char c) { return std::tolower(c); });
    return key;
  }
  bool any_source_has(const std::string& url) const {
    return std::ranges::any_of(lists_, [&](const auto& list) {
      return std::ranges::any_of(
          list, [&](const ModelBookmark& b) { return key_of(b.url) == key_of(url); });
    });
  }

  /// What happened, for whoever looks into a finding.
  void trace(const std::string& what) const {
    if (!is_traced_) return;
    std::printf("%s\n  there:", what.c_str());
    for (const ModelBookmark& held : sink_.held)
      std::printf(" %s%s%lld", model_name_in(held.url).c_str(), held.by_us ? "*" : "",
                  static_cast<long long>(held.id));
    for (const auto& list : lists_) {
      std::printf("\n  source:");
      for (const ModelBookmark& one : list) std::printf(" %s", model_name_in(one.url).c_str());
    }
    std::printf("\n");
  }

  void edit_source() {
    auto& list = lists_[pick(lists_.size())];
    if (list.size() > 3 && chance(40)) {
      list.erase(list.begin() + static_cast<std::ptrdiff_t>(pick(list.size())));
    } else if (!list.empty() && chance(30)) {
      list[pick(list.size())].title = fmt::format("Title {}", pick(100));
    } else {
      list.push_back(any_bookmark());
    }
  }

  /// What people do: add, change and delete, within the sink's own rules.
  void edit_sink() {
    auto& held = sink_.held;
    if (!held.empty() && chance(30)) {
      const auto gone = held.begin() + static_cast<std::ptrdiff_t>(pick(held.size()));
      // Without ids nobody can tell that what comes back under its address is another one.
      if (gone->by_us && sink_.kind == SinkKind::staged) mistakable_.insert(key_of(gone->url));
      held.erase(gone);
      return;
    }
    if (!held.empty() && chance(30)) {
      held[pick(held.size())].title = fmt::format("T {}", pick(100));
      return;
    }
    ModelBookmark made = any_bookmark();
    if (std::ranges::any_of(held, [&](const auto& b) { return key_of(b.url) == key_of(made.url); }))
      return;
    if (!sink_.has_tags) made.tags.clear();
    if (sink_.lowers_tags && !made.tags.empty()) made.tags = {"own"};
    if (sink_.max_title != 0) made.title.resize(sink_.max_title);
    made.id = ++sink_.last_id;
    made.by_us = mistakable_.contains(key_of(made.url));
    held.push_back(made);
  }

  struct Ran {
    RunSummary summary;
    bool has_thrown = false;
  };

  Ran run(PlanObserver& observer, bool may_write, bool accepts_partial = false) {
    StateStore store(folder_.path() / "state.db");
    JobState state(store, job_.name, job_.identity);
    std::vector<NamedSource> sources;
    for (std::size_t i = 0; i < lists_.size(); ++i)
      sources.push_back(
          {fmt::format("s{}", i), make_model_source(lists_[i], faults_[i], has_ids_)});
    OpenSink sink = open_model_sink(sink_, may_write);
    RunOptions options;
    options.accept_partial = accepts_partial;
    options.memory = {may_write ? &state : nullptr, &state.links()};
    if (may_write) state.begin("model", 0);
    Ran ran;
    try {
      ran.summary = run_job(job_, sources, sink, observer, options);
    } catch (const Failure& failure) {
      ran.has_thrown = true;
      if (may_write) state.finish(RunOutcome::failed, {}, failure.what(), StoredLinks::not_seen);
      return ran;
    }
    CHECK(ran.summary.ledger.is_balanced());
    const RunOutcome outcome = !ran.summary.blocked.empty() ? RunOutcome::blocked
                               : ran.summary.has_failures   ? RunOutcome::partly_done
                                                            : RunOutcome::done;
    if (may_write)
      state.finish(outcome, ran.summary.ledger, "",
                   outcome != RunOutcome::blocked ? StoredLinks::yes : StoredLinks::not_seen);
    return ran;
  }

  std::multiset<std::string> listing() const {
    std::multiset<std::string> lines;
    for (const ModelBookmark& bookmark : sink_.held) lines.insert(bookmark.content());
    return lines;
  }

  /// Nothing goes without evidence, and what is a stranger's stays as it is.
  void check_losses(const std::vector<ModelBookmark>& before, bool is_whole) {
    for (const ModelBookmark& was : before) {
      const auto now = std::ranges::find(sink_.held, was.id, &ModelBookmark::id);
      const bool is_ours =
          was.by_us || (job_.deletion.policy == DeletePolicy::matched && was.was_matched);
      const bool is_wanted = any_source_has(was.url);
      INFO(was.content());
      if (now == sink_.held.end()) {
        if (job_.mode != Mode::mirror) FAIL_CHECK("a copy has deleted it");
        if (job_.deletion.quarantine != Quarantine::none) FAIL_CHECK("deleted, not quarantined");
        if (is_wanted) FAIL_CHECK("deleted, though a source has it");
        if (!is_ours) FAIL_CHECK("deleted, though linkferry never made or matched it");
        if (!is_whole) FAIL_CHECK("deleted after a list that was not whole");
      } else if (!is_wanted && now->content() != was.content() &&
                 (!is_ours || job_.deletion.quarantine == Quarantine::none)) {
        FAIL_CHECK("it was changed to " << now->content());
      }
    }
  }

  void note_matches() {
    for (ModelBookmark& held : sink_.held) {
      if (any_source_has(held.url)) held.was_matched = true;
    }
  }

  /// What the run may have created is taken for linkferry's own when it is there next time
  /// (ownership_test.cpp).
  void note_unheard() {
    for (const auto& list : lists_) {
      for (const ModelBookmark& wanted : list) {
        if (std::ranges::none_of(sink_.held, [&](const ModelBookmark& held) {
              return key_of(held.url) == key_of(wanted.url);
            }))
          mistakable_.insert(key_of(wanted.url));
      }
    }
  }

  void check_convergence() {
    for (const auto& list : lists_) {
      for (const ModelBookmark& wanted : list) {
        const auto held = std::ranges::find_if(
            sink_.held, [&](const auto& b) { return key_of(b.url) == key_of(wanted.url); });
        if (held == sink_.held.end()) FAIL_CHECK(wanted.content() << " did not arrive");
      }
    }
    std::set<std::string> keys;
    for (const ModelBookmark& held : sink_.held) {
      INFO(held.content());
      if (!keys.insert(key_of(held.url)).second) FAIL_CHECK("it is there twice");
      const bool has_to_go = job_.mode == Mode::mirror && held.by_us && !any_source_has(held.url) &&
                             job_.deletion.quarantine == Quarantine::none;
      if (has_to_go) FAIL_CHECK("linkferry made it, no source has it, and it stays");
    }
  }

  void run_whole() {
    std::ranges::fill(faults_, ListFault{});
    sink_.list_fault = {};
    sink_.write_fault = {};
    const std::vector<ModelBookmark> before = sink_.held;
    const auto listed = listing();
    Prediction prediction(sink_.held);
    const Ran dry = run(prediction, false);
    CHECK(listing() == listed);
    Prediction second_prediction(sink_.held);
    const Ran ran = run(second_prediction, true);
    CHECK(dry.summary.blocked == ran.summary.blocked);
    CHECK(dry.summary.ledger.fates == ran.summary.ledger.fates);
    if (!ran.summary.blocked.empty()) {
      CHECK(listing() == listed);
      return;
    }
    CHECK(listing() == prediction.lines());
    check_losses(before, true);
    mistakable_.clear();
    note_matches();
    check_convergence();
    Prediction none(sink_.held);
    const Ran again = run(none, true);
    CHECK_FALSE(again.summary.ledger.has_changes());
    CHECK_FALSE(again.summary.is_written);
  }

  void run_faulty() {
    std::ranges::fill(faults_, ListFault{});
    sink_.list_fault = {};
    sink_.write_fault = {};
    bool is_whole = true;
    auto emptied = lists_;
    const std::size_t list = pick(lists_.size());
    switch (pick(4)) {
      case 0:
        (chance(50) ? faults_[list].is_cut_off : sink_.list_fault.is_cut_off) = true;
        is_whole = !faults_[list].is_cut_off;
        break;
      case 1:
        (chance(50) ? faults_[list].unreadable : sink_.list_fault.unreadable) = 1 + pick(2);
        is_whole = faults_[list].unreadable == 0;
        break;
      case 2:
        lists_[list].clear();
        is_whole = false;
        break;
      default:
        sink_.write_fault = {static_cast<WriteFault::Kind>(1 + pick(5)), pick(6)};
    }
    // With one of two lists broken, what the other dropped may go.
    is_whole = is_whole || lists_.size() > 1;
    const std::vector<ModelBookmark> before = sink_.held;
    const auto listed = listing();
    Prediction prediction(sink_.held);
    const bool accepts_partial = sink_.kind == SinkKind::live && chance(30);
    const Ran ran = run(prediction, true, accepts_partial);
    if (!ran.summary.blocked.empty() || (ran.has_thrown && sink_.kind == SinkKind::staged))
      CHECK(listing() == listed);
    trace(fmt::format("fault {} at {}, thrown {}, blocked: {}",
                      static_cast<int>(sink_.write_fault.kind), sink_.write_fault.at,
                      ran.has_thrown, ran.summary.blocked));
    const bool was_looked_at = !ran.has_thrown && ran.summary.blocked.empty();
    check_losses(before, is_whole);
    if (was_looked_at) {
      mistakable_.clear();
      note_matches();
    }
    if (ran.has_thrown || ran.summary.has_failures) note_unheard();
    lists_ = emptied;
  }

  std::minstd_rand random_;
  test::Folder folder_;
  Job job_;
  ModelSinkStore sink_;
  std::vector<std::vector<ModelBookmark>> lists_;
  std::vector<ListFault> faults_;
  std::set<std::string> mistakable_;  ///< keys of what only seems to be linkferry's
  bool has_ids_ = false;
  bool is_traced_ = std::getenv("LINKFERRY_MODEL_TRACE") != nullptr;
  std::int64_t last_source_id_ = 0;
};

}  // namespace

TEST_CASE("whatever happens on both sides, a job converges, and deletes with evidence only",
          "[faults][model]") {
  use_memory_as_disk();
  constexpr std::uint64_t steps_a_machine = 100;
  const std::uint64_t steps = number_of("LINKFERRY_MODEL_STEPS", LINKFERRY_MODEL_STEPS);
  const std::uint64_t seed = number_of("LINKFERRY_MODEL_SEED", 20261122);
  std::printf("seed %llu\n", static_cast<unsigned long long>(seed));
  for (std::uint64_t machine = 0; machine * steps_a_machine < steps; ++machine) {
    Machine made(seed + machine);
    for (std::uint64_t step = 0; step < steps_a_machine; ++step) {
      INFO("LINKFERRY_MODEL_SEED=" << seed + machine << ", step " << step);
      made.step();
    }
  }
}

#include "schedule/agenda.hpp"

#include <algorithm>
#include <utility>

namespace linkferry {

namespace {

// What comes later than this was not late but missed: the machine slept.
constexpr std::chrono::minutes patience{1};

}  // namespace

Agenda::Entry* Agenda::find(std::string_view job) {
  const auto found =
      std::ranges::find_if(entries_, [&](const Entry& entry) { return entry.job.name == job; });
  return found == entries_.end() ? nullptr : &*found;
}

Moment Agenda::with_jitter(const Schedule& schedule, Moment due) {
  using Seconds = std::chrono::seconds;
  return due +
         Seconds(std::uniform_int_distribution<Seconds::rep>(0, schedule.jitter.count())(random_));
}

Moment Agenda::due_of(const Entry& entry, Moment now) {
  const Schedule& schedule = entry.job.schedule;
  // A start in the future is one of before the clock was set.
  if (entry.last && *entry.last <= now) {
    const Moment due = next_due(schedule, *entry.last);
    if (due > now) return with_jitter(schedule, due);
    const bool is_made_up_for = schedule.missed == MissedRuns::run;
    return with_jitter(schedule, is_made_up_for ? now : next_due_after(schedule, *entry.last, now));
  }
  return with_jitter(schedule, schedule.cron ? next_due(schedule, now) : now);
}

void Agenda::plan(const std::vector<ScheduledJob>& jobs, Moment now) {
  for (Entry& entry : entries_) entry.is_planned = false;
  for (const ScheduledJob& job : jobs) {
    Entry* entry = find(job.name);
    const bool is_same = entry != nullptr && entry->job.schedule == job.schedule;
    if (entry == nullptr) {
      entry = &entries_.emplace_back();
      entry->last = last_runs_.find(job.name);
    }
    entry->job = job;
    entry->is_planned = true;
    if (!is_same && !entry->is_busy) entry->due = due_of(*entry, now);
  }
  std::erase_if(entries_, [](const Entry& entry) { return !entry.is_planned && !entry.is_busy; });
}

std::vector<std::string> Agenda::take_due(Moment now) {
  std::vector<Entry*> due;
  for (Entry& entry : entries_) {
    if (entry.is_busy || entry.due > now) continue;
    if (entry.job.schedule.missed == MissedRuns::skip && now - entry.due > patience) {
      entry.due = with_jitter(entry.job.schedule,
                              next_due_after(entry.job.schedule, entry.last.value_or(now), now));
      continue;
    }
    due.push_back(&entry);
  }
  std::ranges::stable_sort(due, {}, &Entry::due);
  std::vector<std::string> names;
  for (Entry* entry : due) {
    entry->is_busy = true;
    names.push_back(entry->job.name);
  }
  return names;
}

void Agenda::on_started(const std::string& job, Moment now) {
  Entry* entry = find(job);
  if (entry == nullptr) return;
  entry->previous = std::exchange(entry->last, now);
}

void Agenda::on_ended(const std::string& job, Moment now, bool is_cut_short) {
  Entry* entry = find(job);
  if (entry == nullptr) return;
  entry->is_busy = false;
  if (is_cut_short) entry->last = entry->previous;
  if (entry->is_planned) {
    entry->due = due_of(*entry, now);
  } else {
    std::erase_if(entries_, [&](const Entry& one) { return &one == entry; });
  }
}

void Agenda::on_clock_put_back(Moment now) {
  for (Entry& entry : entries_) {
    if (!entry.is_busy) entry.due = due_of(entry, now);
  }
}

std::optional<Moment> Agenda::earliest() const {
  std::optional<Moment> first;
  for (const Entry& entry : entries_) {
    if (!entry.is_busy && (!first || entry.due < *first)) first = entry.due;
  }
  return first;
}

std::optional<Moment> Agenda::next_run(std::string_view job) const {
  const auto found =
      std::ranges::find_if(entries_, [&](const Entry& entry) { return entry.job.name == job; });
  if (found == entries_.end() || found->is_busy) return {};
  return found->due;
}

}  // namespace linkferry

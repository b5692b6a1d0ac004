#pragma once

#include <string>
#include <string_view>

#include "cli/job_runner.hpp"

namespace linkferry {

/// Carries out one of several jobs: what goes wrong becomes its result, so that it does not stop
/// the others. Nothing is logged. Throws nothing. Thread: as carry_out.
JobResult try_to_carry_out(const Session& session, const JobRequest& request,
                           const RunDisplay& display);

/// What an exit code says in a word, for logs, health files and metrics: done, records_failed,
/// blocked, temporary, limit_reached, interrupted or failed.
std::string_view outcome_of(int code);

/// The same for people: `failed (66)`, `records failed`.
std::string outcome_in_words(int code);

/// `4 read = 2 created + 2 unchanged`: what is 0 is left out.
std::string short_books(const Ledger& ledger);

}  // namespace linkferry

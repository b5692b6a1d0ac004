#include "cli/job_outcome.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <new>

#include "cli/exit_code.hpp"
#include "cli/interruption.hpp"
#include "report/wording.hpp"

namespace linkferry {

JobResult try_to_carry_out(const Session& session, const JobRequest& request,
                           const RunDisplay& display) {
  try {
    Session own(session, request.job.name);
    return carry_out(own, request, display);
  } catch (const Failure& failure) {
    return {exit_code_of(failure.kind(), Interruption::signal()), failure.what(), {}};
  } catch (const std::bad_alloc&) {
    return {exit_code::failed, "there is not enough memory", {}};
  } catch (const std::exception& error) {
    return {exit_code::failed,
            fmt::format("this should not happen, please report it: {}", error.what()),
            {}};
  }
}

std::string_view outcome_of(int code) {
  switch (code) {
    case exit_code::done:
    case exit_code::differences:
      return "done";
    case exit_code::records_failed:
      return "records_failed";
    case exit_code::blocked:
      return "blocked";
    case exit_code::temporary:
      return "temporary";
    case exit_code::limit_reached:
      return "limit_reached";
    default:
      return code > 128 ? "interrupted" : "failed";
  }
}

std::string outcome_in_words(int code) {
  std::string words(outcome_of(code));
  std::ranges::replace(words, '_', ' ');
  return code == exit_code::done ? words : fmt::format("{} ({})", words, code);
}

std::string short_books(const Ledger& ledger) {
  std::string sum;
  for (std::size_t i = 0; i < fate_count; ++i) {
    const auto fate = static_cast<Fate>(i);
    if (ledger[fate] > 0)
      sum +=
          fmt::format("{}{} {}", sum.empty() ? " = " : " + ", grouped(ledger[fate]), name_of(fate));
  }
  return grouped(ledger.read) + " read" + sum;
}

}  // namespace linkferry

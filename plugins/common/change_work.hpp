#pragma once

#include <atomic>
#include <exception>
#include <functional>
#include <mutex>
#include <span>
#include <stop_token>

#include "linkferry/failure.hpp"
#include "linkferry/sink.hpp"

namespace linkferry::common {

/// Carries out the changes of one call of a live sink, several at a time where that is wanted, and
/// gives up on a service that fails them all.
class ChangeWork {
 public:
  /// Its failures end the run.
  using CarryOut = std::function<Outcome(const Change&)>;

  /// After so many changes in a row that failed, the service is not asked any more.
  static constexpr unsigned most_failures_in_a_row = 5;

  /// `failures` is how many failed in a row, now and in the calls before.
  ChangeWork(CarryOut carry_out, std::atomic<unsigned>& failures, std::span<const Change> changes,
             std::span<Outcome> outcomes, std::stop_token stop);

  /// Errors: Failure of a change after which the run cannot go on; temporary, when nothing was done
  /// and the last changes all failed.
  void run(std::size_t concurrency);

 private:
  void take_changes();
  Outcome carry_out(const Change& change);

  CarryOut carry_out_;
  std::atomic<unsigned>& failures_;
  std::span<const Change> changes_;
  std::span<Outcome> outcomes_;
  std::stop_token stop_;
  std::atomic<std::size_t> next_{0};
  std::atomic<bool> has_answer_{false};
  std::mutex mutex_;
  std::exception_ptr error_;
};

}  // namespace linkferry::common

#pragma once

#include <span>
#include <stop_token>
#include <string>
#include <vector>

#include "host/sink_proxy.hpp"
#include "pipeline/plan.hpp"
#include "pipeline/spool.hpp"

namespace linkferry {

/// Where the planner puts what is to be created, in order.
class ChangeOutput {
 public:
  virtual ~ChangeOutput() = default;
  virtual void put(std::span<const Change> changes) = 0;
};

/// Carries out changes and corrects the books where the sink did not take one.
class ChangeWriter final : public ChangeOutput {
 public:
  ChangeWriter(SinkWriter& writer, RunSummary& summary, std::stop_token stop)
      : writer_(writer), summary_(summary), stop_(stop) {}

  /// Errors: what the sink throws; Failure interrupted after a stop request.
  void put(std::span<const Change> changes) override;

 private:
  void book(const Change& change, const Outcome& outcome);

  SinkWriter& writer_;
  RunSummary& summary_;
  std::stop_token stop_;
  std::vector<Outcome> outcomes_;
};

/// Keeps changes on disk until the plan is complete.
class ChangeSpool final : public ChangeOutput {
 public:
  void put(std::span<const Change> changes) override;
  bool is_empty() const { return spool_.is_empty(); }

  /// Hands all of them to `output`, some hundreds at a time.
  void replay(ChangeOutput& output);

 private:
  Spool spool_;
  std::string bytes_;
};

/// Planned changes that nobody will carry out: those of a dry run.
class NoOutput final : public ChangeOutput {
 public:
  void put(std::span<const Change> /*changes*/) override {}
};

}  // namespace linkferry

#pragma once

#include <string>

#include "host/sink_proxy.hpp"
#include "pipeline/change_output.hpp"
#include "pipeline/existing_content.hpp"
#include "pipeline/planned_updates.hpp"
#include "pipeline/record_keys.hpp"
#include "sync/sync_base.hpp"

namespace linkferry {

/// One of the two places of a sync: what it holds, and what is planned for it. Thread: one at a
/// time.
struct Side {
  Side(std::size_t side, const std::string& endpoint, OpenSink& open, MatchPreset match)
      : index(side),
        name(endpoint),
        sink(open),
        keys(match, *open.view),
        existing(*open.view, keys, name) {}

  /// Whether what is not in the list is not there.
  bool is_whole() const {
    return existing.truncation().empty() && existing.unreadable_count() == 0;
  }
  bool is_staged() const { return sink.view->kind() == SinkKind::staged; }

  std::size_t index;
  const std::string& name;
  OpenSink& sink;
  KeyMaker keys;
  ExistingContent existing;
  PlannedUpdates updates;
  ChangeSpool creates;
};

}  // namespace linkferry

#pragma once

#include <string>

#include "config/job.hpp"
#include "host/sink_proxy.hpp"
#include "text/url_key.hpp"

namespace linkferry {

/// The keys by which a record is known: its match key, and the sink's own where the sink has one.
struct RecordKeys {
  Key match;
  Key unique;
  bool has_unique = false;
};

/// Makes the keys of records for one job. Thread: one at a time (it keeps workspace).
class KeyMaker {
 public:
  KeyMaker(MatchPreset preset, const SinkView& sink) : preset_(preset), sink_(sink) {}

  RecordKeys make(const Bookmark& bookmark, Arena& arena) {
    RecordKeys keys{key_of(bookmark, preset_, scratch_), {}, false};
    if (bookmark.url.empty()) return keys;
    if (const Text unique = sink_.unique_key(bookmark.url, arena); is_present(unique)) {
      // Both kinds of key share one index, so the sink's are marked.
      scratch_.assign("\x01").append(unique);
      keys.unique = hash_of(scratch_);
      keys.has_unique = true;
    }
    return keys;
  }

 private:
  MatchPreset preset_;
  const SinkView& sink_;
  std::string scratch_;
};

}  // namespace linkferry

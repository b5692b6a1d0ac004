#pragma once

#include <map>
#include <memory>
#include <string>
#include <utility>

#include "linkferry/failure.hpp"
#include "plugins/jsonl/read_all.hpp"
#include "pocket/pocket_source.hpp"
#include "support/map_settings.hpp"
#include "support/memory_host.hpp"

namespace linkferry::test {

inline const std::string pocket_header = "title,url,time_added,tags,status\n";

/// A source over bytes, with everything it needs.
struct OpenedPocket {
  MemoryHost host;
  MapSettings settings;
  std::unique_ptr<Source> source;

  explicit OpenedPocket(const std::string& bytes, const std::string& path = "pocket")
      : host(std::map<std::string, std::string>{{path, bytes}}),
        settings({{"path", path}}),
        source(pocket::make_source(settings, host)) {}
};

inline ReadAll read_pocket(const std::string& bytes, std::size_t limit = 256) {
  OpenedPocket opened(bytes);
  return ReadAll(*opened.source, limit);
}

/// The message with which reading `bytes` fails as no file of Pocket's; empty when it does not.
inline std::string pocket_refusal(const std::string& bytes) {
  try {
    read_pocket(bytes);
  } catch (const Failure& failure) {
    if (failure.kind() == FailureKind::configuration) return failure.what();
    throw;
  }
  return {};
}

}  // namespace linkferry::test

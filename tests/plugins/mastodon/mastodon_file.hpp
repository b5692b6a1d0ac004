#pragma once

#include <fstream>
#include <iterator>
#include <memory>
#include <string>
#include <vector>

#include "linkferry/failure.hpp"
#include "mastodon/mastodon_files.hpp"
#include "plugins/jsonl/read_all.hpp"
#include "support/map_settings.hpp"
#include "support/memory_host.hpp"

namespace linkferry::test {

/// A source over bytes, with everything it needs. Both lists are read.
struct OpenedFile {
  MemoryHost host;
  MapSettings settings;
  std::unique_ptr<Source> source;

  explicit OpenedFile(const std::string& bytes, const std::string& path = "file",
                      std::vector<std::string> lists = {"bookmarks", "favourites"})
      : host(std::map<std::string, std::string>{{path, bytes}}), settings({{"path", path}}) {
    settings.set_list("lists", std::move(lists));
    source = mastodon::make_file_source(settings, host);
  }
};

inline ReadAll read_file(const std::string& bytes, std::size_t limit = 256) {
  OpenedFile opened(bytes);
  return ReadAll(*opened.source, limit);
}

/// The message with which reading fails as a matter of configuration; empty when it does not.
inline std::string refusal_of(const std::string& bytes) {
  try {
    read_file(bytes);
  } catch (const Failure& failure) {
    if (failure.kind() == FailureKind::configuration) return failure.what();
    throw;
  }
  return {};
}

inline std::vector<std::string> urls_of(const ReadAll& read) {
  std::vector<std::string> urls;
  for (const auto& bookmark : read.bookmarks) urls.emplace_back(bookmark.url);
  return urls;
}

inline bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

/// The message with which `call` fails; empty when it does not.
template <class Call>
std::string failure_of(Call call) {
  try {
    call();
  } catch (const Failure& failure) {
    return failure.what();
  }
  return {};
}

/// A file of tests/data/mastodon.
inline std::string data_file(const std::string& name) {
  std::ifstream file(std::string(LINKFERRY_TEST_DATA "/mastodon/") + name, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

}  // namespace linkferry::test

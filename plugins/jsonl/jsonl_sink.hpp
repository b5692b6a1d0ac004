#pragma once

#include <memory>
#include <string>

#include "jsonl/jsonl_format.hpp"
#include "linkferry/host.hpp"
#include "linkferry/settings.hpp"
#include "linkferry/sink.hpp"

namespace linkferry::jsonl {

/// Writes bookmarks as JSON lines, losing nothing: what it represents is the bookmark itself.
class JsonlSink : public Sink {
 public:
  JsonlSink(std::string path, LineOptions options, Host& host)
      : path_(std::move(path)), options_(options), host_(host) {}

  SinkKind kind() const override { return SinkKind::staged; }
  /// Refuses only what would make a line, or a text, too large to be read again.
  Representation represent(const Bookmark& bookmark, Arena& arena) const override;
  FolderRepresentation represent_folder(const Folder& folder, Arena&) const override {
    return {folder, true, {}};
  }
  std::unique_ptr<Source> existing() override;
  void write(std::span<const Change> changes, std::span<Outcome> outcomes,
             std::stop_token stop) override;
  void commit() override;

 private:
  void flush();

  std::string path_;
  LineOptions options_;
  Host& host_;
  std::unique_ptr<StagedFile> file_;
  common::JsonWriter lines_;  ///< not yet in the file
};

/// Options `path`, `origin` and `origin_raw`.
std::unique_ptr<Sink> make_sink(const Settings& settings, Host& host);

}  // namespace linkferry::jsonl

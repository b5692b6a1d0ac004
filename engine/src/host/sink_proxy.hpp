#pragma once

#include <memory>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

#include "linkferry/sink.hpp"

namespace linkferry {

/// What a run may ask of a sink without changing it. The proxy behind it guards every call.
/// Thread: as Sink.
class SinkView {
 public:
  virtual ~SinkView() = default;
  virtual SinkKind kind() const = 0;
  virtual Representation represent(const Bookmark& bookmark, Arena& arena) const = 0;
  virtual FolderRepresentation represent_folder(const Folder& folder, Arena& arena) const = 0;
  virtual Text unique_key(Text url, Arena& arena) const = 0;
  virtual std::unique_ptr<Source> existing() = 0;
  virtual std::vector<std::string> describe(std::stop_token stop) = 0;
};

/// The only way to a sink's `write`. A dry run is never given one.
class SinkWriter {
 public:
  virtual ~SinkWriter() = default;
  virtual std::size_t preferred_changes() const { return Sink::usual_changes; }
  virtual void write(std::span<const Change> changes, std::span<Outcome> outcomes,
                     std::stop_token stop) = 0;
  virtual void commit() = 0;
};

/// An open sink. `writer` is null in a dry run.
struct OpenSink {
  std::unique_ptr<SinkView> view;
  std::unique_ptr<SinkWriter> writer;
};

}  // namespace linkferry

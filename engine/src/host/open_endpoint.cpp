#include "host/open_endpoint.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "host/guarded_call.hpp"
#include "linkferry/failure.hpp"
#include "net/redaction.hpp"

namespace linkferry {
namespace {

/// The plugin's source behind the guard; `owner` keeps alive what it was made from.
class GuardedSource final : public Source {
 public:
  GuardedSource(const char* plugin, std::shared_ptr<Sink> owner, std::unique_ptr<Source> source)
      : plugin_(plugin), owner_(std::move(owner)), source_(std::move(source)) {}

  ReadResult read(Batch& batch, std::size_t limit, std::stop_token stop) override {
    const ReadResult result =
        guarded_call(plugin_, "Source::read", [&] { return source_->read(batch, limit, stop); });
    check(batch, limit, result);
    return result;
  }
  bool rewind() override {
    return guarded_call(plugin_, "Source::rewind", [&] { return source_->rewind(); });
  }
  bool skim() override {
    return guarded_call(plugin_, "Source::skim", [&] { return source_->skim(); });
  }
  void complete(Bookmark& bookmark, Text rest, Arena& arena) const override {
    guarded_call(plugin_, "Source::complete", [&] { source_->complete(bookmark, rest, arena); });
  }
  bool resume(std::string_view checkpoint) override {
    return guarded_call(plugin_, "Source::resume", [&] { return source_->resume(checkpoint); });
  }
  bool is_incremental() const override {
    return guarded_call(plugin_, "Source::is_incremental",
                        [&] { return source_->is_incremental(); });
  }
  void acknowledge(std::string_view checkpoint) override {
    guarded_call(plugin_, "Source::acknowledge", [&] { source_->acknowledge(checkpoint); });
  }
  std::uint64_t total() const override {
    return guarded_call(plugin_, "Source::total", [&] { return source_->total(); });
  }
  std::uint64_t progress() const override {
    return guarded_call(plugin_, "Source::progress", [&] { return source_->progress(); });
  }
  void look_up(std::span<const Text> ids, std::span<Absence> absences,
               std::stop_token stop) override {
    guarded_call(plugin_, "Source::look_up", [&] { source_->look_up(ids, absences, stop); });
  }
  std::vector<std::string> describe(std::stop_token stop) override {
    return guarded_call(plugin_, "Source::describe", [&] { return source_->describe(stop); });
  }

 private:
  /// Promises that cost nothing to check, once a batch.
  void check(const Batch& batch, std::size_t limit, ReadResult result) const {
    const auto misbehaved = [this](std::string_view how) {
      throw_misbehaved(plugin_, "Source::read", how);
    };
    if (batch.bookmarks.size() > limit) misbehaved("the batch holds more bookmarks than the limit");
    if (!batch.rests.empty() && batch.rests.size() != batch.bookmarks.size())
      misbehaved("a skimmed batch has not one rest for each bookmark");
    for (const auto& placed : batch.folders) {
      if (placed.before > batch.bookmarks.size())
        misbehaved("a folder record stands behind the end of its batch");
    }
    for (const auto& rejection : batch.rejections) {
      if (rejection.before > batch.bookmarks.size())
        misbehaved("a rejection stands behind the end of its batch");
    }
    if (result == ReadResult::incomplete && batch.notices.empty()) {
      misbehaved("the input is cut off, but no notice says where");
    }
  }

  const char* plugin_;
  std::shared_ptr<Sink> owner_;
  std::unique_ptr<Source> source_;
};

class GuardedSinkView final : public SinkView {
 public:
  GuardedSinkView(const char* plugin, std::shared_ptr<Sink> sink)
      : plugin_(plugin), sink_(std::move(sink)) {}

  SinkKind kind() const override {
    return guarded_call(plugin_, "Sink::kind", [&] { return sink_->kind(); });
  }
  Representation represent(const Bookmark& bookmark, Arena& arena) const override {
    return guarded_call(plugin_, "Sink::represent",
                        [&] { return sink_->represent(bookmark, arena); });
  }
  FolderRepresentation represent_folder(const Folder& folder, Arena& arena) const override {
    return guarded_call(plugin_, "Sink::represent_folder",
                        [&] { return sink_->represent_folder(folder, arena); });
  }
  Text unique_key(Text url, Arena& arena) const override {
    return guarded_call(plugin_, "Sink::unique_key", [&] { return sink_->unique_key(url, arena); });
  }
  std::unique_ptr<Source> existing() override {
    auto source = guarded_call(plugin_, "Sink::existing", [&] { return sink_->existing(); });
    if (source == nullptr) return nullptr;
    return std::make_unique<GuardedSource>(plugin_, sink_, std::move(source));
  }
  std::vector<std::string> describe(std::stop_token stop) override {
    return guarded_call(plugin_, "Sink::describe", [&] { return sink_->describe(stop); });
  }

 private:
  const char* plugin_;
  std::shared_ptr<Sink> sink_;
};

class GuardedSinkWriter final : public SinkWriter {
 public:
  GuardedSinkWriter(const char* plugin, std::shared_ptr<Sink> sink)
      : plugin_(plugin), sink_(std::move(sink)) {}

  std::size_t preferred_changes() const override {
    const std::size_t wanted = guarded_call(plugin_, "Sink::preferred_changes",
                                            [&] { return sink_->preferred_changes(); });
    return std::clamp<std::size_t>(wanted, 1, Sink::most_changes);
  }
  void write(std::span<const Change> changes, std::span<Outcome> outcomes,
             std::stop_token stop) override {
    guarded_call(plugin_, "Sink::write", [&] { sink_->write(changes, outcomes, stop); });
    for (auto& outcome : outcomes) {
      if (!outcome.reason.empty()) outcome.reason = redaction().apply(outcome.reason);
    }
  }
  void commit() override {
    guarded_call(plugin_, "Sink::commit", [&] { sink_->commit(); });
  }

 private:
  const char* plugin_;
  std::shared_ptr<Sink> sink_;
};

}  // namespace

std::unique_ptr<Source> open_source(const Plugin& plugin, const Settings& settings, Host& host) {
  const char* name = plugin.descriptor->name;
  if (!plugin.is_source()) {
    throw Failure(FailureKind::configuration,
                  fmt::format("{}: plugin {} cannot be read from, only written to",
                              settings.endpoint(), name));
  }
  auto source = guarded_call(name, "make_source",
                             [&] { return plugin.descriptor->make_source(settings, host); });
  if (source == nullptr) throw_misbehaved(name, "make_source", "it returned no source");
  return std::make_unique<GuardedSource>(name, nullptr, std::move(source));
}

OpenSink open_sink(const Plugin& plugin, const Settings& settings, Host& host, MayWrite may_write) {
  const char* name = plugin.descriptor->name;
  if (!plugin.is_sink()) {
    throw Failure(FailureKind::configuration,
                  fmt::format("{}: plugin {} cannot be written to, only read from",
                              settings.endpoint(), name));
  }
  std::shared_ptr<Sink> sink =
      guarded_call(name, "make_sink", [&] { return plugin.descriptor->make_sink(settings, host); });
  if (sink == nullptr) throw_misbehaved(name, "make_sink", "it returned no sink");
  OpenSink open;
  open.view = std::make_unique<GuardedSinkView>(name, sink);
  if (may_write == MayWrite::yes) open.writer = std::make_unique<GuardedSinkWriter>(name, sink);
  return open;
}

}  // namespace linkferry

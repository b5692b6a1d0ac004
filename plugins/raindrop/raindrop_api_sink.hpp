#pragma once

#include <memory>
#include <string>
#include <utility>

#include "linkferry/sink.hpp"
#include "raindrop/raindrop_api.hpp"
#include "raindrop/raindrop_api_source.hpp"
#include "raindrop/raindrop_collections.hpp"
#include "raindrop/raindrop_remover.hpp"
#include "raindrop/raindrop_writer.hpp"

namespace linkferry::raindrop {

/// An account of Raindrop. A live sink: each change is there when it was answered.
///
/// It has no `unique_key`: the service holds the same address twice if it is sent twice.
class ApiSink : public Sink {
 public:
  ApiSink(std::shared_ptr<Api> api, std::string endpoint, bool is_permanent)
      : api_(std::move(api)),
        endpoint_(std::move(endpoint)),
        collections_(*api_),
        writer_(*api_, collections_, whereabouts_),
        remover_(*api_, whereabouts_, is_permanent) {}

  SinkKind kind() const override { return SinkKind::live; }
  Representation represent(const Bookmark& bookmark, Arena& arena) const override;
  FolderRepresentation represent_folder(const Folder& folder, Arena& arena) const override;
  std::unique_ptr<Source> existing() override;
  void write(std::span<const Change> changes, std::span<Outcome> outcomes,
             std::stop_token stop) override;
  /// Whole hundreds, which is what one request takes, and few questions for what is there.
  std::size_t preferred_changes() const override { return 5'000; }
  std::vector<std::string> describe(std::stop_token stop) override;

 private:
  std::size_t group_at(std::span<const Change> changes) const;
  void write_group(std::span<const Change> changes, std::span<Outcome> outcomes,
                   std::stop_token stop);

  std::shared_ptr<Api> api_;
  std::string endpoint_;
  Whereabouts whereabouts_;
  Collections collections_;
  Writer writer_;
  Remover remover_;
  unsigned failures_ = 0;  ///< groups in a row of which nothing was done
};

}  // namespace linkferry::raindrop

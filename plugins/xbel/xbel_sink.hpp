#pragma once

#include <memory>
#include <string>

#include "common/folder_tree.hpp"
#include "linkferry/host.hpp"
#include "linkferry/settings.hpp"
#include "linkferry/sink.hpp"
#include "xbel/xbel_writer.hpp"

namespace linkferry::xbel {

/// Writes bookmarks as an XBEL file. A bookmark in several folders is written in each.
class XbelSink : public Sink {
 public:
  XbelSink(std::string path, Host& host) : path_(std::move(path)), host_(host) {}

  SinkKind kind() const override { return SinkKind::staged; }
  Representation represent(const Bookmark& bookmark, Arena& arena) const override;
  FolderRepresentation represent_folder(const Folder& folder, Arena& arena) const override;
  std::unique_ptr<Source> existing() override;
  void write(std::span<const Change> changes, std::span<Outcome> outcomes,
             std::stop_token stop) override;
  /// Errors: Failure failed when the file is larger than XBEL files are read (256 MiB); it is not
  /// replaced then.
  void commit() override;

 private:
  common::FolderTree& tree();
  void write_folder(const Folder& folder);
  void write_bookmark(const Bookmark& bookmark);

  std::string path_;
  Host& host_;
  XbelMarkup markup_;
  std::unique_ptr<common::FolderTree> tree_;  ///< null until something is written
  std::string buffer_;
};

/// Option `path`.
std::unique_ptr<Sink> make_sink(const Settings& settings, Host& host);

}  // namespace linkferry::xbel

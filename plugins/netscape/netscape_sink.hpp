#pragma once

#include <memory>
#include <string>

#include "linkferry/host.hpp"
#include "linkferry/settings.hpp"
#include "linkferry/sink.hpp"
#include "netscape/netscape_format.hpp"

namespace linkferry::netscape {

/// Writes a whole file, which takes the place of the old one in `commit`. Options: `path`,
/// `dialect`, `tags_separator`. What the old file holds, in whatever dialect, is read as any source
/// is.
class NetscapeSink : public Sink {
 public:
  /// `host` must outlive the sink.
  NetscapeSink(const Settings& settings, Host& host);

  SinkKind kind() const override { return SinkKind::staged; }
  Representation represent(const Bookmark& bookmark, Arena& arena) const override;
  FolderRepresentation represent_folder(const Folder& folder, Arena& arena) const override;
  std::unique_ptr<Source> existing() override;
  void write(std::span<const Change> changes, std::span<Outcome> outcomes,
             std::stop_token stop) override;
  void commit() override;

 private:
  common::FolderTree& tree();
  void format(const Bookmark& bookmark, FolderPath path, common::TextBuffer& out) const;
  void write_bookmark(const Bookmark& bookmark);
  void write_folder(const Folder& folder);

  Host& host_;
  std::string path_;
  Style style_;
  Markup markup_;
  FolderPath last_path_;  ///< of the last bookmark of one `write`: no longer is it valid
  std::unique_ptr<common::FolderTree> tree_;
};

/// Errors: none; the file is begun with the first change.
std::unique_ptr<Sink> make_sink(const Settings& settings, Host& host);

}  // namespace linkferry::netscape

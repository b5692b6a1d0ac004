#pragma once

#include <memory>
#include <string>
#include <vector>

#include "common/charset.hpp"
#include "linkferry/host.hpp"
#include "linkferry/settings.hpp"
#include "linkferry/source.hpp"
#include "xbel/xbel_document.hpp"
#include "xbel/xbel_reader.hpp"

namespace linkferry::xbel {

/// Reads bookmarks from an XBEL file of up to 256 MiB, which it holds in memory; so it can always
/// be rewound, pipes too. A checkpoint is the number of elements that were visited.
class XbelSource : public Source {
 public:
  explicit XbelSource(std::unique_ptr<InputFile> file) : file_(std::move(file)) {}

  /// Errors: Failure input; Failure configuration when it is no XBEL file, not well-formed or too
  /// large.
  ReadResult read(Batch& batch, std::size_t limit, std::stop_token stop) override;
  bool rewind() override;
  bool resume(std::string_view checkpoint) override;

 private:
  /// Where in the tree a reading is.
  struct Cursor {
    const tinyxml2::XMLElement* next = nullptr;
    std::uint64_t visited = 0;
    std::vector<const tinyxml2::XMLElement*> open;  ///< the folders around it

    void advance();
  };

  bool load(std::stop_token stop);
  void visit(ElementReader& reader, Batch& batch);
  FolderPath path_of(ElementReader& reader, const tinyxml2::XMLElement* innermost,
                     Arena& arena) const;

  common::Utf8Input file_;
  std::string text_;                        ///< what is read of it before it is a document
  std::unique_ptr<XbelDocument> document_;  ///< null until the first read
  Cursor cursor_;
  const tinyxml2::XMLElement* folder_ =
      nullptr;       ///< the innermost open folder, which `path_` is of
  FolderPath path_;  ///< in the arena of the batch being read
};

/// How surely the bytes are XBEL: 95 when an `<xbel` element or document type begins them.
int recognize(std::string_view head, bool is_whole);

/// Option `path`.
std::unique_ptr<Source> make_source(const Settings& settings, Host& host);

}  // namespace linkferry::xbel

#pragma once

#include <memory>
#include <string>
#include <utility>

#include "common/netscape_reader.hpp"
#include "linkferry/source.hpp"

namespace linkferry::raindrop {

/// Raindrop's HTML export: a Netscape file with cover images, favourites, and highlights in the
/// description:
///
///     <TITLE>Raindrop.io Bookmarks</TITLE>
///     <DL><p>
///     	<DT><A HREF="https://e.org/?a=1&b=2" ADD_DATE="1725394013" TAGS="a,b" DATA-COVER=""
///     DATA-IMPORTANT="true">Title</A> 	<DD>Excerpt 	<DD><blockquote COLOR="yellow"
///     ADD_DATE="1725394013">words</blockquote>
///
/// Dates are in seconds; the CSV has more. Thread: one thread at a time. Source: exports in public
/// repositories; the blockquotes from one of them only; read 2026-11-22.
class RaindropHtmlSource : public Source {
 public:
  RaindropHtmlSource(std::unique_ptr<InputFile> file, std::string endpoint)
      : endpoint_(std::move(endpoint)), reader_(std::move(file), {"raindrop", false}) {}

  ReadResult read(Batch& batch, std::size_t limit, std::stop_token stop) override;
  bool rewind() override { return reader_.rewind(); }
  bool skim() override { return reader_.skim(); }
  void complete(Bookmark& bookmark, Text rest, Arena& arena) const override;
  bool resume(std::string_view checkpoint) override { return reader_.resume(checkpoint); }
  std::uint64_t total() const override { return reader_.total(); }
  std::uint64_t progress() const override { return reader_.progress(); }

 private:
  std::string endpoint_;
  common::NetscapeReader reader_;
};

/// Takes `<blockquote COLOR="…" ADD_DATE="…">…</blockquote>` out of the description and makes it
/// highlights. Blockquotes without these attributes stay: they are part of an excerpt.
void take_blockquotes(Bookmark& bookmark, Arena& arena);

}  // namespace linkferry::raindrop

#pragma once

#include <memory>
#include <string>
#include <utility>

#include "common/netscape_reader.hpp"
#include "linkferry/source.hpp"

namespace linkferry::pocket {

/// Pocket's old export, ril_export.html:
///
///     <h1>Unread</h1>
///     <ul>
///       <li><a href="https://e.org/?a=1&amp;b=2" time_added="1493913054" tags="a,b">A title, or
///       the address</a></li>
///     </ul>
///     <h1>Read Archive</h1>
///     <ul>…</ul>
///
/// Rationale: the Netscape reader takes it apart and makes each heading a folder; here these become
/// the status. Thread: one thread at a time. Source: exports of 2017 and 2023, read 2026-11-22.
class PocketHtmlSource : public Source {
 public:
  PocketHtmlSource(std::unique_ptr<InputFile> file, std::string endpoint)
      : endpoint_(std::move(endpoint)), reader_(std::move(file), {"pocket", false}) {}

  ReadResult read(Batch& batch, std::size_t limit, std::stop_token stop) override;
  bool rewind() override { return reader_.rewind(); }
  bool resume(std::string_view checkpoint) override { return reader_.resume(checkpoint); }
  std::uint64_t total() const override { return reader_.total(); }
  std::uint64_t progress() const override { return reader_.progress(); }

 private:
  std::string endpoint_;
  common::NetscapeReader reader_;
};

}  // namespace linkferry::pocket

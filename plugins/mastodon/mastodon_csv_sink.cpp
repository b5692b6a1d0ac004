#include "mastodon/mastodon_csv_sink.hpp"

#include <algorithm>

#include "common/csv_sink.hpp"
#include "common/peeked_file.hpp"
#include "linkferry/failure.hpp"
#include "linkferry/fields.hpp"
#include "mastodon/file_records.hpp"
#include "mastodon/mastodon_csv_source.hpp"
#include "mastodon/post_address.hpp"

namespace linkferry::mastodon {
namespace {

constexpr std::size_t buffer_bytes = 256 * 1024;

constexpr Text only_uris = "Mastodon's CSV holds the uris of posts and nothing else";
constexpr Text other_address =
    "Mastodon imports posts by their uri, not by the address that people open";
constexpr Text derived_address =
    "the uri was made from the address that people open; Mastodon refuses it for some newer "
    "accounts";
constexpr Text becomes_post = "Mastodon's CSV holds posts only: read back, it is one";

bool is_only_uri(const Post& post) {
  return post.author.empty() && post.author_url.empty() && post.html.empty() &&
         post.content_warning.empty() && post.visibility.empty() && !post.edited_at.is_known();
}

}  // namespace

Representation represent_in_csv(const Bookmark& bookmark, bool takes_any_link, Arena& arena) {
  Representation result{bookmark, {}, {}};
  const PostUri found = post_uri_of(bookmark, takes_any_link, arena);
  if (is_present(found.refusal)) {
    result.refusal = found.refusal;
    return result;
  }
  const auto dropped =
      keep_only(result.bookmark, {Field::url, Field::kind, Field::post}, only_uris, arena);
  const auto losses = arena.make_array<Loss>(dropped.size() + 3);
  std::copy(dropped.begin(), dropped.end(), losses.begin());
  std::size_t count = dropped.size();
  if (found.uri != bookmark.url) {
    const Text reason = found.is_derived ? derived_address : other_address;
    losses[count++] = {Field::url, LossKind::transformed, reason};
  }
  if (bookmark.kind != Kind::post)
    losses[count++] = {Field::kind, LossKind::transformed, becomes_post};
  const bool is_kept =
      bookmark.post != nullptr && is_only_uri(*bookmark.post) && bookmark.post->uri == found.uri;
  if (!is_kept) {
    const Text reason = bookmark.post == nullptr ? becomes_post : only_uris;
    losses[count++] = {Field::post, LossKind::transformed, reason};
  }
  const Bookmark post = make_post(found.uri, arena);
  result.bookmark.url = post.url;
  result.bookmark.kind = post.kind;
  result.bookmark.post = post.post;
  result.losses = losses.first(count);
  return result;
}

Representation MastodonCsvSink::represent(const Bookmark& bookmark, Arena& arena) const {
  return represent_in_csv(bookmark, takes_any_link_, arena);
}

Text MastodonCsvSink::unique_key(Text url, Arena& arena) const { return post_key(url, arena); }

std::unique_ptr<Source> MastodonCsvSink::existing() {
  if (!host_.file_exists(path_)) {
    const std::string second = part_path(path_, 2);
    if (path_ != "-" && is_ours(second)) {
      throw Failure(FailureKind::configuration,
                    path_ + ": is not there, but its second part is: " + second +
                        "; move that away, or the first one back");
    }
    return nullptr;
  }
  return std::make_unique<MastodonCsvSource>(host_.open_file(path_), path_,
                                             FileRules{endpoint_, {}, {}}, host_);
}

/// Whether there is a part of such a list at `path`.
bool MastodonCsvSink::is_ours(const std::string& path) const {
  if (!host_.file_exists(path)) return false;
  const common::PeekedFile file(host_.open_file(path));
  return recognize_csv(file.head(), file.is_whole()) > 0;
}

void MastodonCsvSink::write(std::span<const Change> changes, std::span<Outcome> outcomes,
                            std::stop_token stop) {
  common::write_rows(changes, outcomes, stop,
                     [this](const Change& change) { write_row(change.bookmark->url); });
}

void MastodonCsvSink::write_row(Text uri) {
  const std::uint64_t row_bytes = uri.size() + 3;
  const bool is_full = rows_ == max_rows_of_part || part_bytes_ + row_bytes > max_bytes_of_part;
  if (parts_.empty() || (is_full && path_ != "-")) begin_part();
  if (is_full && path_ == "-" && !has_warned_) {
    has_warned_ = true;
    host_.log(LogLevel::warning,
              "standard output: Mastodon imports at most 20,000 rows or 20 MB at once; written to "
              "a file, the list is split");
  }
  buffer_ += '"';
  for (const char c : uri) {
    if (c == '"') buffer_ += '"';
    buffer_ += c;
  }
  buffer_ += "\"\n";
  ++rows_;
  part_bytes_ += row_bytes;
  if (buffer_.size() >= buffer_bytes) flush();
}

void MastodonCsvSink::begin_part() {
  flush();
  const std::string path = part_path(path_, parts_.size() + 1);
  if (!parts_.empty() && host_.file_exists(path) && !is_ours(path)) {
    throw Failure(FailureKind::failed, path +
                                           ": is needed for a part of the list, but holds "
                                           "something else; move it away");
  }
  parts_.push_back(host_.stage_file(path));
  buffer_ = csv_header;
  buffer_ += '\n';
  rows_ = 0;
  part_bytes_ = buffer_.size();
}

void MastodonCsvSink::flush() {
  if (!buffer_.empty()) parts_.back()->write(buffer_);
  buffer_.clear();
}

/// An empty job leaves a file with a header.
void MastodonCsvSink::commit() {
  if (parts_.empty()) begin_part();
  while (path_ != "-" && is_ours(part_path(path_, parts_.size() + 1))) begin_part();
  flush();
  for (const auto& part : parts_) part->commit();
}

}  // namespace linkferry::mastodon

#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "linkding/linkding_api.hpp"
#include "linkferry/sink.hpp"

/// Files of this machine that become files of bookmarks.
namespace linkferry::linkding {

/// The name under which a file is uploaded, which the server keeps as it is: without path, quotes,
/// marks of HTML and what cannot be seen, up to 150 characters.
std::string upload_name_of(const Media& file);

/// The path of a file that is to be uploaded: a `file:` address below `folder`. Empty for all else:
/// the address comes from a source, which must not choose among all files of this machine.
std::string upload_path_of(const Media& file, std::string_view folder);

/// Uploads the files of bookmarks.
///
/// An upload cannot be repeated without doubt, so what a bookmark has is listed before, and again
/// where an answer was lost. A file is in memory while it is sent. Thread: any.
class Uploader {
 public:
  /// `folder`: of `upload_path_of`.
  Uploader(Api& api, std::string folder) : api_(api), folder_(std::move(folder)) {}

  /// Uploads those files of `bookmark` that linkding's bookmark of the id `id` does not have by
  /// their names. `stored` is the outcome so far; where a file fails it becomes one that says
  /// which. Errors: as `Api::upload`, but for what is of this bookmark alone.
  Outcome add_files(Outcome stored, const Bookmark& bookmark, std::stop_token stop);

 private:
  std::string upload(std::int64_t id, const Media& file, std::size_t held_before,
                     std::stop_token stop);
  std::size_t count_held(std::int64_t id, const std::string& name, std::stop_token stop);

  Api& api_;
  std::string folder_;
};

}  // namespace linkferry::linkding

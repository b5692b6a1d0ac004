#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "linkferry/host.hpp"
#include "linkferry/settings.hpp"
#include "linkferry/source.hpp"
#include "raindrop/raindrop_format.hpp"

namespace linkferry::raindrop {

/// How surely a file is Raindrop's, see `Recognize`.
int recognize(std::string_view head, bool is_whole);

/// What reading needs of the endpoint's options.
struct ReadOptions {
  std::string path;
  std::string endpoint;
  FolderSeparator separator = FolderSeparator::automatic;

  explicit ReadOptions(const Settings& settings);
};

/// A source over the CSV file at `options.path`, which is open already.
std::unique_ptr<Source> make_csv_source(std::unique_ptr<InputFile> file, const ReadOptions& options,
                                        Host& host);

/// A source over the file that the option `path` names: CSV or HTML, as its first bytes show. It is
/// opened by the first read.
std::unique_ptr<Source> make_source(const Settings& settings, Host& host);

}  // namespace linkferry::raindrop

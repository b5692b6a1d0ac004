#pragma once

#include <memory>
#include <string_view>

#include "linkferry/host.hpp"
#include "linkferry/settings.hpp"
#include "linkferry/sink.hpp"
#include "linkferry/source.hpp"

/// The files of Mastodon: what the plugin does with the option `path`.
namespace linkferry::mastodon {

/// How surely a file is Mastodon's, see `Recognize`: an account archive, a list out of one, or
/// `bookmarks.csv`.
int recognize(std::string_view head, bool is_whole);

/// A source over the file that the option `path` names; of what kind it is shows in its first
/// bytes. The file is opened by the first read. With the option `url` the posts are looked up at
/// that server. Errors: Failure configuration for an address without a token.
std::unique_ptr<Source> make_file_source(const Settings& settings, Host& host);

/// A staged sink that writes `bookmarks.csv` to the option `path`.
std::unique_ptr<Sink> make_file_sink(const Settings& settings, Host& host);

}  // namespace linkferry::mastodon

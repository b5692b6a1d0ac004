#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "linkferry/host.hpp"
#include "linkferry/settings.hpp"
#include "linkferry/source.hpp"

namespace linkferry::pocket {

/// The files that Pocket and its tools wrote.
enum class FileKind {
  unknown,
  csv,   ///< a part of the export of 2024 and 2025
  zip,   ///< the whole of it
  html,  ///< ril_export.html
  json,  ///< a dump of the v3 API
};

/// What a file is, by its first bytes.
FileKind kind_of(std::string_view head, bool is_whole);

/// How surely a file is Pocket's, see `Recognize`.
int recognize(std::string_view head, bool is_whole);

/// A source over the file that the option `path` names; of what kind it is shows in its first
/// bytes. The file is opened by the first read.
std::unique_ptr<Source> make_source(const Settings& settings, Host& host);

}  // namespace linkferry::pocket

#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>

#include "linkferry/abi.hpp"
#include "linkferry/authorize.hpp"
#include "linkferry/batch.hpp"
#include "linkferry/bookmark.hpp"
#include "linkferry/failure.hpp"
#include "linkferry/host.hpp"
#include "linkferry/settings.hpp"
#include "linkferry/sink.hpp"
#include "linkferry/source.hpp"

/// What a plugin includes. A plugin is a shared object that exports one symbol, `linkferry_plugin`:
///
///     LINKFERRY_PLUGIN = {
///         .name = "shopping", .version = "1.0", .summary = "Reads the shop's list",
///         .options_schema = R"({"type": "object", "properties": {"path": {"type": "string",
///         "format": "path"}}})", .recognize = &recognize, .make_source = &make_source,
///     };
namespace linkferry {

/// Says how surely bytes are of the plugin's format: 0 no, 100 certain. `head` is the beginning of
/// the file, up to 64 KiB; `is_whole` when that is all of it.
using Recognize = int (*)(std::string_view head, bool is_whole);
using MakeSource = std::unique_ptr<Source> (*)(const Settings& settings, Host& host);
using MakeSink = std::unique_ptr<Sink> (*)(const Settings& settings, Host& host);

/// The one thing a plugin exports. The first three members are filled in by default and never move,
/// so that a host can refuse a plugin that was built against other headers before it runs a line of
/// it.
struct Descriptor {
  char magic[8] = {'L', 'N', 'K', 'F', 'E', 'R', 'R', 'Y'};
  std::uint32_t size_bytes = sizeof(Descriptor);
  std::uint32_t reserved = 0;
  const char* fingerprint = LINKFERRY_ABI_FINGERPRINT;

  const char* name = nullptr;  ///< that of the file: `name.so`; lower case letters, digits and _
  const char* version = nullptr;
  const char* summary = nullptr;  ///< one line for people
  const char* options_schema =
      nullptr;  ///< JSON Schema (draft 7) of the endpoint's options, without `plugin`
  const char* extensions = "";  ///< endings of files it writes, blank separated: ".html .htm"
  const char* sample =
      nullptr;  ///< a small input for `plugins test`, where the plugin cannot write one itself
  Recognize recognize = nullptr;     ///< null where it does not read files
  MakeSource make_source = nullptr;  ///< null where it is no source
  MakeSink make_sink = nullptr;      ///< null where it is no sink
  Authorize authorize = nullptr;     ///< null where `linkferry auth` has nothing to do
};

}  // namespace linkferry

/// Begins the definition of the descriptor, the only symbol a plugin exports.
#define LINKFERRY_PLUGIN                                                                          \
  extern "C" __attribute__((visibility("default"))) const linkferry::Descriptor linkferry_plugin; \
  const linkferry::Descriptor linkferry_plugin

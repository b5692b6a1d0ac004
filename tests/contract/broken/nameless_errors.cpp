#include "lines.hpp"

namespace linkferry::lines {

/// Says that something is wrong, but not with which file.
std::unique_ptr<Source> make_nameless(const Settings& settings, Host& host) {
  try {
    return std::make_unique<LinesSource>(settings, host);
  } catch (const Failure&) {
    throw Failure(FailureKind::input, "cannot open the file");
  }
}

}  // namespace linkferry::lines

LINKFERRY_PLUGIN = {.name = "nameless_errors",
                    .options_schema = linkferry::lines::schema,
                    .recognize = &linkferry::lines::recognize,
                    .make_source = &linkferry::lines::make_nameless,
                    .make_sink = &linkferry::lines::make_sink<linkferry::lines::LinesSink>};

#include "lines.hpp"

// Takes every file for its own.
LINKFERRY_PLUGIN = {.name = "recognises_all",
                    .options_schema = linkferry::lines::schema,
                    .recognize = [](std::string_view, bool) { return 50; },
                    .make_source = &linkferry::lines::make_source<linkferry::lines::LinesSource>,
                    .make_sink = &linkferry::lines::make_sink<linkferry::lines::LinesSink>};

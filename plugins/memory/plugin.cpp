#include "linkferry/plugin.hpp"

#include "memory/memory_sink.hpp"
#include "memory/memory_source.hpp"
#include "memory_schema.hpp"

LINKFERRY_PLUGIN = {
    .name = "memory",
    .version = LINKFERRY_VERSION,
    .summary = "Bookmarks in the memory of the process, for tests; the reference for live sinks",
    .options_schema = memory_schema,
    .make_source = &linkferry::memory::make_source,
    .make_sink = &linkferry::memory::make_sink,
};

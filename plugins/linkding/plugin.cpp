#include "linkferry/plugin.hpp"

#include "linkding/linkding_sink.hpp"
#include "linkding/linkding_source.hpp"
#include "linkding_schema.hpp"

LINKFERRY_PLUGIN = {
    .name = "linkding",
    .version = LINKFERRY_VERSION,
    .summary = "A library of linkding: reads and writes it through its REST API",
    .options_schema = linkding_schema,
    .make_source = &linkferry::linkding::make_source,
    .make_sink = &linkferry::linkding::make_sink,
};

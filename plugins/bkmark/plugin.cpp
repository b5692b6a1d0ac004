#include "linkferry/plugin.hpp"

#include "bkmark/bkmark_sink.hpp"
#include "bkmark/bkmark_source.hpp"
#include "bkmark_schema.hpp"

LINKFERRY_PLUGIN = {
    .name = "bkmark",
    .version = LINKFERRY_VERSION,
    .summary = "A library of Bkmark: reads and writes it through its REST API",
    .options_schema = bkmark_schema,
    .make_source = &linkferry::bkmark::make_source,
    .make_sink = &linkferry::bkmark::make_sink,
};

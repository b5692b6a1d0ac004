#include "linkferry/plugin.hpp"

#include "pocket/pocket_sink.hpp"
#include "pocket/pocket_source.hpp"
#include "pocket_schema.hpp"

LINKFERRY_PLUGIN = {
    .name = "pocket",
    .version = LINKFERRY_VERSION,
    .summary =
        "Pocket's files: reads pocket.zip, its CSV, ril_export.html and API dumps; writes CSV",
    .options_schema = pocket_schema,
    .extensions = ".csv",
    .recognize = &linkferry::pocket::recognize,
    .make_source = &linkferry::pocket::make_source,
    .make_sink = &linkferry::pocket::make_sink,
};

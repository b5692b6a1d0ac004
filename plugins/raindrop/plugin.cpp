#include "linkferry/plugin.hpp"

#include "raindrop/raindrop_sink.hpp"
#include "raindrop/raindrop_source.hpp"
#include "raindrop_schema.hpp"

LINKFERRY_PLUGIN = {
    .name = "raindrop",
    .version = LINKFERRY_VERSION,
    .summary = "Raindrop.io's files: reads its CSV and HTML, writes CSV",
    .options_schema = raindrop_schema,
    .extensions = ".csv",
    .recognize = &linkferry::raindrop::recognize,
    .make_source = &linkferry::raindrop::make_source,
    .make_sink = &linkferry::raindrop::make_sink,
};

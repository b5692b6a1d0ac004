#include "linkferry/plugin.hpp"

#include "raindrop/raindrop_authorize.hpp"
#include "raindrop/raindrop_endpoint.hpp"
#include "raindrop/raindrop_source.hpp"
#include "raindrop_schema.hpp"

LINKFERRY_PLUGIN = {
    .name = "raindrop",
    .version = LINKFERRY_VERSION,
    .summary =
        "Raindrop.io: reads and writes an account through its API; reads its CSV and HTML "
        "files, writes CSV",
    .options_schema = raindrop_schema,
    .extensions = ".csv",
    .recognize = &linkferry::raindrop::recognize,
    .make_source = &linkferry::raindrop::make_endpoint_source,
    .make_sink = &linkferry::raindrop::make_endpoint_sink,
    .authorize = &linkferry::raindrop::authorize,
};

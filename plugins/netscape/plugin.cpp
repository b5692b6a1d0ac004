#include "linkferry/plugin.hpp"

#include "common/netscape_reader.hpp"
#include "netscape/netscape_sink.hpp"
#include "netscape/netscape_source.hpp"
#include "netscape_schema.hpp"

LINKFERRY_PLUGIN = {
    .name = "netscape",
    .version = LINKFERRY_VERSION,
    .summary = "Netscape bookmark HTML: what browsers and most services export and import",
    .options_schema = netscape_schema,
    .extensions = ".html .htm",
    .recognize = &linkferry::common::recognize_netscape,
    .make_source = &linkferry::netscape::make_source,
    .make_sink = &linkferry::netscape::make_sink,
};

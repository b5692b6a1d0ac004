#include "linkferry/plugin.hpp"

#include "jsonl/jsonl_sink.hpp"
#include "jsonl/jsonl_source.hpp"
#include "jsonl_schema.hpp"

LINKFERRY_PLUGIN = {
    .name = "jsonl",
    .version = LINKFERRY_VERSION,
    .summary = "JSON lines, linkferry's own format: every field, nothing lost",
    .options_schema = jsonl_schema,
    .extensions = ".jsonl .ndjson",
    .recognize = &linkferry::jsonl::recognize,
    .make_source = &linkferry::jsonl::make_source,
    .make_sink = &linkferry::jsonl::make_sink,
};

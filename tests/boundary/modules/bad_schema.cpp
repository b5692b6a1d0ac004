#include "minimal.hpp"

using namespace linkferry;

LINKFERRY_PLUGIN = {.name = "bad_schema",
                    .options_schema = R"({"type": "object",)",
                    .make_source = &minimal::make_source<minimal::EmptySource>};

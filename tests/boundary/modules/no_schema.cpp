#include "minimal.hpp"

using namespace linkferry;

LINKFERRY_PLUGIN = {.name = "no_schema",
                    .make_source = &minimal::make_source<minimal::EmptySource>};

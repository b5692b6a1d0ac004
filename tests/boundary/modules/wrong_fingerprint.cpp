#include "minimal.hpp"

using namespace linkferry;

// As if an older compiler had built it: one part differs.
#undef LINKFERRY_ABI_COMPILER
#define LINKFERRY_ABI_COMPILER "gcc-9"

LINKFERRY_PLUGIN = {.fingerprint = LINKFERRY_ABI_FINGERPRINT,
                    .name = "wrong_fingerprint",
                    .options_schema = minimal::schema,
                    .make_source = &minimal::make_source<minimal::EmptySource>};

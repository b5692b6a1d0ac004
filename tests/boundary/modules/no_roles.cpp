#include "minimal.hpp"

LINKFERRY_PLUGIN = {.name = "no_roles", .options_schema = linkferry::minimal::schema};

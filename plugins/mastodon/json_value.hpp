#pragma once

#include "common/json_value.hpp"

namespace linkferry::mastodon {

using common::copy_of;
using common::JsonDocument;
using common::JsonValue;

}  // namespace linkferry::mastodon

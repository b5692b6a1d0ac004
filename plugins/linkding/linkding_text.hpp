#pragma once

#include "common/unicode_text.hpp"

/// Texts as linkding, a Python program, sees them.
namespace linkferry::linkding {

using common::count_characters;
using common::first_characters;
using common::is_white_space;
using common::lower_case;
using common::take_character;

/// What linkding makes of every text that it stores.
inline Text trimmed(Text text) { return common::trimmed_characters(text); }

}  // namespace linkferry::linkding

#pragma once

#include <string_view>
#include <utility>

#include "linkferry/failure.hpp"

namespace linkferry {

/// Only inside a `catch (...)`: throws a Failure of ours in place of the exception that is being
/// handled. A Failure keeps kind and text; everything else becomes "plugin misbehaved" with the
/// plugin, the function and the text.
[[noreturn]] void rethrow_as_failure(std::string_view plugin, std::string_view function);

/// The same for what is no exception: a promise that the plugin broke.
[[noreturn]] void throw_misbehaved(std::string_view plugin, std::string_view function,
                                   std::string_view how);

/// Calls into a plugin. No exception object of the plugin leaves it: kind and text are copied.
/// Costs nothing when nothing is thrown.
template <class Call>
decltype(auto) guarded_call(const char* plugin, const char* function, Call&& call) {
  try {
    return std::forward<Call>(call)();
  } catch (...) {
    rethrow_as_failure(plugin, function);
  }
}

}  // namespace linkferry

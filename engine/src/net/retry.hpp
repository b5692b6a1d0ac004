#pragma once

#include <chrono>
#include <random>
#include <string_view>

#include "linkferry/http.hpp"

namespace linkferry {

/// Whether the request may reach the service twice. Source: RFC 9110 section 9.2.2 (read
/// 2026-11-22).
bool is_repeatable(const HttpRequest& request);
/// Whether it only reads (GET, HEAD, OPTIONS).
bool is_read(std::string_view method);
/// Whether the status says that the same request may succeed later.
/// Rationale: 500 is among them since SQLite behind a service answers it for "database is locked".
bool is_temporary_status(int status);

/// The pause before repetition `retry` (from 0): 0.5 s, doubled each time up to 30 s, less a random
/// part of up to half, so that clients that failed together do not come back together.
std::chrono::milliseconds backoff(unsigned retry, std::minstd_rand& random);

}  // namespace linkferry

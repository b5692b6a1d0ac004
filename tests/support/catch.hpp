#pragma once

// Catch2 2.13 (Debian 12) and Catch2 3 differ in their headers and in where Approx lives.
#if __has_include(<catch2/catch_all.hpp>)
#include <catch2/catch_all.hpp>
#else
#include <catch2/catch.hpp>
#endif

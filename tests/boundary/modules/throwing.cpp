#include <Poco/Exception.h>

#include <stdexcept>

#include "minimal.hpp"

using namespace linkferry;

namespace {

/// Throws what the checkpoint asks for.
class ThrowingSource final : public minimal::EmptySource {
 public:
  bool resume(std::string_view what) override {
    if (what == "std") throw std::out_of_range("index 7 of 3");
    if (what == "poco") throw Poco::SyntaxException("bad port", "host:x", 1);
    if (what == "int") throw 42;
    if (what == "failure") throw Failure(FailureKind::authentication, "the token was refused");
    return false;
  }
};

class ThrowingSink final : public minimal::EmptySink {
 public:
  Representation represent(const Bookmark&, Arena&) const override {
    throw std::runtime_error("cannot do that");
  }
  void write(std::span<const Change>, std::span<Outcome>, std::stop_token) override { throw 42; }
  void commit() override { throw Failure(FailureKind::failed, "disk full"); }
  std::unique_ptr<Source> existing() override { return std::make_unique<ThrowingSource>(); }
};

}  // namespace

LINKFERRY_PLUGIN = {.name = "throwing",
                    .options_schema = minimal::schema,
                    .make_source = &minimal::make_source<ThrowingSource>,
                    .make_sink = &minimal::make_sink<ThrowingSink>};

#pragma once

#include "linkferry/plugin.hpp"

/// A plugin with nothing wrong: reads nothing and holds nothing. Each module here breaks it in one
/// way.
namespace linkferry::minimal {

inline constexpr char schema[] = R"({"type": "object"})";

class EmptySource : public Source {
 public:
  ReadResult read(Batch&, std::size_t, std::stop_token) override { return ReadResult::end; }
};

class EmptySink : public Sink {
 public:
  SinkKind kind() const override { return SinkKind::live; }
  Representation represent(const Bookmark& bookmark, Arena&) const override {
    return {bookmark, {}, {}};
  }
  std::unique_ptr<Source> existing() override { return nullptr; }
  void write(std::span<const Change>, std::span<Outcome>, std::stop_token) override {}
};

template <class T>
std::unique_ptr<Source> make_source(const Settings&, Host&) {
  return std::make_unique<T>();
}
template <class T>
std::unique_ptr<Sink> make_sink(const Settings&, Host&) {
  return std::make_unique<T>();
}

}  // namespace linkferry::minimal

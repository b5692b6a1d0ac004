#pragma once

#include <atomic>
#include <memory>
#include <string>

#include "linkding/linkding_api.hpp"
#include "linkding/linkding_represent.hpp"
#include "linkding/linkding_writer.hpp"
#include "linkferry/sink.hpp"

namespace linkferry::linkding {

/// A library of linkding. A live sink: each change is there when it was answered.
///
/// What it can hold depends on the version of the server, which is asked when `existing` is read
/// for the first time (or at the first write); before that the newest is assumed.
class LinkdingSink : public Sink {
 public:
  struct Options {
    std::string endpoint;
    std::size_t page_size = 1000;
    std::size_t concurrency = 1;  ///< changes that are carried out at the same time
    bool takes_any_url = false;
    WriteRules rules;
  };

  LinkdingSink(std::shared_ptr<Api> api, Options options)
      : api_(std::move(api)), options_(std::move(options)), writer_(*api_, options_.rules) {}

  SinkKind kind() const override { return SinkKind::live; }
  Representation represent(const Bookmark& bookmark, Arena& arena) const override;
  Text unique_key(Text url, Arena& arena) const override;
  std::unique_ptr<Source> existing() override;
  void write(std::span<const Change> changes, std::span<Outcome> outcomes,
             std::stop_token stop) override;
  std::vector<std::string> describe(std::stop_token stop) override;

 private:
  std::shared_ptr<Api> api_;
  const Options options_;
  Library library_;
  Writer writer_;
  std::atomic<unsigned> failures_{0};  ///< changes that failed in a row
};

std::unique_ptr<Sink> make_sink(const Settings& settings, Host& host);

}  // namespace linkferry::linkding

#include "config/job_digest.hpp"

#include <Poco/JSON/Stringifier.h>
#include <fmt/format.h>
#include <xxhash.h>

#include <algorithm>
#include <sstream>

#include "linkferry/abi.hpp"

namespace linkferry {

namespace {

/// Objects of Poco sort their keys, so that this is the same for the same content.
std::string canonical(const ConfigNode& node) {
  std::ostringstream text;
  Poco::JSON::Stringifier::stringify(to_json(node), text);
  return text.str();
}

std::string canonical(const Endpoint& endpoint) {
  return fmt::format("{} {} {} {}\n", endpoint.name, endpoint.plugin, endpoint.base.string(),
                     canonical(*endpoint.options));
}

}  // namespace

std::string digest_of(const Job& job, const ConfigNode& table,
                      std::span<const Endpoint> endpoints) {
  ConfigNode rules = table;
  std::erase_if(rules.members, [](const auto& member) {
    return member.name == "report" || member.name == "schedule";
  });
  std::string text = "linkferry " LINKFERRY_VERSION "\n" + canonical(rules) + "\n";
  for (const Endpoint& endpoint : endpoints) {
    if (endpoint.name == job.to || std::ranges::find(job.from, endpoint.name) != job.from.end())
      text += canonical(endpoint);
  }
  const XXH128_hash_t hash = XXH3_128bits(text.data(), text.size());
  return fmt::format("{:016x}{:016x}", hash.high64, hash.low64);
}

}  // namespace linkferry

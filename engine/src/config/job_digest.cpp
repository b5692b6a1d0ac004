#include "config/job_digest.hpp"

#include <Poco/JSON/Stringifier.h>
#include <fmt/format.h>
#include <xxhash.h>

#include <algorithm>
#include <sstream>

#include "config/job_names.hpp"
#include "linkferry/abi.hpp"
#include "text/url_key.hpp"

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

std::string canonical_sink(const Job& job, std::span<const Endpoint> endpoints) {
  const auto sink = std::ranges::find(endpoints, job.to, &Endpoint::name);
  return sink == endpoints.end() ? std::string() : canonical(*sink);
}

std::string canonical_endpoints(const Job& job, std::span<const Endpoint> endpoints) {
  std::string text;
  for (const Endpoint& endpoint : endpoints) {
    if (endpoint.name == job.to || std::ranges::find(job.from, endpoint.name) != job.from.end())
      text += canonical(endpoint);
  }
  return text;
}

std::string hash_text(std::string_view text) {
  const XXH128_hash_t hash = XXH3_128bits(text.data(), text.size());
  return fmt::format("{:016x}{:016x}", hash.high64, hash.low64);
}

}  // namespace

std::string digest_of(const Job& job, const ConfigNode& table,
                      std::span<const Endpoint> endpoints) {
  ConfigNode rules = table;
  std::erase_if(rules.members, [](const auto& member) {
    return member.name == "report" || member.name == "schedule";
  });
  return hash_text("linkferry " LINKFERRY_VERSION "\n" + canonical(rules) + "\n" +
                   canonical_endpoints(job, endpoints));
}

std::string identity_of(const Job& job, std::span<const Endpoint> endpoints) {
  std::string text = fmt::format("keys {} {} {}", stored_key_version, name_of(job.match), job.to);
  for (const std::string& name : job.from) text += " " + name;
  return hash_text(canonical_sink(job, endpoints)) +
         hash_text(text + "\n" + canonical_endpoints(job, endpoints));
}

}  // namespace linkferry

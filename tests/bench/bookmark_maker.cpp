#include "bookmark_maker.hpp"

#include <algorithm>
#include <array>
#include <string_view>

namespace linkferry::bench {
namespace {

constexpr std::array<std::string_view, 48> words = {
    "guide",   "notes",  "open",    "source", "library", "river",   "garden", "design",
    "memory",  "stream", "engine",  "simple", "modern",  "index",   "search", "travel",
    "recipe",  "music",  "photo",   "paper",  "format",  "history", "market", "school",
    "city",    "health", "project", "report", "review",  "kernel",  "python", "linux",
    "cooking", "bread",  "winter",  "summer", "light",   "sound",   "bridge", "island",
    "weather", "energy", "planet",  "letter", "number",  "window",  "forest", "coffee"};

constexpr std::array<std::string_view, 8> odd_words = {"Café & bar", "\"quoted\"",   "a < b > c",
                                                       "München",    "naïve résumé", "日本語の本",
                                                       "it's",       "emoji 🚲 ride"};

constexpr std::array<std::string_view, 10> endings = {
    ".org", ".com", ".net", ".io", ".dev", ".info", ".de", ".fr", ".co.uk", ".example"};

std::string_view word(Random& random) { return words[random.below(words.size())]; }

std::string make_sentence(Random& random, std::uint64_t count) {
  std::string text;
  for (std::uint64_t i = 0; i < count; ++i) {
    if (i > 0) text += ' ';
    text += word(random);
  }
  text.front() = static_cast<char>(text.front() - 32);
  return text;
}

/// The parts of an address of which disguises change one.
struct Address {
  std::string scheme;
  std::string host;
  std::string path;
  std::string query;
};

Address make_address(Random random, std::uint64_t number) {
  Address address;
  address.scheme = random.chance(85) ? "https" : "http";
  address.host = random.chance(30) ? "www." : "";
  address.host += word(random);
  if (random.chance(50)) (address.host += '-') += word(random);
  address.host += std::to_string(random.below(2000));
  address.host += endings[random.below(endings.size())];
  for (auto depth = random.below(3); depth > 0; --depth) (address.path += '/') += word(random);
  (address.path += '/') += word(random);
  // The number makes every address one of a kind.
  (address.path += '-') += std::to_string(number);
  if (random.chance(12)) address.path += "%20" + std::string(word(random));
  if (random.chance(25))
    address.query =
        "id=" + std::to_string(random.below(100'000)) + "&page=" + std::string(word(random));
  return address;
}

void put_on_disguise(Random& random, Address& address) {
  switch (random.below(6)) {
    case 0:
      address.path += '/';
      break;
    case 1:
      address.query += (address.query.empty() ? "utm_source=" : "&utm_source=") +
                       std::string(word(random)) + "&utm_medium=feed";
      break;
    case 2:
      std::transform(address.host.begin(), address.host.end(), address.host.begin(),
                     [](char c) { return static_cast<char>(c >= 'a' && c <= 'z' ? c - 32 : c); });
      break;
    case 3:
      address.host += address.scheme == "https" ? ":443" : ":80";
      break;
    case 4:
      address.scheme = address.scheme == "https" ? "HTTPS" : "HTTP";
      break;
    default:
      break;
  }
}

std::string make_icon(Random& random) {
  constexpr std::string_view digits =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string icon = "data:image/png;base64,iVBORw0KGgo";
  const std::uint64_t size = 300 + random.below(1200);
  while (icon.size() < size) {
    std::uint64_t bits = random.next();
    for (int i = 0; i < 10; ++i, bits >>= 6) icon += digits[bits & 63];
  }
  return icon;
}

}  // namespace

std::uint64_t Random::next() {
  std::uint64_t z = (state_ += 0x9E3779B97F4A7C15ULL);
  z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ULL;
  z = (z ^ (z >> 27)) * 0x94D049BB133111EBULL;
  return z ^ (z >> 31);
}

std::string make_folder_name(Random& random) {
  std::string name = make_sentence(random, 1 + random.below(2));
  if (random.chance(15)) (name += ' ') += odd_words[random.below(odd_words.size())];
  return name;
}

std::uint64_t BookmarkMaker::original(std::uint64_t number) const {
  while (true) {
    Random random(seed_ * 1'000'003 + number * 2 + 1);
    if (number == 0 || !random.chance(5)) return number;
    number = random.below(number);
  }
}

MadeBookmark BookmarkMaker::make(std::uint64_t number) const {
  Random random(seed_ * 1'000'003 + number * 2);
  const std::uint64_t first = original(number);
  Address address = make_address(Random(seed_ ^ (first * 7'919)), first);
  if (first != number) put_on_disguise(random, address);

  MadeBookmark made;
  made.url = address.scheme + "://" + address.host + address.path;
  if (!address.query.empty()) (made.url += '?') += address.query;
  made.title = make_sentence(random, 4 + random.below(5));
  if (random.chance(15)) (made.title += ' ') += odd_words[random.below(odd_words.size())];
  if (random.chance(20)) made.description = make_sentence(random, 10 + random.below(18));
  if (random.chance(10)) made.icon = make_icon(random);
  if (random.chance(45)) {
    for (auto count = 1 + random.below(4); count > 0; --count) {
      std::string tag(word(random));
      if (std::find(made.tags.begin(), made.tags.end(), tag) == made.tags.end())
        made.tags.push_back(std::move(tag));
    }
  }
  made.created_at = 1'200'000'000 + static_cast<std::int64_t>(random.below(500'000'000));
  made.modified_at = made.created_at + static_cast<std::int64_t>(random.below(10'000'000));
  made.is_favorite = random.chance(5);
  return made;
}

}  // namespace linkferry::bench

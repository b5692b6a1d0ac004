#include "report/plan_guard.hpp"

#include <Poco/JSON/Object.h>
#include <Poco/JSON/Parser.h>
#include <Poco/JSON/Stringifier.h>
#include <fmt/format.h>

#include <sstream>

#include "linkferry/failure.hpp"
#include "net/redaction.hpp"
#include "report/wording.hpp"

namespace linkferry {
namespace {

constexpr std::size_t header_limit = 64 * 1024;

[[noreturn]] void fail_stale(const std::string& message) {
  throw Failure(FailureKind::stale, message);
}

Poco::JSON::Object::Ptr parse(const std::string& line) {
  Poco::JSON::Parser parser;
  parser.setDepth(100);
  try {
    return parser.parse(line).extract<Poco::JSON::Object::Ptr>();
  } catch (const Poco::Exception&) {
    return {};
  }
}

std::string member(const Poco::JSON::Object::Ptr& object, const std::string& name) {
  return object->optValue<std::string>(name, "");
}

/// What a line of a plan wants, in words.
std::string describe_line(const std::string& line) {
  if (line.empty()) return "nothing more";
  const auto object = parse(line);
  if (object.isNull()) return "a line that is no JSON";
  if (member(object, "type") == "summary") return "its end";
  std::string address = "a folder";
  if (const auto bookmark = object->getObject("bookmark"); !bookmark.isNull())
    address = member(bookmark, "url");
  return fmt::format("{} {}", member(object, "change"), on_one_line(address, 100));
}

/// A header says when the plan was made, too; and what decides which job it is was looked at
/// before.
std::string difference_of_headers(const Poco::JSON::Object::Ptr& header,
                                  const Poco::JSON::Object::Ptr& expected) {
  if (expected.isNull() || header.isNull()) return "its first line is no header";
  const auto differs = [&](const char* name) {
    const auto text = [name](const Poco::JSON::Object::Ptr& object) {
      std::ostringstream bytes;
      Poco::JSON::Stringifier::stringify(object->get(name), bytes);
      return bytes.str();
    };
    return text(header) != text(expected);
  };
  if (differs("state")) return "another run of the job has changed something since it was made";
  if (differs("plugins")) return "the plugins have other versions than those it was made with";
  return {};
}

using Hashes = std::vector<std::pair<std::string, std::string>>;

/// Those of the sides, by their endpoints; none where this is not the last line of a plan.
Hashes hashes_of(const Poco::JSON::Object::Ptr& summary) {
  Hashes hashes;
  const auto sides =
      summary.isNull() ? Poco::JSON::Array::Ptr() : summary->getArray("fingerprints");
  for (std::size_t i = 0; !sides.isNull() && i < sides->size(); ++i) {
    const auto side = sides->getObject(static_cast<unsigned>(i));
    if (!side.isNull()) hashes.emplace_back(member(side, "endpoint"), member(side, "hash"));
  }
  return hashes;
}

/// Which sides have changed, in words; "" where none has, or one of the lines does not say.
std::string changed_sides(const Poco::JSON::Object::Ptr& then, const Poco::JSON::Object::Ptr& now) {
  const Hashes before = hashes_of(then);
  const Hashes after = hashes_of(now);
  std::string names;
  for (std::size_t i = 0; i < std::min(before.size(), after.size()); ++i) {
    if (before[i] != after[i]) names += (names.empty() ? "" : " and ") + after[i].first;
  }
  return names.empty() ? "" : names + " changed since it was made";
}

}  // namespace

PlanHeader read_plan_header(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::string line(header_limit, '\0');
  if (!file.read(line.data(), static_cast<std::streamsize>(line.size())) && file.gcount() == 0)
    throw Failure(FailureKind::input, fmt::format("{}: this plan cannot be read", path));
  line.resize(static_cast<std::size_t>(file.gcount()));
  line.resize(std::min(line.find('\n'), line.size()));
  const auto header = parse(line);
  if (header.isNull() || member(header, "type") != "plan")
    fail_stale(fmt::format("{}: this is no plan; `linkferry plan JOB -o FILE` makes one", path));
  PlanHeader found{member(header, "job"), member(header, "digest"), header->optValue("full", false),
                   header->optValue("accept_partial", false)};
  if (found.digest.empty())
    fail_stale(
        fmt::format("{}: this plan was made without a config file, so it cannot be applied; "
                    "`linkferry plan JOB -o FILE` makes one that can",
                    path));
  return found;
}

PlanGuard::PlanGuard(const ReportOptions& options, const std::string& path)
    : path_(path),
      file_(path, std::ios::binary),
      // As the file was written, piece by piece.
      lines_(
          options, [this](std::string_view text) { take(redaction().apply(text)); }, true) {
  if (!file_) throw Failure(FailureKind::input, fmt::format("{}: this plan cannot be read", path));
}

void PlanGuard::take(std::string_view text) {
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    begun_.append(text.substr(0, end));
    if (end == std::string_view::npos) return;
    line_.swap(begun_);
    begun_.clear();
    compare();
    text.remove_prefix(end + 1);
  }
}

void PlanGuard::compare() {
  if (!difference_.empty()) return;
  ++number_;
  if (!std::getline(file_, expected_)) expected_.clear();
  if (number_ == 1) {
    difference_ = difference_of_headers(parse(line_), parse(expected_));
    return;
  }
  if (line_ == expected_) return;
  // On the last line, a side that has changed says it all.
  if (!changed_sides(parse(expected_), parse(line_)).empty()) return;
  const std::string was = describe_line(expected_);
  const std::string is = describe_line(line_);
  difference_ = was == is
                    ? fmt::format("its line {}, {}, says something else", number_, was)
                    : fmt::format("its line {} says {}, and now it would be {}", number_, was, is);
}

/// The last lines of both plans tell whether it is a side that has changed.
void PlanGuard::on_planned(const RunSummary& summary) {
  lines_.on_planned(summary);
  for (std::string line; std::getline(file_, line) && !line.empty(); expected_ = line) {
    if (difference_.empty()) difference_ = "there is more in the file than would be done";
  }
  std::string sides = changed_sides(parse(expected_), parse(line_));
  if (!sides.empty() && !difference_.empty()) sides += ", and ";
  if (sides.empty() && difference_.empty()) return;
  fail_stale(
      fmt::format("{}: this plan is not what would be done now: {}{}; nothing was written. "
                  "Make a new plan, look at it, and apply that",
                  path_, sides, difference_));
}

}  // namespace linkferry

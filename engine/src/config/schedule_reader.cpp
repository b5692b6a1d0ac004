#include "config/schedule_reader.hpp"

#include <fmt/format.h>

#include "schedule/duration.hpp"

namespace linkferry {

namespace {

/// Reads the members of one `schedule` table and says what is wrong with each.
class ScheduleReader {
 public:
  ScheduleReader(const ConfigNode& table, const std::string& path, std::vector<Problem>& problems)
      : table_(table), path_(path), problems_(problems) {}

  std::optional<Schedule> read() {
    const std::size_t before = problems_.size();
    const ConfigNode* every = find_text("every");
    const ConfigNode* cron = find_text("cron");
    // What is there but no text has been told already.
    if ((table_.find("every") != nullptr) == (table_.find("cron") != nullptr))
      report(table_, path_ + fmt::format(" has {} every and cron, expected one of them",
                                         table_.find("every") == nullptr ? "neither of" : "both"));
    if (every != nullptr) schedule_.every = read_duration("every", *every);
    if (const ConfigNode* jitter = find_text("jitter"))
      schedule_.jitter = read_duration("jitter", *jitter);
    if (cron != nullptr) read_cron(*cron);
    read_zone(cron != nullptr);
    if (const ConfigNode* missed = find_text("missed"); missed != nullptr && missed->text == "skip")
      schedule_.missed = MissedRuns::skip;
    if (every != nullptr && schedule_.every.count() > 0 && schedule_.jitter > schedule_.every)
      report(*find_text("jitter"),
             fmt::format("{}/jitter is {}, expected at most every ({})", path_,
                         format_duration(schedule_.jitter), format_duration(schedule_.every)));
    if (problems_.size() > before || (every == nullptr && cron == nullptr)) return {};
    return schedule_;
  }

 private:
  const ConfigNode* find_text(const char* name) const {
    const ConfigNode* node = table_.find(name);
    return node != nullptr && node->kind == ConfigNode::Kind::text ? node : nullptr;
  }

  void report(const ConfigNode& node, std::string message) {
    problems_.push_back({node.position, std::move(message)});
  }

  std::chrono::seconds read_duration(const char* name, const ConfigNode& node) {
    const auto duration = parse_duration(node.text);
    if (!duration)
      report(node, fmt::format("{}/{} is {}, expected a number and s, m, h or d, like 30m", path_,
                               name, in_quotes(node.text)));
    return duration.value_or(std::chrono::seconds(0));
  }

  void read_cron(const ConfigNode& node) {
    auto parsed = Cron::parse(node.text);
    if (auto* cron = std::get_if<Cron>(&parsed)) {
      schedule_.cron = *cron;
      schedule_.cron_text = node.text;
      return;
    }
    report(node, fmt::format("{}/cron is {}, expected minute, hour, day of the month, month and "
                             "day of the week as in a crontab; {}",
                             path_, in_quotes(node.text), std::get<Cron::Mistake>(parsed).message));
  }

  void read_zone(bool has_cron) {
    const ConfigNode* node = find_text("timezone");
    if (node == nullptr) {
      if (has_cron) schedule_.zone = Zone::local();
      return;
    }
    if (!has_cron && table_.find("every") != nullptr)
      return report(*node, path_ + "/timezone does nothing beside every, expected it with cron");
    schedule_.zone = Zone::find(node->text);
    if (!schedule_.zone)
      report(*node, fmt::format("{}/timezone is {}, expected a name like Europe/Berlin or UTC",
                                path_, in_quotes(node->text)));
  }

  const ConfigNode& table_;
  const std::string& path_;
  std::vector<Problem>& problems_;
  Schedule schedule_;
};

}  // namespace

std::optional<Schedule> read_schedule(const ConfigNode* table, const std::string& path,
                                      std::vector<Problem>& problems) {
  if (table == nullptr || table->kind != ConfigNode::Kind::table) return {};
  return ScheduleReader(*table, path, problems).read();
}

}  // namespace linkferry

// The only file that knows the time zones of ICU.

#include "schedule/zone.hpp"

#include <fmt/format.h>
#include <unicode/basictz.h>
#include <unicode/timezone.h>
#include <unicode/tztrans.h>
#include <unicode/unistr.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>

namespace linkferry {

namespace {

// Clocks were never put back by more than a day.
constexpr std::chrono::hours longest_repeat{25};

UDate to_icu(Moment moment) {
  return static_cast<UDate>(moment.time_since_epoch().count()) * 1000.0;
}

Moment from_icu(UDate date) { return Moment(std::chrono::seconds(std::llround(date / 1000.0))); }

std::string to_utf8(const icu::UnicodeString& text) {
  std::string utf8;
  text.toUTF8String(utf8);
  return utf8;
}

}  // namespace

struct Zone::Rules {
  std::unique_ptr<icu::BasicTimeZone> zone;

  /// Every zone of the database is a BasicTimeZone; null for what is none.
  static std::shared_ptr<const Rules> of(std::unique_ptr<icu::TimeZone> zone) {
    auto* basic = dynamic_cast<icu::BasicTimeZone*>(zone.get());
    if (basic == nullptr) return nullptr;
    auto rules = std::make_shared<Rules>();
    rules->zone.reset(basic);
    static_cast<void>(zone.release());
    return rules;
  }
};

Zone::Zone(std::string name, std::shared_ptr<const Rules> rules)
    : name_(std::move(name)), rules_(std::move(rules)) {}

std::optional<Zone> Zone::find(const std::string& name) {
  const auto wanted = icu::UnicodeString::fromUTF8(name);
  icu::UnicodeString canonical;
  UBool is_system = 0;
  UErrorCode status = U_ZERO_ERROR;
  icu::TimeZone::getCanonicalID(wanted, canonical, is_system, status);
  // ICU also takes `GMT+3` and the like, whose sign means one thing here and another in $TZ.
  if (U_FAILURE(status) || is_system == 0) return {};
  auto rules = Rules::of(std::unique_ptr<icu::TimeZone>(icu::TimeZone::createTimeZone(wanted)));
  if (rules == nullptr) return {};
  return Zone(name, std::move(rules));
}

Zone Zone::local() {
  std::unique_ptr<icu::TimeZone> host(icu::TimeZone::detectHostTimeZone());
  if (host != nullptr && *host != icu::TimeZone::getUnknown()) {
    icu::UnicodeString id;
    std::string name = to_utf8(host->getID(id));
    if (auto rules = Rules::of(std::move(host))) return {std::move(name), std::move(rules)};
  }
  return {"UTC", Rules::of(std::unique_ptr<icu::TimeZone>(icu::TimeZone::createTimeZone("UTC")))};
}

std::chrono::seconds Zone::offset_at(Moment moment) const {
  std::int32_t raw = 0;
  std::int32_t saving = 0;
  UErrorCode status = U_ZERO_ERROR;
  rules_->zone->getOffset(to_icu(moment), 0, raw, saving, status);
  return std::chrono::seconds((raw + saving) / 1000);
}

LocalMinutes Zone::local_at(Moment moment) const {
  return std::chrono::floor<std::chrono::minutes>(
      std::chrono::local_seconds(moment.time_since_epoch() + offset_at(moment)));
}

Moment Zone::first_at(LocalMinutes time) const {
  const std::chrono::seconds shown = time.time_since_epoch();
  std::int32_t raw = 0;
  std::int32_t saving = 0;
  UErrorCode status = U_ZERO_ERROR;
  rules_->zone->getOffsetFromLocal(to_icu(Moment(shown)), UCAL_TZ_LOCAL_FORMER,
                                   UCAL_TZ_LOCAL_FORMER, raw, saving, status);
  const Moment moment(shown - std::chrono::seconds((raw + saving) / 1000));
  if (local_at(moment) == time) return moment;
  // Left out: the offset was that of before the change, so that this is later than the change.
  icu::TimeZoneTransition change;
  if (rules_->zone->getPreviousTransition(to_icu(moment), 1, change) == 0) return moment;
  return from_icu(change.getTime());
}

LocalMinutes Zone::latest_shown(Moment moment) const {
  LocalMinutes latest = local_at(moment);
  Moment until = moment;
  icu::TimeZoneTransition change;
  while (rules_->zone->getPreviousTransition(to_icu(until), 1, change) != 0) {
    const Moment at = from_icu(change.getTime());
    if (moment - at > longest_repeat) break;
    latest = std::max(latest, local_at(at - std::chrono::seconds(1)));
    until = at - std::chrono::seconds(1);
  }
  return latest;
}

std::optional<Moment> Zone::next_change(Moment after) const {
  icu::TimeZoneTransition change;
  if (rules_->zone->getNextTransition(to_icu(after), 0, change) == 0) return {};
  return from_icu(change.getTime());
}

std::string format_local(Moment moment, const Zone& zone) {
  const std::chrono::seconds offset = zone.offset_at(moment);
  const auto time = moment.time_since_epoch() + offset;
  const auto day = std::chrono::floor<std::chrono::days>(time);
  const std::chrono::year_month_day date{std::chrono::local_days(day)};
  const auto second = (time - day).count();
  const auto distance = std::abs(offset.count()) / 60;
  return fmt::format("{:04}-{:02}-{:02} {:02}:{:02}{} {}{:02}:{:02}", static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                     second / 3600, second / 60 % 60,
                     second % 60 == 0 ? "" : fmt::format(":{:02}", second % 60),
                     offset.count() < 0 ? '-' : '+', distance / 60, distance % 60);
}

}  // namespace linkferry

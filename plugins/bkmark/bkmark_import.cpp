#include "bkmark/bkmark_import.hpp"

#include <algorithm>

#include "bkmark/bkmark_bodies.hpp"

namespace linkferry::bkmark {

/// What an import can create: with an address, since others are not told from what is there.
std::vector<std::size_t> Importer::candidates(std::span<const Change> changes,
                                              std::stop_token stop) {
  std::vector<std::size_t> places;
  const auto is_create = [](const Change& change) {
    return change.action == Action::create && change.bookmark != nullptr &&
           !change.bookmark->url.empty();
  };
  std::size_t creates = 0;
  for (const Change& change : changes) creates += is_create(change) ? 1 : 0;
  const std::size_t least = use_ == ImportUse::always ? 1 : import_from_;
  if (creates < least) return places;
  for (std::size_t i = 0; i < changes.size(); ++i) {
    if (!is_create(changes[i])) continue;
    const Bookmark& bookmark = *changes[i].bookmark;
    // Of what was there before nobody could say what the import has made.
    if (library_.find_exact_url(bookmark.url) || writer_.is_special(bookmark, stop)) continue;
    places.push_back(i);
  }
  return places;
}

bool Importer::has_budget() const {
  if (use_ == ImportUse::always) return true;
  const auto now = std::chrono::steady_clock::now();
  const auto recent = std::ranges::count_if(
      sent_, [now](const auto& time) { return now - time <= std::chrono::hours(1); });
  return static_cast<std::size_t>(recent) < Api::imports_an_hour;
}

bool Importer::is_of_use() const {
  return use_ != ImportUse::never && !is_refused_ && has_budget();
}

Importer::Sent Importer::send(const Part& part, std::stop_token stop) {
  sent_.push_back(std::chrono::steady_clock::now());
  if (sent_.size() > Api::imports_an_hour) sent_.pop_front();
  try {
    const HttpResponse answer = api_.import(import_body(part.items), stop);
    if (answer.is_success()) {
      failures_ = 0;
      return Sent::yes;
    }
    const std::string problem = api_.failure_of(answer, "").what();
    if (answer.status >= 500 && answer.status != 501) {
      note_failure(problem);
      return Sent::perhaps;
    }
    if (use_ == ImportUse::always && answer.status == 429)
      throw Failure(FailureKind::temporary,
                    problem + "; Bkmark takes 5 imports an hour: run again later to go on");
    api_.host().log(LogLevel::info, problem + "; bookmarks are created one by one");
    // One by one costs more, but what is refused once is not asked for in each call.
    is_refused_ = answer.status != 429;
    return Sent::no;
  } catch (const LostReply& lost) {
    if (stop.stop_requested()) throw;
    api_.host().log(LogLevel::info, lost.what());
    return Sent::perhaps;
  } catch (const Failure& failure) {
    if (failure.kind() != FailureKind::temporary || use_ == ImportUse::always) throw;
    api_.host().log(LogLevel::info,
                    std::string(failure.what()) + "; bookmarks are created one by one");
    return Sent::no;
  }
}

/// An error of the server may come after the work was done; a second one in a row is no accident.
void Importer::note_failure(const std::string& problem) {
  constexpr int most_failures = 2;
  api_.host().log(LogLevel::info, problem);
  if (++failures_ < most_failures) return;
  if (use_ == ImportUse::always)
    throw Failure(FailureKind::temporary, problem + "; run again later to go on");
  is_refused_ = true;
}

/// `yes`: each of those that were sent was carried out.
Importer::Sent Importer::send_all(const std::vector<Part>& parts, std::stop_token stop) {
  Sent all = Sent::no;
  bool is_sure = true;
  for (const Part& part : parts) {
    if (is_refused_ || !has_budget()) break;
    const Sent sent = send(part, stop);
    if (sent == Sent::no) break;
    is_sure = is_sure && sent == Sent::yes;
    all = is_sure ? Sent::yes : Sent::perhaps;
  }
  return all;
}

/// What stands there since may be a person's; what an import made says what was sent.
bool Importer::may_be_ours(const std::string& id, const Bookmark& wanted) const {
  const auto held = library_.find(id);
  if (!held) return false;
  Arena arena;
  const Facts facts = facts_of(wanted, {}, library_.groups(), library_.names(), arena);
  return held->facts.title == facts.title && held->facts.description == facts.description;
}

void Importer::check_dates(const Change& change, const std::string& id) {
  const Timestamp& wanted = change.bookmark->created_at;
  if (has_said_dates_ || !wanted.is_known()) return;
  const auto held = library_.find(id);
  if (!held || held->created == wanted) return;
  has_said_dates_ = true;
  api_.host().log(LogLevel::warning,
                  api_.base_url() + ": it does not keep dates of creation; they are lost");
}

std::vector<std::string> Importer::run(std::span<const Change> changes, std::stop_token stop) {
  std::vector<std::string> ids(changes.size());
  if (!is_of_use()) return ids;
  const auto places = candidates(changes, stop);
  if (places.empty()) return ids;
  std::vector<Part> parts(1);
  for (const std::size_t place : places) {
    const Bookmark& bookmark = *changes[place].bookmark;
    std::string item = import_item(bookmark, writer_.group_ids_of(bookmark), Api::now_seconds());
    if (!parts.back().items.empty() && parts.back().bytes + item.size() > most_bytes)
      parts.emplace_back();
    parts.back().bytes += item.size() + 1;
    parts.back().items.push_back(std::move(item));
  }
  const Sent sent = send_all(parts, stop);
  if (sent == Sent::no) return ids;
  writer_.reload(places.size(), stop);
  for (const std::size_t place : places) {
    const Bookmark& wanted = *changes[place].bookmark;
    const auto id = library_.find_exact_url(wanted.url);
    if (id && (sent == Sent::yes || may_be_ours(*id, wanted))) ids[place] = *id;
  }
  return ids;
}

}  // namespace linkferry::bkmark

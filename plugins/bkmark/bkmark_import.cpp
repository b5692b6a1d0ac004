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

/// Whether all that was sent is there now, by what the answer says.
bool Importer::has_taken_all(const HttpResponse& answer, const Part& part) const {
  const auto document = api_.document_of(answer);
  return document && document->root().member("imported").number() ==
                         static_cast<std::int64_t>(part.items.size());
}

Importer::Sent Importer::send(const Part& part, std::stop_token stop) {
  sent_.push_back(std::chrono::steady_clock::now());
  if (sent_.size() > Api::imports_an_hour) sent_.pop_front();
  try {
    const HttpResponse answer = api_.import(import_body(part.items), stop);
    if (answer.is_success()) return has_taken_all(answer, part) ? Sent::yes : Sent::perhaps;
    const std::string problem = api_.failure_of(answer, "").what();
    if (answer.status >= 500 && answer.status != 501) {
      api_.host().log(LogLevel::info, problem);
      return Sent::failed;
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

/// Whether there is something to look for.
bool Importer::send_all(std::vector<Part>& parts, std::stop_token stop) {
  bool has_sent = false;
  unsigned failures = 0;
  for (Part& part : parts) {
    if (failures == most_failures || !has_budget()) break;
    part.sent = send(part, stop);
    if (part.sent == Sent::no) break;
    failures = part.sent == Sent::failed ? failures + 1 : 0;
    has_sent = true;
  }
  return has_sent;
}

/// What has come to be there since may be a person's; what an import made says what was sent, but
/// that Bkmark may fill in an empty text.
bool Importer::may_be_ours(const std::string& id, const Bookmark& wanted) const {
  const auto held = library_.find(id);
  if (!held) return false;
  Arena arena;
  const Facts facts = facts_of(wanted, {}, library_.groups(), library_.names(), arena);
  const bool has_words = !wanted.description.empty() || !wanted.notes.empty();
  return (wanted.title.empty() || held->facts.title == facts.title) &&
         (!has_words || held->facts.description == facts.description);
}

/// Names what is there now. An error of the server may come after the work was done; only where
/// nothing was, it is one.
void Importer::find_made(const Part& part, std::span<const Change> changes,
                         std::vector<std::string>& ids) {
  if (part.sent == Sent::no) return;
  bool has_made = false;
  for (const std::size_t place : part.places) {
    const Bookmark& wanted = *changes[place].bookmark;
    const auto id = library_.find_exact_url(wanted.url);
    if (!id || (part.sent != Sent::yes && !may_be_ours(*id, wanted))) continue;
    ids[place] = *id;
    has_made = true;
  }
  failures_ = part.sent == Sent::failed && !has_made ? failures_ + 1 : 0;
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

std::vector<Importer::Part> Importer::divide(std::span<const Change> changes,
                                             std::span<const std::size_t> places) const {
  std::vector<Part> parts;
  for (const std::size_t place : places) {
    const Bookmark& bookmark = *changes[place].bookmark;
    std::string item = import_item(bookmark, writer_.group_ids_of(bookmark), Api::now_seconds());
    if (parts.empty() || parts.back().bytes + item.size() > most_bytes) parts.emplace_back();
    parts.back().bytes += item.size() + 1;
    parts.back().items.push_back(std::move(item));
    parts.back().places.push_back(place);
  }
  return parts;
}

std::vector<std::string> Importer::run(std::span<const Change> changes, std::stop_token stop) {
  std::vector<std::string> ids(changes.size());
  if (!is_of_use()) return ids;
  const auto places = candidates(changes, stop);
  if (places.empty()) return ids;
  if (failures_ >= most_failures) {
    throw Failure(FailureKind::temporary, api_.base_url() +
                                              ": it answers imports by errors, and "
                                              "makes nothing of them: run again later "
                                              "to go on");
  }
  std::vector<Part> parts = divide(changes, places);
  if (!send_all(parts, stop)) return ids;
  writer_.reload(places.size(), stop);
  for (const Part& part : parts) find_made(part, changes, ids);
  if (failures_ >= most_failures && use_ == ImportUse::automatic) is_refused_ = true;
  return ids;
}

}  // namespace linkferry::bkmark

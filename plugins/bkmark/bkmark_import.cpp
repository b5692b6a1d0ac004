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
  for (std::size_t i = 0; i < changes.size(); ++i)
    if (is_create(changes[i]) && !writer_.is_special(*changes[i].bookmark, stop))
      places.push_back(i);
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

/// Whether it was, or may have been, carried out; where not, no more imports are of use now.
bool Importer::send(const Part& part, std::stop_token stop) {
  if (!has_budget()) return false;
  sent_.push_back(std::chrono::steady_clock::now());
  if (sent_.size() > Api::imports_an_hour) sent_.pop_front();
  try {
    const HttpResponse answer = api_.import(import_body(part.items), stop);
    if (answer.is_success()) return true;
    const std::string problem = api_.failure_of(answer, "").what();
    if (use_ == ImportUse::always && answer.status == 429)
      throw Failure(FailureKind::temporary,
                    problem + "; Bkmark takes 5 imports an hour: run again later to go on");
    if (answer.status >= 500 && answer.status != 501) {
      api_.host().log(LogLevel::info, problem);
      return true;
    }
    api_.host().log(LogLevel::info, problem + "; bookmarks are created one by one");
    // One by one costs more, but what is refused once is not asked for in each call.
    is_refused_ = answer.status != 429;
    return false;
  } catch (const LostReply& lost) {
    if (stop.stop_requested()) throw;
    api_.host().log(LogLevel::info, lost.what());
    return true;
  } catch (const Failure& failure) {
    if (failure.kind() != FailureKind::temporary || use_ == ImportUse::always) throw;
    api_.host().log(LogLevel::info,
                    std::string(failure.what()) + "; bookmarks are created one by one");
    return false;
  }
}

/// Whether there is something to look for.
bool Importer::send_all(const std::vector<Part>& parts, std::stop_token stop) {
  bool has_sent = false;
  for (const Part& part : parts) {
    if (!send(part, stop)) break;
    has_sent = true;
  }
  return has_sent;
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
  if (!send_all(parts, stop)) return ids;
  writer_.reload(places.size(), stop);
  for (const std::size_t place : places) {
    const auto id = library_.find_exact_url(changes[place].bookmark->url);
    if (!id) continue;
    ids[place] = *id;
  }
  return ids;
}

}  // namespace linkferry::bkmark

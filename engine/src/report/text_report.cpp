#include "report/text_report.hpp"

#include <fmt/format.h>

#include "config/job_names.hpp"
#include "report/wording.hpp"

namespace linkferry {
namespace {

constexpr std::uint64_t shown_of_each = 10;
constexpr std::size_t title_limit = 80;
constexpr std::size_t url_limit = 100;

/// What people see before a change; filtered ones are only counted unless every change is shown.
char symbol_of(Fate fate) {
  switch (fate) {
    case Fate::created:
      return '+';
    case Fate::updated:
      return '~';
    case Fate::failed:
      return '!';
    case Fate::skipped:
      return '?';
    case Fate::unchanged:
      return '=';
    case Fate::kept:
      return '=';
    case Fate::quarantined:
      return '~';
    default:
      return '-';
  }
}

std::string joined_names(const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& name : names)
    text.append(text.empty() ? "" : " + ").append(on_one_line(name, url_limit));
  return text;
}

}  // namespace

TextReport::TextReport(const ReportOptions& options, ReportOutput output)
    : options_(options), output_(std::move(output)) {
  const Job& job = options_.job;
  output_(fmt::format("{}: {} {} {}\n\n", on_one_line(job.name, url_limit), joined_names(job.from),
                      job.mode == Mode::sync ? "<->" : "->", on_one_line(job.to, url_limit)));
}

std::string TextReport::painted(char symbol, const std::string& text) const {
  if (!options_.has_color) return text;
  const char* color = symbol == '+'   ? "32"
                      : symbol == '~' ? "33"
                      : symbol == '!' ? "31"
                      : symbol == '?' ? "35"
                                      : "2";
  return fmt::format("\033[{}m{}\033[0m", color, text);
}

void TextReport::on_change(const PlannedChange& change) {
  std::uint64_t& seen = seen_[static_cast<std::size_t>(change.fate)];
  ++seen;
  if (seen > shown_of_each && !options_.shows_every_change) return;
  if (change.fate == Fate::filtered && !options_.shows_every_change) return;
  if (change.fate == Fate::created || change.fate == Fate::updated ||
      change.fate == Fate::deleted || change.fate == Fate::quarantined ||
      !change.conflicts.empty()) {
    print_bookmark(change.fate == Fate::unchanged ? '!' : symbol_of(change.fate), change);
  } else {
    print_left_out(change);
  }
}

void TextReport::print_bookmark(char symbol, const PlannedChange& change) {
  const Bookmark& b = *change.bookmark;
  const Text title = b.title.empty() ? b.url.empty() ? b.notes : b.url : b.title;
  const char color = change.fate == Fate::deleted ? '!' : symbol;
  std::string line = fmt::format("{} {}", symbol, on_one_line(title, title_limit));
  if (is_present(change.endpoint)) line += "  -> " + on_one_line(change.endpoint, url_limit);
  output_(painted(color, line) + "\n");
  // A URL that serves as the title is not said twice.
  std::string details = title == b.url ? "" : on_one_line(b.url, url_limit);
  if (!b.folders.empty()) details += "  in " + describe(b, Field::folders);
  for (const Text tag : b.tags.subspan(0, std::min<std::size_t>(b.tags.size(), 12)))
    details += "  #" + on_one_line(tag, 40);
  const std::size_t begin = details.find_first_not_of(' ');
  if (begin != std::string::npos) output_(fmt::format("    {}\n", details.substr(begin)));
  for (const Field field : change.differing) {
    output_(fmt::format("    {}: {} -> {}\n", name_of(field), describe(*change.present, field),
                        describe(b, field)));
  }
  print_conflicts(change);
  print_parents(change);
}

void TextReport::print_conflicts(const PlannedChange& change) {
  const Job& job = options_.job;
  for (const Conflict& conflict : change.conflicts) {
    const bool is_open = conflict.resolved == ConflictPolicy::ask;
    output_(painted('!', fmt::format("    conflict in {}: {} in {}, {} in {} ({})",
                                     name_of(conflict.field),
                                     describe(*conflict.sides[0], conflict.field),
                                     on_one_line(job.from.front(), url_limit),
                                     describe(*conflict.sides[1], conflict.field),
                                     on_one_line(job.to, url_limit),
                                     is_open ? "both stay; make them the same, or name a policy"
                                             : name_of(conflict.resolved))) +
            "\n");
  }
  if (change.fate == Fate::created && is_present(change.reason))
    output_(painted('!', fmt::format("    {}", on_one_line(change.reason, 200))) + "\n");
}

void TextReport::print_parents(const PlannedChange& change) {
  if (change.parents.size() < 2) return;
  output_("    merged from\n");
  std::size_t shown = 0;
  for (const Place& parent : change.parents) {
    if (++shown > shown_of_each && !options_.shows_every_change) break;
    output_(fmt::format("      {}  {}\n", describe(parent), on_one_line(parent.url, url_limit)));
  }
  if (shown > shown_of_each && !options_.shows_every_change) {
    output_(fmt::format("      and {} more\n", grouped(change.parents.size() - shown_of_each)));
  }
}

void TextReport::print_left_out(const PlannedChange& change) {
  const char symbol = symbol_of(change.fate);
  const Text what =
      change.bookmark != nullptr && !change.bookmark->url.empty() ? change.bookmark->url : Text{};
  std::string line = fmt::format("{} {} {}: {}", symbol, name_of(change.fate),
                                 describe(change.parents.front()), on_one_line(change.reason, 200));
  if (!what.empty()) line += "  " + on_one_line(what, url_limit);
  if (change.bookmark != nullptr && !change.bookmark->title.empty())
    line += "  " + on_one_line(change.bookmark->title, title_limit);
  if (change.bookmark == nullptr && !change.parents.front().url.empty())
    line += "  " + on_one_line(change.parents.front().url, url_limit);
  output_(painted(symbol, line) + "\n");
}

void TextReport::on_folder(const Folder& created) {
  ++folders_seen_;
  if (created.type == Folder::Type::separator ||
      (folders_seen_ > shown_of_each && !options_.shows_every_change))
    return;
  std::string path;
  for (const Text name : created.path) path.append(path.empty() ? "" : "/").append(name);
  output_(painted('+', "+ folder " + on_one_line(path, url_limit)) + "\n");
}

void TextReport::print_not_shown() {
  if (options_.shows_every_change) return;
  std::string rest;
  for (std::size_t i = 0; i < fate_count; ++i) {
    const bool is_hidden = static_cast<Fate>(i) == Fate::filtered;
    const std::uint64_t shown = is_hidden ? 0 : shown_of_each;
    if (seen_[i] > shown)
      rest += fmt::format("{}{} {}", rest.empty() ? "" : ", ", grouped(seen_[i] - shown),
                          name_of(static_cast<Fate>(i)));
  }
  if (!rest.empty()) output_(fmt::format("  … and {} more; -v shows all\n", rest));
}

void TextReport::print_losses(const Ledger& ledger) {
  if (ledger.losses.empty()) {
    const bool is_whole =
        ledger.notices.empty() && ledger[Fate::skipped] == 0 && ledger[Fate::failed] == 0;
    if (is_whole) output_("\nNothing is lost: the sink holds every field of every bookmark.\n");
    return;
  }
  output_("\nWhat the sink cannot hold as it is:\n");
  for (const LossCount& loss : ledger.losses) {
    output_(fmt::format("  {:<12} {:<11} {:>9}  {}\n", name_of(loss.field), name_of(loss.kind),
                        grouped(loss.records), on_one_line(loss.reason, 300)));
    if (!loss.example.empty())
      output_(fmt::format("  {:36}e.g. {}\n", "", on_one_line(loss.example, url_limit)));
  }
}

void TextReport::print_notices(const RunSummary& summary) {
  if (!summary.ledger.notices.empty()) output_("\nNotices:\n");
  for (const NoticeCount& notice : summary.ledger.notices) {
    std::string how_often = notice.times == 1 ? "once" : grouped(notice.times) + " times";
    if (notice.first_line > 0)
      how_often +=
          fmt::format(", {}in line {}", notice.times == 1 ? "" : "first ", notice.first_line);
    output_(fmt::format("  {}: {} ({})\n", on_one_line(notice.endpoint, url_limit),
                        on_one_line(notice.text, 300), how_often));
  }
  for (const std::string& truncated : summary.truncated)
    output_(fmt::format("\nCut off: {}\n", on_one_line(truncated, 300)));
}

void TextReport::print_books(const Ledger& ledger) {
  std::string sum;
  for (std::size_t i = 0; i < read_fate_count; ++i) {
    const auto fate = static_cast<Fate>(i);
    sum += fmt::format("{}{} {}", i == 0 ? "" : " + ", grouped(ledger[fate]), name_of(fate));
  }
  output_(fmt::format("\n{} read = {}\n", grouped(ledger.read), sum));
  std::string gone;
  for (std::size_t i = read_fate_count; i < fate_count; ++i) {
    const auto fate = static_cast<Fate>(i);
    if (ledger[fate] > 0)
      gone +=
          fmt::format("{}{} {}", gone.empty() ? "" : ", ", grouped(ledger[fate]), name_of(fate));
  }
  if (!gone.empty()) {
    output_(fmt::format("of what {} held: {}\n",
                        options_.job.mode == Mode::sync ? "either side" : "the sink", gone));
  }
  if (ledger.conflicts > 0) {
    output_(fmt::format("{}{}\n", counted(ledger.conflicts, "conflict"),
                        ledger.open_conflicts > 0
                            ? fmt::format(", {} of them open", grouped(ledger.open_conflicts))
                            : ""));
  }
  if (ledger.folders_created > 0)
    output_(fmt::format("{} folders and separators created\n", grouped(ledger.folders_created)));
}

void TextReport::on_planned(const RunSummary& summary) {
  has_changes_ = summary.ledger.has_changes();
  print_not_shown();
  if (has_changes_) print_losses(summary.ledger);
  print_notices(summary);
  print_books(summary.ledger);
}

void TextReport::on_finished(const RunSummary& summary) {
  for (const std::string& problem : summary.problems)
    output_(painted('!', "! " + on_one_line(problem, 300)) + "\n");
  if (!summary.problems.empty()) print_books(summary.ledger);
  if (!summary.blocked.empty()) return output_("Nothing was written.\n");
  if (!has_changes_) return output_("Nothing to do.\n");
  if (summary.is_dry_run) return output_("Dry run: nothing was written.\n");
  const Job& job = options_.job;
  const std::string where = job.mode == Mode::sync ? joined_names({job.from.front(), job.to})
                                                   : on_one_line(job.to, url_limit);
  output_(fmt::format("Written to {} in {:.1f} s.\n", where, summary.seconds));
}

}  // namespace linkferry

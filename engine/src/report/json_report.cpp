#include "report/json_report.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "config/job_names.hpp"
#include "jsonl/jsonl_format.hpp"
#include "linkferry/abi.hpp"
#include "linkferry/fields.hpp"

namespace linkferry {
namespace {

using common::JsonWriter;

template <class List, class Put>
void put_list(JsonWriter& json, const List& list, Put put) {
  json.raw("[");
  bool is_first = true;
  for (const auto& item : list) {
    if (!is_first) json.raw(",");
    is_first = false;
    put(item);
  }
  json.raw("]");
}

void put_texts(JsonWriter& json, const std::vector<std::string>& texts) {
  put_list(json, texts, [&](const std::string& text) { json.text(text); });
}

void put_member(JsonWriter& json, std::string_view comma_and_key, std::string_view text) {
  json.raw(comma_and_key);
  json.text(text);
}

void put_number(JsonWriter& json, std::string_view comma_and_key, std::uint64_t number) {
  json.raw(comma_and_key);
  json.raw(fmt::format_int(number).c_str());
}

/// A bookmark in linkferry's own form, without the line end.
void put_bookmark(JsonWriter& json, const Bookmark& bookmark) {
  jsonl::format_bookmark(bookmark, {}, json);
  json.drop_last(1);
}

/// `bookmark` with nothing but the given fields.
Bookmark only(Bookmark bookmark, std::span<const Field> fields) {
  for (std::size_t i = 0; i < field_count; ++i) {
    const auto field = static_cast<Field>(i);
    if (std::ranges::count(fields, field) == 0) clear_field(bookmark, field);
  }
  return bookmark;
}

std::string_view change_name(Fate fate) {
  if (fate == Fate::created) return "create";
  if (fate == Fate::updated) return "update";
  if (fate == Fate::deleted) return "delete";
  if (fate == Fate::quarantined) return "quarantine";
  if (fate == Fate::kept) return "keep";
  return name_of(fate);
}

void put_place(JsonWriter& json, const Place& place) {
  put_member(json, R"({"endpoint":)", place.endpoint);
  if (place.line > 0) put_number(json, R"(,"line":)", place.line);
  if (is_present(place.url)) put_member(json, R"(,"url":)", place.url);
  json.raw("}");
}

template <class AnyLoss>
void put_loss(JsonWriter& json, const AnyLoss& loss) {
  put_member(json, R"({"field":)", name_of(loss.field));
  put_member(json, R"(,"kind":)", name_of(loss.kind));
  put_member(json, R"(,"reason":)", loss.reason);
}

}  // namespace

JsonReport::JsonReport(const ReportOptions& options, ReportOutput output, bool is_lines)
    : options_(options), output_(std::move(output)), is_lines_(is_lines) {
  put_header();
}

void JsonReport::put_job_members() {
  const Job& job = options_.job;
  put_member(json_, R"(,"job":)", job.name);
  json_.raw(R"(,"from":)");
  put_texts(json_, job.from);
  put_member(json_, R"(,"to":)", job.to);
  put_member(json_, R"(,"mode":)", name_of(job.mode));
}

void JsonReport::put_header() {
  if (!is_lines_) {
    put_member(json_, R"({"version":1,"linkferry":)", LINKFERRY_VERSION);
    put_job_members();
    json_.raw(R"(,"started_at":)");
    json_.date(options_.started_at);
    json_.raw(",\"changes\":[");
    return;
  }
  json_.raw(R"({"type":"plan","version":1)");
  put_job_members();
  put_member(json_, R"(,"match":)", name_of(options_.job.match));
  put_member(json_, R"(,"on_match":)", name_of(options_.job.on_match));
  json_.raw(R"(,"created_at":)");
  json_.date(options_.started_at);
  put_member(json_, R"(,"linkferry":)", LINKFERRY_VERSION);
  if (!options_.job.digest.empty()) put_origin();
  if (options_.reads_everything) json_.raw(R"(,"full":true)");
  if (options_.accepts_partial) json_.raw(R"(,"accept_partial":true)");
  json_.raw("}\n");
}

/// What a plan is held against before it is applied.
void JsonReport::put_origin() {
  put_member(json_, R"(,"digest":)", options_.job.digest);
  put_number(json_, R"(,"state":)", static_cast<std::uint64_t>(options_.state_serial));
  json_.raw(R"(,"plugins":{)");
  bool is_first = true;
  for (const auto& [name, version] : options_.plugins) {
    if (!std::exchange(is_first, false)) json_.raw(",");
    json_.text(name);
    put_member(json_, ":", version);
  }
  json_.raw("}");
}

void JsonReport::begin_item() {
  if (!is_lines_) json_.raw(is_first_change_ ? "\n" : ",\n");
  is_first_change_ = false;
}

void JsonReport::end_item() {
  constexpr std::size_t chunk_bytes = 64 * 1024;
  if (is_lines_) json_.raw("\n");
  if (json_.size() >= chunk_bytes) flush();
}

void JsonReport::flush() {
  output_(json_.bytes());
  json_.clear();
}

void JsonReport::on_change(const PlannedChange& change) {
  begin_item();
  put_change(change);
  end_item();
}

void JsonReport::put_change(const PlannedChange& change) {
  const bool is_conflict = change.fate == Fate::unchanged && !change.conflicts.empty();
  put_member(json_, R"({"type":"change","change":)",
             is_conflict ? "conflict" : change_name(change.fate));
  if (is_present(change.endpoint)) put_member(json_, R"(,"endpoint":)", change.endpoint);
  if (change.bookmark != nullptr) {
    json_.raw(R"(,"bookmark":)");
    put_bookmark(json_, *change.bookmark);
  }
  if (change.present != nullptr && !change.differing.empty()) {
    json_.raw(R"(,"before":)");
    put_bookmark(json_, only(*change.present, change.differing));
    json_.raw(R"(,"differing":)");
    put_list(json_, change.differing, [this](Field field) { json_.text(name_of(field)); });
  }
  json_.raw(R"(,"parents":)");
  put_list(json_, change.parents, [this](const Place& place) { put_place(json_, place); });
  if (!change.losses.empty()) {
    json_.raw(R"(,"losses":)");
    put_list(json_, change.losses,
             [this](const Loss& loss) { put_loss(json_, loss), json_.raw("}"); });
  }
  if (!change.conflicts.empty()) put_conflicts(change.conflicts);
  if (is_present(change.reason)) put_member(json_, R"(,"reason":)", change.reason);
  json_.raw("}");
}

void JsonReport::put_conflicts(std::span<const Conflict> conflicts) {
  json_.raw(R"(,"conflicts":)");
  put_list(json_, conflicts, [this](const Conflict& conflict) {
    put_member(json_, R"({"field":)", name_of(conflict.field));
    put_member(json_, R"(,"policy":)", name_of(conflict.resolved));
    json_.raw(R"(,"from":)");
    put_bookmark(json_, only(*conflict.sides[0], {&conflict.field, 1}));
    json_.raw(R"(,"to":)");
    put_bookmark(json_, only(*conflict.sides[1], {&conflict.field, 1}));
    json_.raw("}");
  });
}

void JsonReport::on_folder(const Folder& created) {
  if (!is_lines_) return;
  jsonl::format_folder(created, json_);
  json_.drop_last(2);
  json_.raw(R"(,"change":"create"})");
  end_item();
}

void JsonReport::put_notices(const Ledger& ledger) {
  json_.raw(R"(,"notices":)");
  put_list(json_, ledger.notices, [this](const NoticeCount& notice) {
    put_member(json_, R"({"text":)", notice.text);
    put_member(json_, R"(,"endpoint":)", notice.endpoint);
    put_number(json_, R"(,"times":)", notice.times);
    if (notice.first_line > 0) put_number(json_, R"(,"first_line":)", notice.first_line);
    json_.raw("}");
  });
}

/// The members that a report and the summary of a plan share.
void JsonReport::put_books(const RunSummary& summary) {
  const Ledger& ledger = summary.ledger;
  put_number(json_, R"("ledger":{"read":)", ledger.read);
  for (std::size_t i = 0; i < fate_count; ++i) {
    const auto fate = static_cast<Fate>(i);
    put_number(json_, fmt::format(R"(,"{}":)", name_of(fate)), ledger[fate]);
  }
  put_number(json_, R"(},"folders_created":)", ledger.folders_created);
  if (options_.job.mode == Mode::sync) {
    put_number(json_, R"(,"conflicts":)", ledger.conflicts);
    put_number(json_, R"(,"open_conflicts":)", ledger.open_conflicts);
  }
  json_.raw(R"(,"losses":)");
  put_list(json_, ledger.losses, [this](const LossCount& loss) {
    put_loss(json_, loss);
    put_number(json_, R"(,"records":)", loss.records);
    put_member(json_, R"(,"example":)", loss.example);
    json_.raw("}");
  });
  put_notices(ledger);
  json_.raw(R"(,"truncated":)");
  put_texts(json_, summary.truncated);
}

/// A plan is complete with its last change; a report waits for the end of the run.
void JsonReport::on_planned(const RunSummary& summary) {
  if (!is_lines_) return;
  json_.raw(R"({"type":"summary",)");
  put_books(summary);
  put_fingerprints(summary);
  json_.raw("}\n");
  flush();
}

void JsonReport::put_fingerprints(const RunSummary& summary) {
  json_.raw(R"(,"fingerprints":)");
  put_list(json_, summary.fingerprints, [this](const auto& side) {
    put_member(json_, R"({"endpoint":)", side.first);
    put_member(json_, R"(,"hash":)", fmt::format("{:016x}", side.second));
    json_.raw("}");
  });
}

/// A document must have its end; lines that were written stand by themselves.
void JsonReport::on_failed(std::string_view message) {
  if (is_lines_) return flush();
  put_member(json_, "\n],\"error\":", message);
  json_.raw("}\n");
  flush();
}

void JsonReport::on_finished(const RunSummary& summary) {
  if (is_lines_) return;
  json_.raw("\n],");
  put_books(summary);
  json_.raw(summary.is_dry_run ? R"(,"dry_run":true)" : R"(,"dry_run":false)");
  json_.raw(summary.is_written ? R"(,"written":true)" : R"(,"written":false)");
  if (!summary.blocked.empty()) put_member(json_, R"(,"blocked":)", summary.blocked);
  if (!summary.problems.empty()) {
    json_.raw(R"(,"problems":)");
    put_texts(json_, summary.problems);
  }
  json_.raw(fmt::format(R"(,"seconds":{:.3f}}})", summary.seconds));
  json_.raw("\n");
  flush();
}

}  // namespace linkferry

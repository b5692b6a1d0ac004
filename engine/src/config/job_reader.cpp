#include "config/job_reader.hpp"

#include "config/job_names.hpp"
#include "config/schedule_reader.hpp"
#include "config/settings.hpp"
#include "linkferry/timestamp_text.hpp"

namespace linkferry {

namespace {

/// One text or a list of them; none for null.
std::vector<std::string> texts_of(const ConfigNode* node) {
  if (node == nullptr) return {};
  if (node->kind == ConfigNode::Kind::text) return {node->text};
  std::vector<std::string> texts;
  for (const auto& item : node->items) texts.push_back(item->text);
  return texts;
}

std::vector<std::pair<std::string, std::string>> pairs_of(const ConfigNode* node) {
  std::vector<std::pair<std::string, std::string>> pairs;
  if (node == nullptr) return pairs;
  for (const auto& member : node->members) pairs.emplace_back(member.name, member.value->text);
  return pairs;
}

template <class Enum>
Enum choice_of(const ConfigNode& table, std::string_view name, Enum last, Enum otherwise) {
  const ConfigNode* node = table.find(name);
  return node == nullptr ? otherwise : find_named(node->text, last).value_or(otherwise);
}

TagRules read_tag_rules(const ConfigNode& table) {
  TagRules rules;
  const ConfigNode* letters = table.find("case");
  rules.lower_case = letters != nullptr && letters->text == "lower";
  rules.rename = pairs_of(table.find("rename"));
  if (const ConfigNode* split = table.find("split")) {
    for (const auto& member : split->members)
      rules.split.emplace_back(member.name, texts_of(member.value.get()));
  }
  rules.drop = texts_of(table.find("drop"));
  rules.add = texts_of(table.find("add"));
  rules.from_folders = choice_of(table, "from_folders", FolderTags::path, FolderTags::none);
  return rules;
}

std::uint64_t number_of(const ConfigNode& table, std::string_view name, std::uint64_t otherwise) {
  const ConfigNode* node = table.find(name);
  if (node == nullptr) return otherwise;
  return static_cast<std::uint64_t>(node->integer);
}

ConflictPolicy policy_of(const ConfigNode& node) {
  return find_named(node.text, ConflictPolicy::ask).value_or(ConflictPolicy::newer);
}

ConflictRules read_conflict_rules(const ConfigNode& node) {
  ConflictRules rules;
  if (node.kind == ConfigNode::Kind::text) rules.otherwise = policy_of(node);
  for (const auto& member : node.members) {
    const ConflictPolicy policy = policy_of(*member.value);
    if (member.name == "default") {
      rules.otherwise = policy;
    } else if (const auto field = find_named(member.name, Field::extra)) {
      rules.fields[static_cast<std::size_t>(*field)] = policy;
    }
  }
  return rules;
}

DeleteRules read_delete_rules(const ConfigNode& table, DeleteRules rules) {
  rules.policy = choice_of(table, "policy", DeletePolicy::none, rules.policy);
  rules.max = number_of(table, "max", rules.max);
  rules.max_percent =
      static_cast<std::uint32_t>(number_of(table, "max_percent", rules.max_percent));
  rules.quarantine = choice_of(table, "quarantine", Quarantine::tag, rules.quarantine);
  return rules;
}

Field flag_field(std::string_view name) {
  return find_named(name, Field::extra).value_or(Field::unread);
}

Criteria read_criteria(const ConfigNode* table) {
  Criteria criteria;
  if (table == nullptr) return criteria;
  criteria.tags = texts_of(table->find("tags"));
  criteria.folders = texts_of(table->find("folders"));
  criteria.url = texts_of(table->find("url"));
  if (const ConfigNode* time = table->find("after")) criteria.after = parse_rfc3339(time->text);
  if (const ConfigNode* time = table->find("before")) criteria.before = parse_rfc3339(time->text);
  if (const ConfigNode* flags = table->find("flags")) {
    for (const auto& flag : flags->members)
      criteria.flags.emplace_back(flag_field(flag.name), flag.value->boolean);
  }
  for (const auto& kind : texts_of(table->find("kinds"))) {
    criteria.kinds.push_back(find_named(kind, Kind::post).value_or(Kind::link));
  }
  return criteria;
}

}  // namespace

Job read_job(const std::string& name, const ConfigNode& table, const std::filesystem::path& base) {
  Job job;
  job.name = name;
  job.from = texts_of(table.find("from"));
  if (const ConfigNode* to = table.find("to")) job.to = to->text;
  job.match = choice_of(table, "match", MatchPreset::loose, MatchPreset::standard);
  job.mode = choice_of(table, "mode", Mode::sync, Mode::copy);
  job.on_match = choice_of(table, "on_match", OnMatch::overwrite,
                           job.mode == Mode::mirror ? OnMatch::overwrite : OnMatch::fill);
  if (job.mode == Mode::sync) job.deletion.policy = DeletePolicy::matched;
  if (const ConfigNode* deletion = table.find("delete"))
    job.deletion = read_delete_rules(*deletion, job.deletion);
  if (const ConfigNode* conflicts = table.find("conflicts"))
    job.conflicts = read_conflict_rules(*conflicts);
  if (const ConfigNode* tags = table.find("tags")) job.tags = read_tag_rules(*tags);
  if (const ConfigNode* folders = table.find("folders")) {
    job.folders.rename = pairs_of(folders->find("rename"));
    job.folders.drop = texts_of(folders->find("drop"));
  }
  if (const ConfigNode* filter = table.find("filter")) {
    job.filter.include = read_criteria(filter->find("include"));
    job.filter.exclude = read_criteria(filter->find("exclude"));
  }
  for (const auto& report : texts_of(table.find("report")))
    job.reports.push_back(resolve_path(report, base));
  std::vector<Problem> told;  // by the check of the job, before it is read
  job.schedule = read_schedule(table.find("schedule"), "", told);
  return job;
}

}  // namespace linkferry

#include "mastodon/status_bookmarks.hpp"

#include <algorithm>
#include <vector>

#include "common/html_text.hpp"
#include "linkferry/timestamp_text.hpp"
#include "mastodon/status_html.hpp"

namespace linkferry::mastodon {
namespace {

constexpr Text private_notice =
    "posts for followers or for named people only were left out; the option include_private reads "
    "them";
constexpr std::size_t title_characters = 80;
constexpr std::size_t max_tags = 1000;  ///< far beyond what any server takes

Text known(Text text) { return text.empty() ? Text{} : text; }

bool is_web_address(Text url) {
  return common::starts_with_lower(url, "https://") || common::starts_with_lower(url, "http://");
}

/// The first characters, up to the last whole word where that is near, and `…`.
std::string beginning_of(Text text) {
  std::size_t characters = 0;
  std::size_t end = 0;
  for (; end < text.size(); ++end) {
    const bool begins = (static_cast<unsigned char>(text[end]) & 0xC0U) != 0x80;
    if (begins && characters++ == title_characters) break;
  }
  if (end == text.size()) return std::string(text);
  const std::size_t blank = text.rfind(' ', end);
  if (blank != Text::npos && blank > end / 2) end = blank;
  return std::string(text.substr(0, end)) + "…";
}

/// One status on its way.
class Converter {
 public:
  Converter(JsonValue value, List list, const StatusRules& rules, Batch& batch)
      : status_(read_status(value, batch.arena)),
        raw_(value.raw()),
        list_(list),
        rules_(rules),
        batch_(batch),
        arena_(batch.arena) {}

  void run() {
    if (status_.is_private() && !rules_.includes_private)
      return batch_.notices.push_back({private_notice, 0});
    content_ = read_content(status_.content, status_.has_quote, arena_);
    if (rules_.mode == Mode::toot) return add_toot();
    const std::span<const Text> links = links_of_status();
    if (links.empty()) return add_toot();
    const std::size_t count = rules_.mode == Mode::first_link ? 1 : links.size();
    for (const Text link : links.first(count)) add_link(link);
  }

 private:
  bool is_bookmarked() const { return list_ == List::bookmarks || status_.bookmarked == Flag::yes; }
  bool is_favourite() const { return list_ == List::favourites || status_.favourited == Flag::yes; }

  /// Source: the order that survives null and empty `url` (contract of the Status entity).
  Text url_of_toot() {
    if (is_web_address(status_.url)) return status_.url;
    if (is_web_address(status_.uri)) return status_.uri;
    if (status_.id.empty() || status_.account_name.empty()) return known(status_.uri);
    return arena_.copy(rules_.url + "/@" + std::string(status_.account_name) + "/" +
                       std::string(status_.id));
  }

  /// `@alice@social.example`; absent where the server does not tell the author.
  Text handle() {
    if (status_.account_name.empty()) return {};
    std::string handle = "@" + std::string(status_.account_name);
    if (status_.account_name.find('@') == Text::npos) handle += "@" + rules_.domain;
    return arena_.copy(handle);
  }

  void add_toot() {
    Bookmark toot = common_part();
    toot.url = url_of_toot();
    toot.kind = Kind::post;
    toot.title = title_of_toot();
    toot.description = description();
    toot.media = media();
    Post& post = arena_.make_array<Post>(1)[0];
    post.uri = known(status_.uri);
    post.author = handle();
    post.author_url = known(status_.account_url);
    post.html = status_.content;
    post.content_warning = known(status_.spoiler_text);
    post.visibility = known(status_.visibility);
    post.edited_at = parse_rfc3339(status_.edited_at);
    toot.post = &post;
    batch_.bookmarks.push_back(toot);
  }

  void add_link(Text link) {
    Bookmark bookmark = common_part();
    bookmark.url = link;
    if (status_.card.is_object() && status_.card.member("url").text(arena_) == link) {
      bookmark.title = known(common::one_line(status_.card.member("title").text(arena_), arena_));
      bookmark.description = known(status_.card.member("description").text(arena_));
    }
    std::string notes(url_of_toot());
    if (const Text author = handle(); is_present(author)) notes.append("\n").append(author);
    const Text warning = common::trimmed(status_.spoiler_text);
    if (!warning.empty()) notes.append("\n\n").append(warning);
    if (const Text text = description(); is_present(text)) notes.append("\n\n").append(text);
    bookmark.notes = arena_.copy(notes);
    batch_.bookmarks.push_back(bookmark);
  }

  Bookmark common_part() {
    Bookmark bookmark;
    bookmark.tags = tags();
    bookmark.created_at = parse_rfc3339(status_.created_at);
    bookmark.language = known(status_.language);
    bookmark.favorite = is_favourite() ? Flag::yes : status_.favourited;
    const bool is_known_favourite_only =
        rules_.has_favourites && !is_bookmarked() && status_.bookmarked == Flag::no;
    if (is_known_favourite_only) {
      const Attribute attribute{bookmarked_attribute, "false"};
      bookmark.extra = arena_.copy(std::span<const Attribute>(&attribute, 1));
    }
    Origin& origin = arena_.make_array<Origin>(1)[0];
    origin = {"mastodon", arena_.copy(std::string_view(rules_.endpoint)), known(status_.id),
              name_of(list_), raw_};
    bookmark.origin = &origin;
    return bookmark;
  }

  Text title_of_toot() {
    const Text warning = common::one_line(common::trimmed(status_.spoiler_text), arena_);
    if (!warning.empty()) return warning;
    const Text name = common::one_line(common::trimmed(status_.account_display_name), arena_);
    std::string title(name);
    if (const Text author = handle(); is_present(author)) {
      title += title.empty() ? std::string(author) : " (" + std::string(author) + ")";
    }
    Text text = content_.text.empty() ? first_description() : content_.text;
    if (!text.empty()) {
      if (!title.empty()) title += ": ";
      title += beginning_of(common::one_line(text, arena_));
    }
    return title.empty() ? Text{} : arena_.copy(title);
  }

  Text first_description() {
    Text found;
    status_.media.for_each_item([&](JsonValue item) {
      if (found.empty()) found = common::trimmed(item.member("description").text(arena_));
    });
    return found;
  }

  Text description() {
    std::string all(content_.text);
    const auto add = [&all](Text before, Text text) {
      text = common::trimmed(text);
      if (text.empty()) return;
      if (!all.empty()) all += before.starts_with("-") ? "\n" : "\n\n";
      all.append(before).append(text);
    };
    status_.media.for_each_item([&](JsonValue item) {
      const Text kind = item.member("type").text(arena_);
      const std::string label = "[" + std::string(kind.empty() ? Text("media") : kind) + "] ";
      add(label, item.member("description").text(arena_));
    });
    status_.poll.member("options").for_each_item(
        [&](JsonValue option) { add("- ", option.member("title").text(arena_)); });
    return all.empty() ? Text{} : arena_.copy(all);
  }

  /// The server's copy goes when its cache is cleared (`/media_proxy/`), the original less soon.
  std::span<const Media> media() {
    std::vector<Media> all;
    status_.media.for_each_item([&](JsonValue item) {
      const Text copy = item.member("url").text(arena_);
      const Text original = item.member("remote_url").text(arena_);
      const bool is_copy_gone = copy.empty() || copy.find("/media_proxy/") != Text::npos;
      all.push_back({known(is_copy_gone && !original.empty() ? original : copy),
                     known(item.member("type").text(arena_)),
                     known(item.member("description").text(arena_)),
                     {}});
    });
    return arena_.copy(std::span<const Media>(all));
  }

  std::span<const Text> tags() {
    std::vector<Text> all;
    const auto add = [&all](Text tag) {
      if (tag.empty() || all.size() == max_tags) return;
      if (std::ranges::find(all, tag) == all.end()) all.push_back(tag);
    };
    status_.tags.for_each_item([&](JsonValue tag) { add(tag.member("name").text(arena_)); });
    if (is_bookmarked()) add(arena_.copy(std::string_view(rules_.bookmark_tag)));
    if (is_favourite()) add(arena_.copy(std::string_view(rules_.favourite_tag)));
    return arena_.copy(std::span<const Text>(all));
  }

  /// Some servers give mentions and hashtags no class; their addresses are told beside the content.
  /// Where the content has none, the preview card may have one.
  std::span<const Text> links_of_status() {
    std::vector<Text> all(content_.links.begin(), content_.links.end());
    for (const JsonValue& others : {status_.mentions, status_.tags}) {
      others.for_each_item(
          [&](JsonValue other) { std::erase(all, other.member("url").text(arena_)); });
    }
    if (all.empty() && status_.card.is_object()) {
      const Text card = status_.card.member("url").text(arena_);
      if (is_web_address(card)) all.push_back(card);
    }
    return arena_.copy(std::span<const Text>(all));
  }

  Status status_;
  std::string_view raw_;
  List list_;
  const StatusRules& rules_;
  Batch& batch_;
  Arena& arena_;
  PlainContent content_;
};

}  // namespace

void append_bookmarks(JsonValue value, List list, const StatusRules& rules, Batch& batch) {
  Converter(value, list, rules, batch).run();
}

}  // namespace linkferry::mastodon

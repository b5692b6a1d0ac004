#include "mastodon/status_html.hpp"

#include <algorithm>
#include <string>
#include <vector>

#include "common/html_text.hpp"

namespace linkferry::mastodon {
namespace {

bool is_letter(char c) {
  const char lower = common::to_lower(c);
  return lower >= 'a' && lower <= 'z';
}

/// A tag at the front of a text.
struct Tag {
  Text name;
  Text attributes;
  bool is_end = false;
  std::size_t size = 0;  ///< with its `>`
};

/// Where the `>` is that ends a tag; one in a quoted value does not. Where a quote has no end it is
/// no quote. npos: nowhere.
std::size_t end_of_tag(Text html, std::size_t from) {
  char quote = '\0';
  for (std::size_t at = from; at < html.size(); ++at) {
    if (quote != '\0') {
      if (html[at] == quote) quote = '\0';
    } else if (html[at] == '>') {
      return at;
    } else if ((html[at] == '"' || html[at] == '\'') && html[at - 1] == '=') {
      quote = html[at];
    }
  }
  return html.find('>', from);
}

/// Nothing (size 0) where the `<` at the front begins no tag.
Tag tag_at(Text html) {
  Tag tag;
  std::size_t at = 1;
  tag.is_end = html.substr(at).starts_with('/');
  if (tag.is_end) ++at;
  if (at >= html.size() || !is_letter(html[at])) return {};
  const std::size_t name = at;
  while (at < html.size() && html[at] != '>' && html[at] != '/' && !common::is_blank(html[at]))
    ++at;
  tag.name = html.substr(name, at - name);
  const std::size_t attributes = at;
  at = end_of_tag(html, at);
  if (at == Text::npos) return {};
  tag.attributes = html.substr(attributes, at - attributes);
  tag.size = at + 1;
  return tag;
}

/// Absent where the tag has no such attribute.
Text attribute_of(Text attributes, Text wanted) {
  for (std::size_t at = 0; at < attributes.size();) {
    at = std::min(attributes.find_first_not_of(" \t\r\n\f/", at), attributes.size());
    const std::size_t end =
        std::min(attributes.find_first_of("= \t\r\n\f/", at), attributes.size());
    const Text name = attributes.substr(at, end - at);
    at = end;
    if (at >= attributes.size() || attributes[at] != '=') {
      if (name.empty()) ++at;
      continue;
    }
    const char quote = ++at < attributes.size() ? attributes[at] : ' ';
    const bool is_quoted = quote == '"' || quote == '\'';
    if (is_quoted) ++at;
    const std::size_t value_end =
        std::min(is_quoted ? attributes.find(quote, at) : attributes.find_first_of(" \t\r\n\f", at),
                 attributes.size());
    if (common::equals_lower(name, wanted)) return attributes.substr(at, value_end - at);
    at = std::min(value_end + 1, attributes.size());
  }
  return {};
}

bool has_word(Text words, Text wanted) {
  for (std::size_t at = words.find(wanted); at != Text::npos; at = words.find(wanted, at + 1)) {
    const std::size_t end = at + wanted.size();
    const bool begins = at == 0 || common::is_blank(words[at - 1]);
    if (begins && (end == words.size() || common::is_blank(words[end]))) return true;
  }
  return false;
}

bool is_one_of(Text name, std::initializer_list<Text> names) {
  return std::ranges::any_of(names, [&](Text one) { return common::equals_lower(name, one); });
}

bool is_web_address(Text url) {
  return common::starts_with_lower(url, "https://") || common::starts_with_lower(url, "http://");
}

/// Reads one content from front to back.
class Reader {
 public:
  Reader(Text html, bool drops_quote, Arena& arena)
      : rest_(html), drops_quote_(drops_quote), arena_(arena) {}

  PlainContent read() {
    while (!rest_.empty()) {
      const std::size_t end = std::min(rest_.find('<', 0), rest_.size());
      if (end > 0) add_text(rest_.substr(0, end));
      rest_.remove_prefix(end);
      if (!rest_.empty()) take_markup();
    }
    end_link();
    const Text all = common::trimmed(text_);
    return {all.empty() ? Text{} : arena_.copy(all), arena_.copy(std::span<const Text>(links_))};
  }

 private:
  void take_markup() {
    if (rest_.starts_with("<!--")) return skip_to("-->");
    const Tag tag = tag_at(rest_);
    if (tag.size == 0) {
      // Without a `>` there is no tag in all that follows: looking on at each `<` would take long.
      const std::size_t text = rest_.find('>') == Text::npos ? rest_.size() : 1;
      add_text(rest_.substr(0, text));
      return rest_.remove_prefix(text);
    }
    rest_.remove_prefix(tag.size);
    if (!tag.is_end && is_one_of(tag.name, {"script", "style"}))
      return skip_to(common::equals_lower(tag.name, "style") ? "</style>" : "</script>");
    if (common::equals_lower(tag.name, "a")) {
      end_link();
      if (!tag.is_end) begin_link(tag);
      return;
    }
    if (common::equals_lower(tag.name, "p") && !tag.is_end && drops_quote_ &&
        has_word(attribute_of(tag.attributes, "class"), "quote-inline"))
      return skip_to("</p>");
    break_line(tag);
  }

  void break_line(const Tag& tag) {
    if (common::equals_lower(tag.name, "br")) return add_raw("\n");
    if (common::equals_lower(tag.name, "pre")) is_raw_ = !tag.is_end;
    if (common::equals_lower(tag.name, "li")) {
      separate(1);
      if (!tag.is_end) add_raw("- ");
      return;
    }
    if (is_one_of(tag.name, {"p", "blockquote", "pre", "ul", "ol", "div", "h1", "h2", "h3", "h4",
                             "h5", "h6", "hr", "table", "tr"}))
      separate(2);
    if (common::equals_lower(tag.name, "img")) add_text(attribute_of(tag.attributes, "alt"));
  }

  void skip_to(Text end) {
    const std::size_t at = common::find_lower(rest_, end);
    rest_.remove_prefix(at == Text::npos ? rest_.size() : at + end.size());
  }

  /// Ends the text so far with this many line feeds; at the front there is nothing to part.
  void separate(std::size_t lines) {
    while (text_.ends_with(' ')) text_.pop_back();
    if (text_.empty() || text_.ends_with("\n- ")) return;
    std::size_t there = 0;
    while (there < lines && there < text_.size() && text_[text_.size() - 1 - there] == '\n')
      ++there;
    text_.append(lines - there, '\n');
  }

  void add_raw(Text text) {
    if (text.starts_with('\n'))
      while (text_.ends_with(' ')) text_.pop_back();
    text_ += text;
  }

  /// Blanks and line ends in a row are one blank, as in every browser.
  void add_text(Text raw) {
    const Text text = common::decode_references(raw, common::References::text, arena_);
    if (is_raw_) return add_raw(text);
    for (const char c : text) {
      const bool is_blank = common::is_blank(c);
      if (is_blank && (text_.empty() || text_.ends_with(' ') || text_.ends_with('\n'))) continue;
      text_ += is_blank ? ' ' : c;
    }
  }

  /// Source: the classes that Mastodon, GoToSocial and Pleroma give to mentions and hashtags.
  void begin_link(const Tag& tag) {
    const Text classes = attribute_of(tag.attributes, "class");
    const Text relations = attribute_of(tag.attributes, "rel");
    const Text href = common::trimmed(common::decode_references(
        attribute_of(tag.attributes, "href"), common::References::with_end, arena_));
    if (has_word(classes, "mention") || has_word(classes, "hashtag") ||
        has_word(relations, "tag") || !is_web_address(href))
      return;
    link_ = arena_.copy(href);
    link_start_ = text_.size();
  }

  /// Where what is shown is the address (whole, or cut to pieces), the address stands for it.
  void end_link() {
    if (link_.empty()) return;
    const Text link = link_;
    link_ = {};
    if (std::ranges::find(links_, link) == links_.end() && links_.size() < max_links)
      links_.push_back(link);
    const std::string shown = text_.substr(link_start_);
    const Text shown_text = common::trimmed(shown);
    const Text bare = link.substr(link.find("://") + 3);
    const Text start = shown_text.substr(0, shown_text.find("…"));
    if (shown_text.empty() || link.starts_with(start) || bare.starts_with(start)) {
      text_.resize(link_start_);
      text_ += link;
    } else {
      text_.append(" (").append(link).append(")");
    }
  }

  static constexpr std::size_t max_links = 1000;

  Text rest_;
  bool drops_quote_;
  Arena& arena_;
  std::string text_;
  std::vector<Text> links_;
  Text link_;
  std::size_t link_start_ = 0;
  bool is_raw_ = false;
};

}  // namespace

PlainContent read_content(Text html, bool drops_quote, Arena& arena) {
  if (html.empty()) return {};
  return Reader(html, drops_quote, arena).read();
}

}  // namespace linkferry::mastodon

#include "netscape/netscape_source.hpp"

#include "common/netscape_reader.hpp"

namespace linkferry::netscape {

std::unique_ptr<Source> make_source(const Settings& settings, Host& host) {
  const common::NetscapeOptions options{
      .has_blank_separated_tags = settings.text("tags_separator").value_or("comma") == "blank"};
  return std::make_unique<common::NetscapeReader>(
      host.open_file(settings.text("path").value_or("-")), options);
}

}  // namespace linkferry::netscape

#pragma once

#include <string>
#include <string_view>

namespace linkferry {

/// Appends the host of a URL (without port and userinfo) in the one form that stands for all its
/// spellings: lower case, percent-decoded, IDN to ASCII by UTS #46 (non-transitional, so that `ß`
/// stays itself). A host that ICU refuses, or in which `/`, `@`, … would appear, is put in lower
/// case and else kept. The hyphen rules do not refuse: hosts such as `r3---sn-4g5e.example` are in
/// use. Canonical once is canonical twice. Thread: any. Source: UTS #46 revision 31; "forbidden
/// domain code point" of the WHATWG URL standard (read 2026-11-22).
void append_canonical_host(std::string_view host, std::string& out);

}  // namespace linkferry

#!/usr/bin/env python3
"""A real Firefox imports what linkferry writes (netscape, dialect firefox), and its database then holds the same bookmarks,
folders and tags.

firefox_import.py PROGRAM. Exits with 77, which ctest shows as skipped, where there is no Firefox (apt install firefox-esr).
Only a new profile in a temporary folder is used. Nothing here needs the network.
"""

import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time

SKIPPED = 77
LONGEST_WAIT_S = 120

LIBRARY = [
    {"type": "folder", "path": ["Toolbar"], "role": "toolbar"},
    {"type": "folder", "path": ["Empty"]},
    {"url": "https://example.org/", "title": "At the root", "tags": ["one", "two words"],
     "created_at": "2021-03-21T14:39:19Z", "modified_at": "2022-01-01T00:00:00Z"},
    {"url": "https://example.org/?a=1&b=2&copy=3&lang=de", "title": "Ampersands & <brackets> \"quotes\" 'too'",
     "folders": [["Work", "C++ & more"]], "created_at": "2019-04-12T10:00:00Z"},
    {"url": "https://example.org/b", "title": "日本語 🚲 ü", "folders": [["Work", "C++ & more"]], "tags": ["日本", "one"],
     "created_at": "1999-12-31T23:59:59Z"},
    {"url": "https://example.org/a", "title": "Not in the order of the alphabet", "folders": [["Work"]],
     "created_at": "2020-02-29T12:00:00Z"},
    {"url": "https://example.org/keyword?q=%s", "title": "With a keyword", "keyword": "ex", "folders": [["Work"]],
     "created_at": "2020-03-01T12:00:00Z"},
    {"type": "separator", "path": ["Work"]},
    {"url": "javascript:alert('1 < 2 & 3')", "title": "A bookmarklet", "folders": [["Work"]], "created_at": "2020-03-02T12:00:00Z"},
    {"url": "https://example.org/deep", "title": "Deep", "folders": [["A", "B", "C", "D", "E"]], "created_at": "2020-03-03T12:00:00Z"},
    {"url": "https://example.org/bar", "title": "On the toolbar", "folders": [["Toolbar"]], "tags": ["bar"],
     "created_at": "2020-03-04T12:00:00Z"},
    {"url": "https://example.org/bar/sub", "title": "Below the toolbar", "folders": [["Toolbar", "Sub"]],
     "created_at": "2020-03-05T12:00:00Z"},
]


def find_firefox():
    for name in ("firefox-esr", "firefox"):
        if shutil.which(name):
            return shutil.which(name)
    return None


def write_export(program, folder):
    source = os.path.join(folder, "library.jsonl")
    with open(source, "w", encoding="utf-8") as file:
        for line in LIBRARY:
            file.write(json.dumps(line, ensure_ascii=False) + "\n")
    target = os.path.join(folder, "bookmarks.html")
    subprocess.run([program, "copy", "-q", "--match", "exact", source, "netscape:" + target + ",dialect=firefox"], check=True,
                   stdin=subprocess.DEVNULL)
    return target


def make_profile(folder, export):
    profile = os.path.join(folder, "profile")
    os.mkdir(profile)
    settings = {
        "browser.places.importBookmarksHTML": True,
        "browser.bookmarks.file": export,
        "browser.shell.checkDefaultBrowser": False,
        "browser.startup.page": 0,
        "app.update.enabled": False,
        "datareporting.policy.dataSubmissionEnabled": False,
        "network.proxy.type": 1,  # everything to a port where nobody listens
        "network.proxy.http": "127.0.0.1",
        "network.proxy.http_port": 9,
        "network.proxy.ssl": "127.0.0.1",
        "network.proxy.ssl_port": 9,
    }
    with open(os.path.join(profile, "user.js"), "w", encoding="utf-8") as file:
        for name, value in settings.items():
            file.write("user_pref(%s, %s);\n" % (json.dumps(name), json.dumps(value)))
    return profile


def query(profile, statement):
    """Asks a copy: Firefox keeps its database locked for itself, and a write-ahead log may be copied at any time."""
    with tempfile.TemporaryDirectory() as folder:
        for name in ("places.sqlite", "places.sqlite-wal"):
            if os.path.exists(os.path.join(profile, name)):
                shutil.copy(os.path.join(profile, name), folder)
        database = sqlite3.connect(os.path.join(folder, "places.sqlite"))
        try:
            return database.execute(statement).fetchall()
        finally:
            database.close()


def wait_for_import(profile, expected):
    """Until there are enough rows and their number has stood still for 2 s."""
    deadline = time.monotonic() + LONGEST_WAIT_S
    last = None
    while time.monotonic() < deadline:
        time.sleep(2)
        try:
            now = query(profile, "select count(*), max(id) from moz_bookmarks")[0]
        except sqlite3.Error:
            continue
        if now == last and now[0] >= expected:
            return True
        last = now
    return False


def import_by_firefox(firefox, folder, export, expected):
    profile = make_profile(folder, export)
    environment = dict(os.environ, HOME=folder, MOZ_CRASHREPORTER_DISABLE="1")
    with open(os.path.join(folder, "firefox.log"), "w", encoding="utf-8") as log:
        process = subprocess.Popen([firefox, "--headless", "--no-remote", "--profile", profile, "about:blank"], stdout=log,
                                   stderr=log, stdin=subprocess.DEVNULL, env=environment, start_new_session=True)
        try:
            if not wait_for_import(profile, expected):
                print("Firefox did not import the file within %d s" % LONGEST_WAIT_S)
                return None
        finally:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
    return profile


def read_places(profile):
    """Folders by path, bookmarks by path and in order, tags by address, keywords by address."""
    rows = query(profile, "select b.id, b.type, b.parent, b.position, b.title, p.url, b.dateAdded, b.guid from moz_bookmarks b"
                          " left join moz_places p on p.id = b.fk order by b.parent, b.position")
    by_id = {row[0]: row for row in rows}

    def path_of(row):
        names = []
        while row[7] not in ("menu________", "toolbar_____", "unfiled_____", "mobile______", "tags________", "root________"):
            names.insert(0, row[4])
            row = by_id[row[2]]
        return (row[7], tuple(names))

    folders, bookmarks, separators, tags = set(), [], [], {}
    for row in rows:
        root, names = path_of(row) if row[1] == 2 else path_of(by_id[row[2]])
        if root == "tags________":
            if row[1] == 1:
                tags.setdefault(row[5], set()).add(names[0])
        elif row[1] == 2:
            if names:
                folders.add((root, names))
        elif row[1] == 3:
            separators.append((root, names))
        else:
            bookmarks.append((root, names, row[4], row[5], row[6] // 1000000))
    keywords = dict(query(profile, "select p.url, k.keyword from moz_keywords k join moz_places p on p.id = k.place_id"))
    return folders, bookmarks, separators, tags, keywords


def seconds(date):
    import calendar
    return calendar.timegm(time.strptime(date, "%Y-%m-%dT%H:%M:%SZ"))


def place(path):
    """What linkferry calls the toolbar is a root of its own in Firefox."""
    return ("toolbar_____", tuple(path[1:])) if path[:1] == ["Toolbar"] else ("menu________", tuple(path))


def expected_places():
    folders, bookmarks, separators, tags, keywords = set(), [], [], {}, {}
    for line in LIBRARY:
        paths = line.get("folders", [[]]) if "url" in line else [line["path"]]
        for path in paths:
            last = len(path) + (0 if line.get("type") == "separator" else 1)
            for depth in range(1, last):
                if place(path[:depth])[1]:
                    folders.add(place(path[:depth]))
            if "url" in line:
                bookmarks.append(place(path) + (line["title"], line["url"], seconds(line["created_at"])))
            elif line["type"] == "separator":
                separators.append(place(path))
        if "tags" in line:
            tags[line["url"]] = set(line["tags"])
        if "keyword" in line:
            keywords[line["url"]] = line["keyword"]
    return folders, bookmarks, separators, tags, keywords


def by_place(bookmarks):
    """The order counts within a folder, not among folders."""
    lists = {}
    for bookmark in bookmarks:
        lists.setdefault(bookmark[:2], []).append(bookmark[2:])
    return lists


def main():
    firefox = find_firefox()
    if firefox is None:
        print("SKIPPED: there is no Firefox here (apt install firefox-esr)")
        return SKIPPED
    expected = expected_places()
    with tempfile.TemporaryDirectory(prefix="linkferry-firefox-", ignore_cleanup_errors=True) as folder:
        export = write_export(sys.argv[1], folder)
        profile = import_by_firefox(firefox, folder, export, expected=6 + len(expected[0]) + len(expected[1]))
        if profile is None:
            return 1
        found = read_places(profile)
    failures = 0
    for name, want, have in zip(("folders", "bookmarks", "separators", "tags", "keywords"), expected, found):
        if name == "bookmarks":
            want, have = by_place(want), by_place(have)
        if want != have:
            failures += 1
            print("%s differ\n  written: %r\n  Firefox has: %r" % (name, want, have))
    if failures == 0:
        print("Firefox holds all %d bookmarks, %d folders, tags and keywords" % (len(found[1]), len(found[0])))
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())

//! What the help of each verb ends with. A test parses every line of an example.

pub(super) const INIT: &str = "\
Examples:
  windsock init                a commented configuration in this folder, with its schema
  windsock init my-site        the same in another folder
  windsock init --schema       the schema again, after an update of windsock
  windsock init --workflow     a workflow that builds and publishes the site every week";

pub(super) const SAMPLE: &str = "\
Examples:
  windsock sample                          2,000 invented events into sample/
  windsock sample demo --events 20000      more of them, elsewhere
  windsock sample --events full --seed 7   as large as the real files, other events";

pub(super) const BUILD: &str = "\
Examples:
  windsock build PRE1982.zip Pre2008.zip avall.zip      everything from 1962 on, oldest first
  windsock build                                        from windsock.toml, or from the database
  windsock build avall.zip --base-url /repository/      for a GitHub project page
  windsock build avall.zip --gate none -o draft         publish whatever validation finds";

pub(super) const MIGRATE: &str = "\
Examples:
  windsock migrate avall.zip                      load, beside what is there
  windsock migrate --replace Pre2008.zip avall.zip    load instead of what is there";

pub(super) const SYNC: &str = "\
Examples:
  windsock sync up22FEB.zip                      a weekly file
  windsock sync https://example.org/avall.zip    download what is new since the last time
  windsock sync --dry-run --json avall.zip       every row that would change
  windsock sync && windsock build                the sources of windsock.toml, then the site

A download goes on where it was interrupted. The summary of the last sync is in
.windsock/sync.json, changes of all syncs in ntsb.change.";

pub(super) const VALIDATE: &str = "\
Examples:
  windsock validate                              the suites of windsock and of windsock.toml
  windsock validate --json > results.json        for scripts; exit code 4 if the data is not fit
  windsock validate --suite mine.json --gate warn    one suite, any violation counts
  windsock validate --export-suites suites       as files for Great Expectations";

pub(super) const LAKE: &str = "\
Examples:
  windsock lake                                  from the database into .windsock/lake/
  windsock lake --database-url postgresql://user@host/ntsb    from a database of yours";

pub(super) const ANALYSE: &str = "\
Examples:
  windsock analyse                               the figures of the lake
  windsock analyse --exposure hours.csv          with rates
  windsock analyse --figures mine --json         with figures of your own, printed
  windsock analyse --engine spark --master local[4]    computed by Spark";

pub(super) const TRAIN: &str = "\
Examples:
  windsock train                                 as configured, 50 trials
  windsock train --trials 10 --without phase     faster, and blind to the phase of flight
  windsock train --features full-record          also what the investigation coded";

pub(super) const MODELS: &str = "\
Examples:
  windsock models list                           runs with stage and scores
  windsock models show                           the card of the run a build shows
  windsock models promote --margin 0.005         the newest, if it is better by that much
  windsock models rollback                       the one before";

pub(super) const EMIT: &str = "\
Examples:
  windsock emit                                  the site, from what the other stages made
  windsock emit --base-url https://example.org/accidents/ -o public";

pub(super) const CHECK: &str = "\
Examples:
  windsock check                                 the site in dist/
  windsock check --base-url /repository/         as it was built for a prefix
  windsock check --format json > check.json      for scripts; exit code 5 if something is wrong";

pub(super) const SERVE: &str = "\
Examples:
  windsock serve                                 dist/ on http://127.0.0.1:4173/
  windsock serve --watch --open                  build when something changes, reload the browser
  windsock serve --watch sample/avall.mdb        the same from files named here
  windsock serve --host gzip-subpath --base-url /repository/    like GitHub Pages
  windsock serve --port 0 --listen 0.0.0.0       a free port, for other machines too

Kinds of host:
  plain          byte ranges, Brotli or gzip for text, the headers of _headers (nginx, Netlify)
  no-range       the whole file for a range, addresses without .html (Cloudflare Pages)
  gzip-subpath   gzip for everything, ranges of what is gzipped, ten minutes of cache, no _headers
                 (GitHub Pages)";

pub(super) const COMPLETIONS: &str = "\
Examples:
  windsock completions bash > ~/.local/share/bash-completion/completions/windsock
  windsock completions zsh > ~/.zfunc/_windsock
  windsock completions fish > ~/.config/fish/completions/windsock.fish";

pub(super) const POSTGRES: &str = "\
Examples:
  windsock postgres start        start it, print its connection string for psql
  windsock postgres status       whether it runs, where its data is
  windsock postgres stop         stop it
  windsock postgres remove       delete its data; the files can be loaded again";

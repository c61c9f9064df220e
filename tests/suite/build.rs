//! `windsock build` as a whole.

use std::collections::{BTreeMap, BTreeSet};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use crate::harness::{BASE, sampled, site, succeed, tree, web_dir};

#[test]
fn every_row_of_every_table_is_accounted_for() {
    let load = site().record("migrate");
    let tables = load["tables"].as_array().unwrap();
    assert_eq!(tables.len(), 40, "20 tables in each of two files");
    for table in tables {
        let count = |name: &str| table[name].as_u64().unwrap();
        let out = count("inserted") + count("updated") + count("unchanged") + count("rejected");
        assert_eq!(count("read"), out, "{table}");
        assert_eq!(count("read"), count("declared"), "{table}");
        assert_eq!(count("bad_cells"), 0, "{table}");
    }
}

#[test]
fn an_unchanged_build_runs_nothing_and_touches_nothing() {
    let before = tree(&site().dist());
    let printed = succeed(&mut site().build());
    let unchanged = printed
        .lines()
        .filter(|line| line.ends_with("(unchanged)"))
        .count();
    assert_eq!(unchanged, 6, "{printed}");
    assert_eq!(tree(&site().dist()), before);
}

#[test]
fn a_damaged_site_is_made_again() {
    let site = sampled("damaged", 60, 3);
    succeed(&mut site.build());
    let before = tree(&site.dist());
    std::fs::remove_file(site.dist().join("explore/index.html")).unwrap();
    let printed = succeed(&mut site.build());
    assert!(
        printed.contains("emit") && !printed.contains("lake      unchanged"),
        "{printed}"
    );
    assert_eq!(tree(&site.dist()), before);
}

#[test]
fn a_cluster_that_is_gone_is_loaded_again() {
    let site = sampled("reloaded", 60, 3);
    succeed(&mut site.build());
    let before = tree(&site.dist());
    succeed(site.windsock("postgres").args(["remove", "--yes"]));
    let printed = succeed(&mut site.build());
    let ran: Vec<&str> = printed
        .lines()
        .filter(|line| !line.ends_with("(unchanged)"))
        .filter_map(|line| line.split_whitespace().next())
        .collect();
    assert!(ran.contains(&"migrate"), "{printed}");
    for stage in ["validate", "lake", "analyse", "train", "emit"] {
        assert!(!ran.contains(&stage), "{printed}");
    }
    assert_eq!(tree(&site.dist()), before);
    let mut server = site.postgres();
    let events: i64 = server
        .client
        .query_one("SELECT count(*) FROM ntsb.events", &[])
        .unwrap()
        .get(0);
    assert!(events > 0, "the database holds the events again");
}

#[test]
fn the_same_input_gives_the_same_bytes() {
    let [first, second] = ["twin-a", "twin-b"].map(|name| {
        let site = sampled(name, 120, 11);
        std::fs::remove_dir_all(site.folder.join(".windsock")).ok();
        succeed(&mut site.build());
        site
    });
    assert_eq!(
        tree(&first.folder.join("sample")),
        tree(&second.folder.join("sample"))
    );
    assert_eq!(tree(&first.dist()), tree(&second.dist()));
}

#[test]
fn single_stages_make_the_site_that_build_makes() {
    let site = sampled("stages", 60, 3);
    succeed(&mut site.build());
    let whole = tree(&site.dist());
    let mut migrate = site.windsock("migrate");
    succeed(migrate.args(["--replace", "sample/Pre2008.mdb", "sample/avall.mdb"]));
    for verb in ["validate", "lake", "analyse", "train"] {
        succeed(&mut site.windsock(verb));
    }
    let mut emit = site.windsock("emit");
    succeed(emit.args(["--base-url", BASE, "--web-dir"]).arg(web_dir()));
    assert_eq!(tree(&site.dist()), whole);
}

/// Inode of every file below a folder.
fn inodes(root: &Path) -> BTreeMap<PathBuf, u64> {
    let hashes = tree(root);
    let inode = |path: &PathBuf| std::fs::metadata(root.join(path)).unwrap().ino();
    hashes
        .keys()
        .map(|path| (path.clone(), inode(path)))
        .collect()
}

#[test]
fn a_sync_changes_only_the_files_it_concerns() {
    let site = sampled("carried", 600, 5);
    std::fs::remove_dir_all(site.folder.join(".windsock")).ok();
    succeed(&mut site.build());
    let (old, before) = (tree(&site.dist()), inodes(&site.dist()));
    let old_pages = records(&site.dist());
    succeed(site.windsock("sync").arg("sample/up08JAN.mdb"));
    let mut build = site.windsock("build");
    build.args(["--base-url", BASE, "--web-dir"]).arg(web_dir());
    let printed = succeed(&mut build);
    let (new, after) = (tree(&site.dist()), inodes(&site.dist()));
    for (path, hash) in &new {
        let same = old.get(path) == Some(hash);
        let kept = before.get(path) == Some(&after[path]);
        assert_eq!(same, kept, "{}", path.display());
    }
    // The counts that are printed are those of the trees.
    let changed = new
        .iter()
        .filter(|(path, hash)| old.get(*path).is_some_and(|old| old != *hash));
    let added = new.keys().filter(|path| !old.contains_key(*path));
    let gone = old.keys().filter(|path| !new.contains_key(*path));
    let told = format!(
        "; {} new, {} changed, {} gone",
        added.count(),
        changed.count(),
        gone.count()
    );
    assert!(
        printed.replace(',', "").contains(&told.replace(',', "")),
        "{told}: {printed}"
    );
    // A record's page changes only with the record or one it names, whatever the newest date is now.
    let summary = std::fs::read(site.folder.join(".windsock/sync.json")).unwrap();
    let summary: serde_json::Value = serde_json::from_slice(&summary).unwrap();
    let changes = summary["changes"].as_array().unwrap();
    let touched: BTreeSet<&str> = changes.iter().filter_map(|c| c["ev_id"].as_str()).collect();
    let pages = records(&site.dist());
    let mut kept = 0;
    for (path, before) in old_pages
        .iter()
        .filter(|(path, _)| pages.contains_key(*path))
    {
        kept += usize::from(pages[path] == *before);
        let names_one = touched
            .iter()
            .any(|id| pages[path].contains(id) || before.contains(id));
        assert!(pages[path] == *before || names_one, "{}", path.display());
    }
    assert!(kept > 0, "every record reads differently");
}

/// The pages of events, whether those they name have a page of their own or are drawn; without
/// what the severity model makes of them, since it was trained anew.
fn records(dist: &Path) -> BTreeMap<PathBuf, String> {
    let record = |path: &PathBuf| path.starts_with("event") && path.components().count() == 3;
    tree(dist)
        .into_keys()
        .filter(record)
        .map(|path| {
            let html = std::fs::read_to_string(dist.join(&path)).unwrap();
            let html = html.replace("/event/?id=", "/event/").replace("/\"", "\"");
            let Some((before, rest)) = html.split_once("<section aria-labelledby=\"estimate\">")
            else {
                return (path, html);
            };
            let (_, after) = rest.split_once("</section>").unwrap();
            (path, format!("{before}{after}"))
        })
        .collect()
}

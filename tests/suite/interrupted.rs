//! Killing the tool at any moment leaves the last good site.

use std::process::Stdio;
use std::thread::sleep;
use std::time::{Duration, Instant};

use crate::harness::{sampled, succeed, tree, web_dir};

#[test]
fn a_killed_build_leaves_the_old_site_and_the_next_one_completes() {
    let site = sampled("killed", 600, 1);
    std::fs::remove_dir_all(site.folder.join(".windsock")).ok();
    succeed(&mut site.build());
    let old = tree(&site.dist());

    // The quality page tells of the run before, so it has to be the same one.
    let undisturbed = sampled("undisturbed", 600, 1);
    std::fs::remove_dir_all(undisturbed.folder.join(".windsock")).ok();
    succeed(&mut undisturbed.build());
    sampled("undisturbed", 600, 2);
    succeed(&mut undisturbed.build());
    let new = tree(&undisturbed.dist());
    assert_ne!(new, old);

    // Other data: every stage has to run again.
    sampled("killed", 600, 2);
    for milliseconds in [50, 200, 500, 900, 1_400, 2_000, 2_800] {
        let mut build = site.build().stdout(Stdio::null()).spawn().unwrap();
        sleep(Duration::from_millis(milliseconds));
        let finished = build.try_wait().unwrap().is_some();
        build.kill().unwrap();
        build.wait().unwrap();
        if finished {
            break;
        }
        let now = tree(&site.dist());
        assert!(
            now == old || now == new,
            "half a site after {milliseconds} ms"
        );
    }
    succeed(&mut site.build());
    assert_eq!(tree(&site.dist()), new);
    let litter: Vec<_> = std::fs::read_dir(&site.folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| name.starts_with(".dist"))
        .collect();
    assert_eq!(litter, Vec::<String>::new());
}

#[test]
fn emitting_that_is_killed_at_any_moment_leaves_one_of_two_sites() {
    let site = sampled("killed-emit", 300, 4);
    succeed(&mut site.build());
    let emit = |base_url: &str| {
        let mut emit = site.windsock("emit");
        emit.args(["--base-url", base_url, "--web-dir"])
            .arg(web_dir());
        emit.stdout(Stdio::null());
        emit
    };
    // Two sites that share files: those of the one are links to those of the other.
    let start = Instant::now();
    succeed(&mut emit("/one/"));
    let takes = start.elapsed();
    let one = tree(&site.dist());
    succeed(&mut emit("/two/"));
    let two = tree(&site.dist());
    let shared = one
        .iter()
        .filter(|(path, hash)| two.get(*path) == Some(hash));
    assert!(one != two && shared.count() > 20);
    for moment in 0..12_u32 {
        let mut process = emit(if moment % 2 == 0 { "/one/" } else { "/two/" })
            .spawn()
            .unwrap();
        sleep(takes * (2 * moment + 1) / 24);
        process.kill().unwrap();
        process.wait().unwrap();
        let now = tree(&site.dist());
        assert!(now == one || now == two, "half a site at moment {moment}");
    }
    succeed(&mut emit("/one/"));
    assert!(tree(&site.dist()) == one);
}

#[test]
fn a_killed_lake_leaves_the_old_one_and_nothing_else() {
    let site = sampled("killed-lake", 400, 5);
    succeed(&mut site.build());
    let work = site.folder.join(".windsock");
    let names = || -> Vec<_> {
        let entries = std::fs::read_dir(&work).unwrap();
        let mut names: Vec<_> = entries.map(|entry| entry.unwrap().file_name()).collect();
        names.sort();
        names
    };
    let (old, before) = (tree(&work.join("lake")), names());
    // The figures are kept with the lake they were computed from, so a new lake has none yet.
    let mut new = old.clone();
    new.retain(|path, _| !path.starts_with("figures"));
    assert!(new.len() < old.len());
    for milliseconds in [50, 100, 300, 600, 1_000, 1_500, 2_200] {
        let mut lake = site.windsock("lake").stdout(Stdio::null()).spawn().unwrap();
        sleep(Duration::from_millis(milliseconds));
        lake.kill().unwrap();
        lake.wait().unwrap();
        // A fast machine has the new one in place by then, and builds it once more.
        let now = tree(&work.join("lake"));
        assert!(
            now == old || now == new,
            "half a lake after {milliseconds} ms"
        );
    }
    succeed(&mut site.windsock("lake"));
    assert!(tree(&work.join("lake")) == new);
    succeed(&mut site.windsock("analyse"));
    assert!(tree(&work.join("lake")) == old);
    assert_eq!(names(), before);
}

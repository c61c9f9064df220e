use super::*;

#[test]
fn the_command_line_is_consistent() {
    Cli::command().debug_assert();
}

#[test]
fn every_verb_teaches_with_examples_that_can_be_typed() {
    for verb in Cli::command().get_subcommands() {
        let name = verb.get_name();
        let help = verb
            .get_after_help()
            .map(ToString::to_string)
            .unwrap_or_default();
        let typed: Vec<&str> = help
            .lines()
            .filter_map(|line| line.strip_prefix("  windsock "))
            .collect();
        assert!(!typed.is_empty(), "windsock {name} --help has no example");
        for line in typed {
            // The explanation stands behind two blanks; a second command is not ours.
            let line = line.split("  ").next().unwrap();
            let line = line.split(['|', '>', '&']).next().unwrap();
            let words = std::iter::once("windsock").chain(line.split_whitespace());
            if let Err(error) = Cli::try_parse_from(words) {
                panic!("windsock {line}: {error}");
            }
        }
    }
}

#[test]
fn sample_sizes_have_names() {
    assert_eq!(sample_events("full"), Ok(93_360));
    assert_eq!(sample_events("10x-full"), Ok(933_600));
    assert_eq!(sample_events("20"), Ok(20));
    for wrong in ["19", "1000001", "-5", "half"] {
        sample_events(wrong).unwrap_err();
    }
}

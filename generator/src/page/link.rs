//! Links into the explore page: every number leads to the events behind it.

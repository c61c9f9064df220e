//! What a server must be like, whoever runs it.

use anyhow::{Result, bail};
use postgres::Client;

use super::binaries::OLDEST;

/// Says what to install where a server is too old or lacks PostGIS.
pub(super) fn check(client: &mut Client) -> Result<()> {
    let row = client.query_one(
        "SELECT current_setting('server_version_num')::integer / 10000,
                EXISTS (SELECT FROM pg_available_extensions WHERE name = 'postgis')",
        &[],
    )?;
    let (version, has_postgis): (i32, bool) = (row.get(0), row.get(1));
    refuse(u32::try_from(version)?, has_postgis)
}

fn refuse(version: u32, has_postgis: bool) -> Result<()> {
    if version < OLDEST {
        bail!("the server is PostgreSQL {version}: windsock needs {OLDEST} or newer");
    }
    if !has_postgis {
        bail!(
            "the server has no PostGIS: install it there, on Debian with `apt-get install \
             postgresql-{version}-postgis-3`"
        );
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::refuse;

    #[test]
    fn what_a_server_lacks_is_named() {
        assert!(refuse(15, true).is_ok());
        let old = refuse(14, true).unwrap_err().to_string();
        assert!(old.contains("PostgreSQL 14") && old.contains("15"), "{old}");
        let bare = refuse(17, false).unwrap_err().to_string();
        assert!(bare.contains("postgresql-17-postgis-3"), "{bare}");
    }
}

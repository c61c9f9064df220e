// Cargo.toml: bytes = "1", parquet = "58", serde_json = "1", ureq = "3"
use parquet::file::reader::{FileReader, SerializedFileReader};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let get = |path: &str| -> Result<Vec<u8>, ureq::Error> {
        ureq::get(format!("{{ base }}{path}")).call()?.body_mut().read_to_vec()
    };
    let index: serde_json::Value = serde_json::from_slice(&get("manifest.json")?)?;
    let path = index["tables"]["explore"]["manifest"]["path"].as_str().unwrap_or_default();
    let table: serde_json::Value = serde_json::from_slice(&get(path)?)?;
    let mut rows = 0;
    for file in table["files"].as_array().into_iter().flatten() {
        let bytes = get(file["path"].as_str().unwrap_or_default())?;
        rows += SerializedFileReader::new(bytes::Bytes::from(bytes))?.metadata().file_metadata().num_rows();
    }
    println!("{rows} aircraft");
    Ok(())
}

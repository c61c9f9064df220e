library(arrow)
library(jsonlite)

base <- "{{ base }}"
load <- function(path) fromJSON(paste0(base, path))

table <- load(load("manifest.json")$tables$explore$manifest$path)
read <- function(path) {
  file <- tempfile(fileext = ".parquet")
  download.file(paste0(base, path), file, mode = "wb", quiet = TRUE)
  read_parquet(file)
}
explore <- do.call(rbind, lapply(table$files$path, read))
accidents <- subset(explore, aircraft_no == 1 & ev_type == "ACC")
print(table(accidents$ev_year))

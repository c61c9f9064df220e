import bisect, gzip, json, urllib.request

base = "{{ base }}events/"
get = lambda path: urllib.request.urlopen(base + path).read()
buckets = json.loads(get("manifest.json"))["buckets"]
first = [key for key, _ in buckets]
name = buckets[bisect.bisect_right(first, "{{ example }}") - 1][1]
record = json.loads(gzip.decompress(get(f"{name}.json.gz")))["{{ example }}"]
print(record["title"])

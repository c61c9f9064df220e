// An address without a page may name an event or a registration that the browser can draw.
const { event, tail } = document.getElementById("lost").dataset;

/** The one part that follows a folder of the site; nothing if there is more or less. */
function named(folder) {
  const path = decodeURIComponent(location.pathname);
  if (!path.startsWith(folder)) return undefined;
  const [name, ...more] = path.slice(folder.length).split("/").filter((part) => part !== "");
  return more.length === 0 && /^[\w-]{2,20}$/.test(name ?? "") ? name : undefined;
}

for (const [folder, parameter] of [[event, "id"], [tail, "n"]]) {
  const name = named(folder);
  if (name) location.replace(`${folder}?${parameter}=${encodeURIComponent(name)}`);
}

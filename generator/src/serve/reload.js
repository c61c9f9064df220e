// Added to pages by `windsock serve --watch` only: reloads them when the site has changed, and says
// so when building it failed.
const address = new URL("state", import.meta.url);
let version;
let site;

function tell(error) {
  const id = "windsock-build-failed";
  document.getElementById(id)?.remove();
  if (!error) return;
  const box = document.createElement("pre");
  box.id = id;
  box.setAttribute("role", "alert");
  box.textContent = `The build failed; this is the site before.\n\n${error}`;
  // Set by script, which the policy of the pages allows; a style attribute it would refuse.
  Object.assign(box.style, {
    position: "fixed",
    inset: "auto 0 0 0",
    zIndex: "1000",
    margin: "0",
    padding: "1em",
    maxHeight: "50vh",
    overflow: "auto",
    whiteSpace: "pre-wrap",
    background: "#7a0016",
    color: "#fff",
  });
  document.body.append(box);
}

async function follow() {
  for (;;) {
    try {
      if (version !== undefined) address.searchParams.set("after", version);
      const response = await fetch(address, { cache: "no-store" });
      const now = await response.json();
      tell(now.error);
      if (site !== undefined && now.site !== site) return location.reload();
      ({ version, site } = now);
    } catch {
      // The server is gone, perhaps only to come back.
      await new Promise((resolve) => setTimeout(resolve, 1000));
    }
  }
}

follow();

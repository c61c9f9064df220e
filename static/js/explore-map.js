// The map of the explore page: the events of a state, asked of the worker.
import { SEVERITIES } from "./map-bins.js";
import { PointMap } from "./map.js";
import { meaning } from "./filters.js";

/** @import { Labels, State } from "./filters.js" */

const number = new Intl.NumberFormat("en-US");

/** What tells one source from another: the filter, wherever it is looked at. */
const filterOf = ({ chosen, groups, from, to, q, text }) => ({ chosen, groups, from, to, q, text, area: null });

export class ExploreMap {
  /**
   * @param {HTMLElement} root
   * @param {object} page
   * @param {import("./client.js").Client} page.client
   * @param {Record<string, string>} page.addresses module, lake, outlines.
   * @param {Labels} page.labels
   * @param {(at: object, area: object) => void} page.onView
   */
  constructor(root, page) {
    this.root = root;
    this.page = page;
  }

  /** Shows the events of a state, or of what it is compared with. */
  show(/** @type {State} */ state) {
    const filter = filterOf(state);
    const key = JSON.stringify(filter);
    const at = JSON.stringify(state.at);
    const isSame = key === this.key;
    // The map itself moves first and the link follows: then it is where the link says already.
    if (isSame && at === this.at) return;
    [this.key, this.at] = [key, at];
    const source = isSame ? this.source : (this.source = this.#source(filter));
    if (this.map) return this.map.show(source, state.at);
    const { outlines } = this.page.addresses;
    this.map = new PointMap(this.root, { outlines, source, label: "Map of the events under the chosen filters",
      onView: (position, area) => {
        this.at = JSON.stringify(position);
        this.page.onView(position, area);
      } });
    return this.map.show(source, state.at);
  }

  /** What is seen, once there is a map. */
  get area() {
    return this.map?.area;
  }

  get position() {
    return this.map?.position;
  }

  #source(state) {
    const { client, addresses, labels } = this.page;
    const { module, lake } = addresses;
    let newest = 0;
    const ask = (what, rest) => client.call("map", { module, lake, what, state, ...rest });
    const source = {
      note: "",
      async marks(seen, drawn, zoom) {
        const mine = ++newest;
        const marks = await ask("marks", { seen, drawn, zoom });
        if (mine !== newest) return null;
        const without = marks.all - marks.total;
        source.note = without > 0 ? `${number.format(without)} more have no position; before 1982 none was recorded.` : "";
        return marks;
      },
      around: () => ask("around"),
      async list(area, limit) {
        const { total, rows } = await client.call("map", { module, lake, what: "list", state: { ...state, area }, limit });
        const items = rows.map(([id, ntsb, date, city, region, make, model, injury]) => {
          const known = SEVERITIES.indexOf(injury);
          const place = [city, region].filter(Boolean).join(", ");
          const craft = [make, model].filter(Boolean).join(" ");
          return {
            href: `../event/?id=${encodeURIComponent(id)}`,
            text: [`${date} ${ntsb ?? id}`, place, craft, meaning(labels, "ev_highest_injury", injury).toLowerCase()]
              .filter(Boolean).join(" · "),
            severity: known < 0 ? SEVERITIES.length : known,
          };
        });
        return { total, items };
      },
    };
    return source;
  }
}

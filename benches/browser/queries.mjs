// The questions of the race: as a query of windsock's and as SQL a practised hand would write.
// `tables` are those the SQL reads. Rows come in one order and with the same columns from both.

const once = { column: "fatalities", once_per: "ev_id" };
const list = ["ev_date", "ntsb_no", "ev_city", "ev_state", "acft_make", "acft_model", "fatalities"];
const year = { eq: { column: "ev_year", value: 2003 } };

export const facets = [
  "ev_type", "ev_year", "ev_month", "ev_dow", "ev_hour", "ev_country", "ev_state", "acft_make",
  "acft_category", "homebuilt", "eng_type", "far_part", "type_fly", "pilot_cert", "damage",
  "light_cond", "wx_cond_basic", "phase", "occurrence", "cictt_code", "cause_category",
  "ev_highest_injury",
];

export const queries = [
  {
    name: "count",
    tables: ["explore"],
    query: { measures: ["rows", { distinct: "ev_id" }] },
    sql: ["SELECT count(*), count(DISTINCT ev_id) FROM explore"],
  },
  {
    name: "filter year and state",
    tables: ["explore"],
    query: {
      filter: { and: [year, { eq: { column: "ev_state", value: "CA" } }] },
      select: list,
      sort: [{ by: "ev_date", desc: true }, { by: "ntsb_no" }, { by: "acft_model" }],
      limit: 50,
    },
    sql: [
      `SELECT ev_date::VARCHAR AS day, ${list.slice(1)} FROM explore WHERE ev_year = 2003 AND ev_state = 'CA'
       ORDER BY ev_date DESC, ntsb_no, acft_model NULLS LAST LIMIT 50`,
    ],
  },
  {
    name: "trend by year",
    tables: ["explore"],
    query: { group: ["ev_year"], measures: [{ distinct: "ev_id" }, { sum: once }] },
    sql: [
      `SELECT ev_year, count(*), sum(deaths) FROM
       (SELECT ev_year, ev_id, max(fatalities) AS deaths FROM explore GROUP BY 1, 2)
       GROUP BY ev_year ORDER BY ev_year NULLS LAST`,
    ],
  },
  {
    name: "top makes",
    tables: ["explore"],
    query: {
      group: ["acft_make"],
      measures: [{ distinct: "ev_id" }],
      sort: [{ by: "distinct_ev_id", desc: true }],
      limit: 20,
    },
    sql: [
      `SELECT acft_make, count(DISTINCT ev_id) AS n FROM explore GROUP BY 1
       ORDER BY n DESC, acft_make NULLS LAST LIMIT 20`,
    ],
  },
  {
    name: "cross-tab",
    tables: ["explore"],
    query: { group: ["phase", "ev_highest_injury"], measures: [{ distinct: "ev_id" }] },
    sql: [
      `SELECT phase, ev_highest_injury, count(DISTINCT ev_id) FROM explore GROUP BY 1, 2
       ORDER BY phase NULLS LAST, ev_highest_injury NULLS LAST`,
    ],
  },
  {
    name: "median hours",
    tables: ["explore"],
    query: {
      group: ["pilot_cert"],
      measures: ["rows", { quantile: { column: "pilot_hours", percent: 50 } }],
    },
    sql: [
      `SELECT pilot_cert, count(*), quantile_cont(pilot_hours, 0.5) FROM explore GROUP BY 1
       ORDER BY pilot_cert NULLS LAST`,
    ],
  },
  {
    name: "words in narratives",
    tables: ["explore", "narratives"],
    query: {
      filter: {
        exists: {
          table: "narratives",
          filter: {
            or: [
              { contains: { column: "narr_accp", text: "carburetor" } },
              { contains: { column: "narr_cause", text: "carburetor" } },
            ],
          },
        },
      },
      group: ["ev_year"],
      measures: [{ distinct: "ev_id" }],
    },
    sql: [
      `SELECT ev_year, count(DISTINCT ev_id) FROM explore WHERE ev_id IN
       (SELECT ev_id FROM narratives
        WHERE narr_accp ILIKE '%carburetor%' OR narr_cause ILIKE '%carburetor%')
       GROUP BY 1 ORDER BY 1 NULLS LAST`,
    ],
  },
  {
    name: "cause of the aircraft",
    tables: ["explore", "causes"],
    query: {
      filter: {
        exists: {
          table: "causes",
          on: ["ev_id", "aircraft_key"],
          filter: { contains: { column: "category", text: "environment" } },
        },
      },
      group: ["acft_category"],
      measures: [{ distinct: "ev_id" }],
    },
    sql: [
      `SELECT acft_category, count(DISTINCT ev_id) FROM explore WHERE (ev_id, aircraft_key) IN
       (SELECT (ev_id, aircraft_key) FROM causes WHERE category ILIKE '%environment%')
       GROUP BY 1 ORDER BY 1 NULLS LAST`,
    ],
  },
  {
    name: "map points",
    tables: ["explore"],
    numbers: true,
    query: {
      filter: { not: { null: "latitude" } },
      select: ["latitude", "longitude"],
      sort: [],
    },
    sql: ["SELECT latitude, longitude FROM explore WHERE latitude IS NOT NULL"],
  },
  {
    name: "all facets",
    tables: ["explore"],
    query: {
      filter: { range: { column: "fatalities", min: 1 } },
      facets: facets.map((column) => ({ column, limit: 200 })),
    },
    sql: facets.map(
      (column) =>
        `SELECT ${column}, count(DISTINCT ev_id) AS n FROM explore WHERE fatalities >= 1
         GROUP BY 1 ORDER BY n DESC, ${column} NULLS LAST LIMIT 200`,
    ),
  },
];

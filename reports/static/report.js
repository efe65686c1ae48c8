"use strict";
// Sorting and filtering of the tables of findings. Without this script, and without JavaScript, every row still stands.
(() => {
  const tools = document.querySelector(".tools");
  if (!tools || !window.DataTable) return;
  const words = tools.dataset;
  const language = document.documentElement.lang;
  const count = new Intl.NumberFormat(language);
  const collator = new Intl.Collator(language, { numeric: true });
  const shownOf = (shown, all) =>
    shown ? words.shown.replace("{shown}", count.format(shown)).replace("{all}", count.format(all)) : words.none;

  // What was filtered is said to a screen reader once the typing pauses.
  const status = document.getElementById("told");
  let waiting;
  const tell = (text) => {
    clearTimeout(waiting);
    waiting = setTimeout(() => { status.textContent = text; }, 400);
  };

  // One table: sorted and filtered by the table library.
  DataTable.type("words", {
    order: { asc: (one, other) => collator.compare(one, other), desc: (one, other) => collator.compare(other, one) },
  });
  const enliven = (holder) => {
    const table = new DataTable(holder.querySelector("table.findings"), {
      autoWidth: false,
      columnDefs: [{ targets: "_all", type: "words" }],
      info: false,
      language: {
        aria: { orderable: words.sort, orderableReverse: words.reverse, orderableRemove: words.remove },
        emptyTable: words.none,
        zeroRecords: words.none,
      },
      layout: { topStart: null, topEnd: null, bottomStart: null, bottomEnd: null },
      order: [],
      orderClasses: false,
      paging: false,
    });
    const input = holder.querySelector(".filter input");
    if (!input) return;
    const shown = holder.querySelector(".filter .shown");
    const filter = () => {
      table.search(input.value).draw();
      shown.textContent = input.value.trim() ? shownOf(table.rows({ search: "applied" }).count(), table.rows().count()) : "";
    };
    input.addEventListener("input", () => { filter(); tell(shown.textContent); });
    if (input.value) filter();
  };

  // All tables at once: rows without the words are hidden, and so is a check without any row left.
  const parts = [...document.querySelectorAll(".check")].map((part) => ({
    part,
    rows: [...part.querySelectorAll("table.findings > tbody > tr")].map((row) => ({ row, text: "" })),
  }));
  const all = parts.reduce((sum, { rows }) => sum + rows.length, 0);
  const everywhere = document.getElementById("filter-all");
  everywhere.addEventListener("input", () => {
    const asked = everywhere.value.toLocaleLowerCase(language).split(/\s+/).filter(Boolean);
    let shown = 0;
    for (const { part, rows } of parts) {
      let here = 0;
      for (const entry of rows) {
        entry.text ||= entry.row.textContent.toLocaleLowerCase(language);
        const kept = asked.every((word) => entry.text.includes(word));
        if (entry.row.hidden === kept) entry.row.hidden = !kept;
        here += kept ? 1 : 0;
      }
      if (part.hidden === here > 0) part.hidden = here === 0;
      shown += here;
    }
    const text = asked.length ? shownOf(shown, all) : "";
    document.getElementById("shown-all").textContent = text;
    tell(text);
  });

  tools.hidden = false;
  for (const line of document.querySelectorAll(".filter")) line.hidden = false;
  // The page is shown first; then the tables come alive one by one.
  const holders = [...document.querySelectorAll(".rows")];
  const next = () => {
    const holder = holders.shift();
    if (!holder) return;
    enliven(holder);
    setTimeout(next);
  };
  requestAnimationFrame(() => setTimeout(next));
})();

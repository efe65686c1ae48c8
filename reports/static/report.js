"use strict";
// Sorting and filtering of the tables of findings. Without this script, and without JavaScript, every row still stands.
(() => {
  const tools = document.querySelector(".tools");
  if (!tools || !window.DataTable) return;
  const words = tools.dataset;
  const language = document.documentElement.lang;
  const count = new Intl.NumberFormat(language);
  const collator = new Intl.Collator(language, { numeric: true });
  const said = document.getElementById("told");
  const everywhere = document.getElementById("filter-all");

  const shownOf = (shown, all) =>
    shown ? words.shown.replace("{shown}", count.format(shown)).replace("{all}", count.format(all)) : words.none;

  let waiting;
  const tell = (text) => {
    clearTimeout(waiting);
    waiting = setTimeout(() => { said.textContent = text; }, 400);
  };

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
    const own = { table, all: table.rows().count(), part: holder.closest(".check"), here: "", shown: null };
    if (own.all > 5) {
      const label = document.createElement("label");
      const input = document.createElement("input");
      own.shown = document.createElement("p");
      own.shown.className = "shown";
      input.type = "search";
      input.autocomplete = "off";
      input.id = `filter-${holder.dataset.check}`;
      label.htmlFor = input.id;
      label.textContent = words.filter.replace("{id}", holder.dataset.check);
      const line = document.createElement("div");
      line.className = "filter";
      line.append(label, input, own.shown);
      holder.prepend(line);
      input.addEventListener("input", () => {
        own.here = input.value;
        filter(own);
        tell(own.shown.textContent);
      });
    }
    return own;
  };

  const filter = (own) => {
    const asked = `${everywhere.value} ${own.here}`.trim();
    own.table.search(asked).draw();
    const shown = own.table.rows({ search: "applied" }).count();
    if (own.shown) own.shown.textContent = asked ? shownOf(shown, own.all) : "";
    own.part.hidden = Boolean(everywhere.value.trim()) && !shown && !own.here;
    return shown;
  };

  const tables = [...document.querySelectorAll(".rows")].map(enliven);
  const all = tables.reduce((sum, own) => sum + own.all, 0);

  everywhere.addEventListener("input", () => {
    const shown = tables.reduce((sum, own) => sum + filter(own), 0);
    const text = everywhere.value.trim() ? shownOf(shown, all) : "";
    document.getElementById("shown-all").textContent = text;
    tell(text);
  });
  tools.hidden = false;
})();

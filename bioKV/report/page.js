"use strict"
// A point that is chosen, in a plot or in the list, shows its trials; a recorded trial, its spikes and its recalls.
window.report = (() => {
  const runs = JSON.parse(document.getElementById("data").textContent).runs
  const of = (run, what) => document.querySelector(`article[data-run="${run}"] ${what}`)
  const raster = run => Bokeh.documents.map(one => one.get_model_by_name(`run-${run + 1}-raster`)).find(one => one)

  // texts come from files: they are put in as text, never as HTML
  function cell(row, kind, text) {
    const made = row.appendChild(document.createElement(kind))
    made.textContent = text
    return made
  }

  function fill(table, columns, rows) {
    table.replaceChildren()
    const head = table.createTHead().insertRow()
    for (const column of columns) cell(head, "th", column).scope = "col"
    const body = table.createTBody()
    for (const values of rows) {
      const row = body.insertRow()
      for (const value of values) {
        if (value instanceof Node) { cell(row, "td", "").append(value); continue }
        const made = cell(row, "td", value ?? "-")
        if (/^(-|[+-]?[\d.]+)$/.test(made.textContent)) made.className = "n"
      }
    }
  }

  function choose(run, number) {
    const point = runs[run].points[number]
    if (!point) return
    of(run, ".point").value = number
    const recorded = Object.keys(point.recorded).length > 0
    const rows = point.trials.map((trial, i) => {
      const row = [trial, ...point.values.map(values => values[i]?.toFixed(4) ?? null)]
      if (!recorded) return row
      if (!(trial in point.recorded)) return [...row, ""]
      const button = document.createElement("button")
      button.type = "button"
      button.textContent = "show its spikes"
      button.addEventListener("click", () => {
        record(run, point.recorded[trial])
        of(run, ".controls").scrollIntoView({behavior: "smooth"})
      })
      return [...row, button]
    })
    fill(of(run, ".trials"), ["trial", ...point.columns, ...(recorded ? ["spikes"] : [])], rows)
    if (recorded) record(run, Object.values(point.recorded)[0])
  }

  function record(run, number) {
    const {windows, items} = runs[run]
    of(run, ".recorded").value = number
    const shown = of(run, ".window")
    shown.replaceChildren(new Option("all presentations", ""), ...windows[number].map((one, i) => new Option(one[0], i)))
    fill(of(run, ".recalls"), ["recall", "presentations since", "right in spikes", "right in rate", "votes", "outcome"], items[number])
    const figure = raster(run)
    if (figure && (figure.tags[0] ?? 0) !== number) figure.tags = [number]
  }

  function look(run, from, to) {
    const {x_range} = raster(run)
    x_range.setv({start: from, end: to})
  }

  function move(run, way) {
    const {start, end} = raster(run).x_range, span = end - start
    const by = {in: [0.25, -0.25], out: [-0.5, 0.5], left: [-0.5, -0.5], right: [0.5, 0.5]}[way]
    look(run, start + by[0] * span, end + by[1] * span)
  }

  runs.forEach((data, run) => {
    of(run, ".point").addEventListener("change", event => choose(run, Number(event.target.value)))
    if (data.recorded.length) {
      of(run, ".recorded").addEventListener("change", event => record(run, Number(event.target.value)))
      of(run, ".window").addEventListener("change", event => {
        const all = data.windows[Number(of(run, ".recorded").value)], chosen = event.target.value
        const [from, to] = chosen === "" ? [all[0], all[all.length - 1]] : [all[chosen], all[chosen]]
        look(run, from[1], to[2])
      })
      for (const button of document.querySelectorAll(`article[data-run="${run}"] [data-move]`))
        button.addEventListener("click", () => move(run, button.dataset.move))
      record(run, 0)
    }
    choose(run, 0)
  })

  for (const button of document.querySelectorAll(".copy")) button.addEventListener("click", async () => {
    const text = button.previousElementSibling
    try { await navigator.clipboard.writeText(text.textContent); button.textContent = "Copied" }
    catch { getSelection().selectAllChildren(text); button.textContent = "Selected" }
    setTimeout(() => { button.textContent = "Copy" }, 1500)
  })

  // on paper everything is unfolded, and plots, which have the size of the window, shrink to the width of a page
  const plots = document.querySelectorAll(".plots, .plot:not(.plots .plot)"), paper = 690
  addEventListener("beforeprint", () => {
    for (const one of document.querySelectorAll("details")) one.open = true
    for (const one of plots) one.style.zoom = Math.min(1, paper / one.clientWidth)
  })
  addEventListener("afterprint", () => { for (const one of plots) one.style.zoom = "" })

  addEventListener("load", () => {
    for (const figure of Bokeh.documents.flatMap(one => one.roots())) {
      // a finger scrolls the page past a plot; the tools above the plot are there for who wants to zoom
      if (matchMedia("(pointer: coarse)").matches) figure.toolbar.active_drag = null
      if (innerWidth < 600) for (const axis of figure.below) if ("desired_num_ticks" in axis.ticker) axis.ticker.desired_num_ticks = 4
    }
  })
  return {choose}
})()

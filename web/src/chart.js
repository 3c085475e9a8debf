// <kg-chart>: some columns of a table of the page, drawn by ECharts. The table stays: it says the same, exactly.
// https://echarts.apache.org/handbook/en/basics/import

import { BarChart, LineChart } from "echarts/charts";
import { AriaComponent, GridComponent, LegendComponent, TooltipComponent } from "echarts/components";
import { init, use } from "echarts/core";
import { LabelLayout } from "echarts/features";
import { CanvasRenderer } from "echarts/renderers";
import { make } from "./elements.js";

use([BarChart, LineChart, AriaComponent, GridComponent, LegendComponent, TooltipComponent, LabelLayout, CanvasRenderer]);

/** Colours that colour-blind eyes tell apart, on light and on dark. */
const COLOURS = ["#1b7f6b", "#c46a00", "#5b6ec7", "#b04a83", "#7a8a1e"];

class KgChart extends HTMLElement {
  connectedCallback() {
    const table = document.getElementById(this.dataset.table);
    if (this.chart || !table) return;
    this.stage = make("div", { class: "stage", role: "img", "aria-label": this.dataset.name });
    this.append(this.stage);
    this.chart = init(this.stage, null, { renderer: "canvas" });
    this.draw(table);
    this.observer = new ResizeObserver(() => this.chart.resize());
    this.observer.observe(this.stage);
    this.scheme = matchMedia("(prefers-color-scheme: dark)");
    this.redraw = () => this.draw(table);
    this.scheme.addEventListener("change", this.redraw);
  }

  disconnectedCallback() {
    this.observer?.disconnect();
    this.scheme?.removeEventListener("change", this.redraw);
    this.chart?.dispose();
    this.chart = null;
    this.stage?.remove();
  }

  draw(table) {
    const names = [...table.tHead.rows[0].cells].map((cell) => cell.textContent.trim());
    const rows = [...table.tBodies[0].rows];
    const labels = this.dataset.labels.split(" ").map(Number), values = this.dataset.values.split(" ").map(Number);
    const time = this.hasAttribute("data-time"), own = getComputedStyle(this);
    const ink = own.getPropertyValue("--ink").trim(), line = own.getPropertyValue("--line").trim();
    const text = { color: ink, fontFamily: own.fontFamily, fontSize: 12 };
    const categories = rows.map((row) => labels.map((column) => row.cells[column].textContent.trim()).join(" · "));
    const axis = { axisLabel: { ...text, width: 220, overflow: "truncate" }, axisLine: { lineStyle: { color: line } }, splitLine: { lineStyle: { color: line } } };
    const named = { type: "category", data: categories, ...axis, inverse: !time };
    const counted = { type: "value", ...axis };
    if (!time) this.stage.style.height = `${Math.max(9, 4 + rows.length * values.length * 1.3)}rem`;
    this.chart.resize();
    this.chart.setOption({
      color: COLOURS, textStyle: text, animation: false, aria: { enabled: true, decal: { show: values.length > 1 } },
      grid: { left: 12, right: 28, top: values.length > 1 ? 44 : 16, bottom: 12, containLabel: true },
      // Drawn on the canvas: a tooltip of HTML would have styles of its own, which the page's policy forbids.
      tooltip: { trigger: "axis", renderMode: "richText", confine: true },
      legend: values.length > 1 ? { textStyle: text, top: 8 } : undefined,
      xAxis: time ? named : counted, yAxis: time ? counted : named,
      series: values.map((column) => ({
        name: names[column], type: time ? "line" : "bar", barMaxWidth: 22, symbolSize: 8,
        data: rows.map((row) => row.cells[column].textContent.trim()).map((cell) => (cell === "" ? null : Number(cell))),
      })),
    }, true);
  }
}

customElements.define("kg-chart", KgChart);

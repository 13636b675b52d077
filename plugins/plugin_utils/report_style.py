# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How the page of a report looks: in light, in the dark and in print. Data.

Private to this collection.
"""

from __future__ import annotations

_LIGHT = """
  color-scheme: light;
  --back: #f5f7fa; --card: #ffffff; --text: #1b2430; --soft: #566375; --line: #dce2ea; --grid: #e9edf2;
  --succeeded: #18794e; --failed: #c4231c; --running: #1d5fd1; --pending: #5b6675; --unknown: #8a5a00;
  --succeeded-soft: #e5f5ec; --failed-soft: #fdebea; --running-soft: #e8f0fe; --unknown-soft: #fff4dc;
"""
_DARK = """
  color-scheme: dark;
  --back: #10151c; --card: #18202a; --text: #e7ecf2; --soft: #a2afbf; --line: #2e3a48; --grid: #243040;
  --succeeded: #4cc38a; --failed: #ff8078; --running: #78b0ff; --pending: #a2afbf; --unknown: #e9b949;
  --succeeded-soft: #12291f; --failed-soft: #341a1b; --running-soft: #14253f; --unknown-soft: #2f2611;
"""
_PAGE = """
* { box-sizing: border-box; }
body { margin: 0; background: var(--back); color: var(--text);
  font: 15px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "DejaVu Sans", sans-serif; }
.page { max-width: 72rem; margin: 0 auto; padding: 1.5rem clamp(.75rem, 3vw, 2rem) 3rem; }
h1, h2, p, ul, dl, dd { margin: 0; padding: 0; }
ul { list-style: none; }
code { font: .9em ui-monospace, "SFMono-Regular", Menlo, Consolas, "DejaVu Sans Mono", monospace; }
.soft { color: var(--soft); }
.cut { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
.icon { width: 1.15em; height: 1.15em; flex: none; vertical-align: -.2em; }

.mark { fill: none; stroke: var(--card); stroke-width: 2.3; }
.ring { fill: none; stroke: currentColor; stroke-width: 2.2; }
.disc { fill: currentColor; }
.succeeded { color: var(--succeeded); } .failed { color: var(--failed); } .running { color: var(--running); }
.pending { color: var(--pending); } .unknown { color: var(--unknown); }

.top { display: flex; flex-wrap: wrap; justify-content: space-between; gap: .25rem 1.5rem; margin-bottom: .75rem; }
.top strong { font-weight: 600; }
.banner { background: var(--card); border: 1px solid var(--line); border-left: .4rem solid currentColor;
  border-radius: .6rem; padding: 1.1rem 1.35rem 1.2rem; }
.banner h1 { font-size: 1.75rem; line-height: 1.25; font-weight: 650; display: flex; gap: .6rem; align-items: center; }
.banner p { color: var(--text); margin-top: .4rem; max-width: 62rem; overflow-wrap: anywhere; }
.counts { display: flex; flex-wrap: wrap; gap: .35rem 1.6rem; margin-top: .9rem; }
.counts li { display: flex; align-items: center; gap: .45rem; }
.counts b { font-size: 1.3rem; font-weight: 650; font-variant-numeric: tabular-nums; }
.share { display: block; width: 100%; height: .6rem; margin-top: .7rem; border-radius: .3rem; overflow: hidden; }
.numbers { margin-top: .75rem; color: var(--soft); }

h2 { font-size: 1.05rem; font-weight: 650; margin: 1.7rem 0 .5rem; }
.line { display: grid; grid-template-columns: 1.3rem minmax(0, 1.15fr) minmax(0, 1.15fr) 6.4rem .6rem;
  gap: 0 .9rem; align-items: center; padding: .5rem 1rem; }
.axis { padding-top: 1.4rem; padding-bottom: 0; font-size: .8rem; color: var(--soft); }
.axis > :first-child { grid-column: 1 / 3; }
.scale { display: block; width: 100%; height: 1.1rem; overflow: visible; }
.scale text { fill: var(--soft); font-size: .75rem; }
.operations > li { background: var(--card); border: 1px solid var(--line); border-bottom-width: 0; }
.operations > li:first-child { border-radius: .6rem .6rem 0 0; }
.operations > li:last-child { border-bottom-width: 1px; border-radius: 0 0 .6rem .6rem; }
.operations > li:only-child { border-radius: .6rem; }
summary { cursor: pointer; list-style: none; }
summary::-webkit-details-marker { display: none; }
summary.line::after { content: ""; width: .45rem; height: .45rem; border: solid var(--soft); border-width: 0 2px 2px 0;
  transform: rotate(-45deg); }
details[open] > summary.line::after { transform: rotate(45deg); }
summary:hover .name { text-decoration: underline; }
summary:focus-visible { outline: 2px solid var(--running); outline-offset: -2px; border-radius: .6rem; }
.what { min-width: 0; overflow-wrap: anywhere; }
.name { font-weight: 600; }
.what .soft { display: block; font-size: .85rem; }
.badge { font-size: .78rem; font-weight: 600; border-radius: 1rem; padding: .08rem .55rem; white-space: nowrap;
  color: var(--unknown); background: var(--unknown-soft); }
.took { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
.took .soft { display: block; font-size: .8rem; }
.bar { display: block; width: 100%; height: 1.4rem; overflow: visible; }
.bar line, .scale line { stroke: var(--grid); stroke-width: 1; }
.bar rect { fill: currentColor; }
.bar rect.open { opacity: .45; }
.bar rect.open.running { fill: url(#stripes); opacity: 1; }
.bar line.begin { stroke: var(--card); stroke-width: 2; }

.more { padding: 0 1rem 1rem 3.2rem; }
.reason { border-left: .2rem solid currentColor; padding-left: .7rem; margin-bottom: .6rem; overflow-wrap: anywhere; }
.reason span { color: var(--text); }
.facts { display: flex; flex-wrap: wrap; gap: .1rem 1.6rem; font-size: .88rem; }
.facts div { display: flex; gap: .45rem; min-width: 0; }
.facts dt { color: var(--soft); }
.facts dd { overflow-wrap: anywhere; }
.steps { width: 100%; table-layout: fixed; border-collapse: collapse; font-size: .88rem; margin-top: .75rem; }
.steps th { text-align: left; font-weight: 600; color: var(--soft); border-bottom: 1px solid var(--line); }
.steps th, .steps td { padding: .3rem .9rem .3rem 0; vertical-align: top; }
.steps tr + tr td, .steps tr + tr th { border-top: 1px solid var(--grid); }
.steps td { overflow-wrap: anywhere; }
.steps .step { width: 36%; } .steps .start, .steps .right { width: 7rem; } .steps .result { width: 7.2rem; }
.steps .right { text-align: right; white-space: nowrap; font-variant-numeric: tabular-nums; }
.steps :last-child { padding-right: 0; }
.steps .bar { height: 1.3rem; }
.steps .error { display: block; color: var(--failed); }
.rest > summary { padding: .6rem 1rem; color: var(--soft); background: var(--card); border: 1px solid var(--line);
  border-radius: .6rem; margin-top: .5rem; }
.rest > ul { margin-top: .5rem; }
footer { margin-top: 2rem; font-size: .85rem; color: var(--soft); }

@media (max-width: 42rem) {
  .line { grid-template-columns: 1.3rem minmax(0, 1fr) max-content .6rem; }
  .line > .drawing { grid-column: 2 / 5; grid-row: 2; }
  .axis > .drawing { grid-row: auto; }
  .axis > :first-child, .axis > .took { display: none; }
  .more { padding-left: 1rem; }
  .steps .start { display: none; }
  .steps .right { width: 4.9rem; }
  .steps .step { width: 44%; }
  .steps .result { width: 1.6rem; }
  .steps .result span { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
}
"""
_PRINT = """
  @page { margin: 14mm; }
  body { background: #fff; font-size: 10pt; }
  .page { max-width: none; padding: 0; }
  summary.line::after { display: none; }
  .steps .step { width: 40%; }
  .steps .right { width: 6rem; }
  .operations > li, .banner { break-inside: avoid; }
  h2, .axis { break-after: avoid; }
  svg { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
"""
STYLE = (
    f":root {{{_LIGHT}}}\n"
    f"@media screen and (prefers-color-scheme: dark) {{ :root {{{_DARK}}} }}\n"
    f"{_PAGE}@media print {{{_PRINT}}}\n"
)

# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The page of a report, in Jinja's language; each value in it is escaped, as autoescape is on. Data.

Private to this collection.
"""

from __future__ import annotations

PAGE = """\
{% macro icon(state) %}<svg class="icon" aria-hidden="true"><use href="#{{ state }}"/></svg>{% endmacro %}

{% macro rect(scale, each, top=4, height=14) %}
{% set place = scale.place(each.start, each.end) if scale else none %}
{% if place %}
<rect class="{{ each.state }}{{ '' if each.over else ' open' }}" x="{{ place[0] }}%" width="{{ place[1] }}%"
 y="{{ top }}" height="{{ height }}" rx="2"/>
{% endif %}
{% endmacro %}

{% macro parts(scale, each) %}
{% for step in each.steps if scale and scale.first and step.start %}
{% set place = scale.place(step.start, none) %}
{% if not loop.first %}<line class="begin" x1="{{ place[0] }}%" x2="{{ place[0] }}%" y1="4" y2="18"/>{% endif %}
{% if step.state == 'failed' and each.state != 'failed' %}{{ rect(scale, step, 14, 4) }}{% endif %}
{% endfor %}
{% endmacro %}

{% macro grid(scale) %}
{% for place, _label in (scale.ticks() if scale else ()) %}
<line x1="{{ place }}%" x2="{{ place }}%" y1="0" y2="100%"/>
{% endfor %}
{% endmacro %}

{% macro operation(each, opened) %}
<li><details{{ ' open' if opened }}>
<summary class="line">
<span class="{{ each.state }}">{{ icon(each.state) }}<span class="cut">{{ word(each.state) }}:</span></span>
<span class="what"><span class="name">{{ each.name }}</span>
{% if each.retries %}
<span class="badge">{{ each.retries }} {{ 'retry' if each.retries == 1 else 'retries' }}</span>
{% endif %}
<span class="soft">{{ [each.resource, each.provider] | select | join(' · ') }}</span></span>
<span class="drawing"><svg class="bar" aria-hidden="true">{{ grid(common) }}
{{ rect(common, each) }}{{ parts(common, each) }}
</svg></span>
<span class="took">{{ duration(each.duration) }}{% if not each.over and each.duration is not none %}
<span class="soft">so far</span>{% endif %}</span></summary>
<div class="more">
{% if each.reason %}<p class="reason {{ each.state }}"><span>{{ each.reason }}</span></p>{% endif %}
{% if each.warning %}<p class="reason unknown"><span>Warning: {{ each.warning }}</span></p>{% endif %}
<dl class="facts">
{% for name, value in facts(each) %}<div><dt>{{ name }}</dt><dd>{{ value }}</dd></div>{% endfor %}
</dl>
{% if each.steps %}{{ steps(each) }}{% endif %}
</div></details></li>
{% endmacro %}

{% macro steps(each) %}
{% set own = scale(each) %}
<table class="steps"><thead><tr><th scope="col" class="step">Step</th><th scope="col">Timeline</th>
<th scope="col" class="right start">After</th><th scope="col" class="right">Took</th>
<th scope="col" class="result"><span>State</span></th></tr></thead>
<tbody>
{% if each.earlier_steps %}
<tr><td colspan="5" class="soft">{{ each.earlier_steps }} earlier steps are left out.</td></tr>
{% endif %}
{% for step in each.steps %}
<tr><td><code>{{ step.name }}</code>{% if step.again %} <span class="badge">again</span>{% endif %}
{% if step.host %} <span class="soft">on {{ step.host }}</span>{% endif %}
{% if step.error %}<span class="error">{{ step.error }}</span>{% endif %}</td>
<td><svg class="bar" aria-hidden="true">{{ rect(own, step) }}</svg></td>
<td class="right start">{{ after(own, step) }}</td><td class="right">{{ duration(step.duration) }}</td>
<td class="{{ step.state }} result">{{ icon(step.state) }} <span>{{ word(step.state) }}</span></td></tr>
{% endfor %}
</tbody></table>
{% endmacro %}

<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'sha256-STYLE_HASH'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<title>{{ report.headline }}: {{ report.title }}</title>
<style>STYLE</style>
</head>
<body>
<svg class="cut" aria-hidden="true"><defs>
<pattern id="stripes" width="8" height="8" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
<rect class="running" width="8" height="8" fill="currentColor" opacity=".35"/>
<rect class="running" width="4" height="8" fill="currentColor"/></pattern>
<symbol id="succeeded" viewBox="0 0 20 20"><circle class="disc" cx="10" cy="10" r="10"/>
<path d="M5.5 10.5l3 3 6-6.5" class="mark"/></symbol>
<symbol id="failed" viewBox="0 0 20 20"><circle class="disc" cx="10" cy="10" r="10"/>
<path d="M6.3 6.3l7.4 7.4m0-7.4l-7.4 7.4" class="mark"/></symbol>
<symbol id="running" viewBox="0 0 20 20"><circle class="ring" cx="10" cy="10" r="8.8"/>
<path class="disc" d="M8 6l6 4-6 4z"/></symbol>
<symbol id="pending" viewBox="0 0 20 20"><circle class="ring" cx="10" cy="10" r="8.8"/>
<path d="M10 5v5.4l3.4 2.2" class="ring"/></symbol>
<symbol id="unknown" viewBox="0 0 20 20"><circle class="ring" cx="10" cy="10" r="8.8"/>
<path d="M7.3 8a2.7 2.7 0 1 1 3.6 2.6q-.9.4-.9 1.6m0 2v1.6" class="ring"/></symbol>
</defs></svg>
<div class="page">
<header>
<div class="top"><strong>{{ report.title }}</strong>
<span class="soft"><time datetime="{{ iso(report.at) }}">{{ moment(report.at) }}</time></span></div>
<div class="banner {{ report.mood }}">
<h1>{{ icon(report.mood) }} {{ report.headline }}</h1>
{% if report.why %}<p>{{ report.why }}</p>{% endif %}
<ul class="counts" aria-label="Operations by state">
{% for state, count in report.counts %}
<li class="{{ state }}">{{ icon(state) }} <span><b>{{ count }}</b> {{ word(state) }}</span></li>
{% endfor %}
</ul>
<svg class="share" aria-hidden="true">
{% for state, left, width in shares %}
<rect class="{{ state }}" x="{{ left }}%" width="{{ width }}%" height="100%" fill="currentColor"/>
{% endfor %}
</svg>
{% if numbers %}<p class="numbers soft">{{ numbers }}</p>{% endif %}
</div>
</header>
<main>
{% if common %}
<div class="line axis" aria-hidden="true">
<span>{{ 'since ' ~ moment(common.first) if common.first else 'how long each took' }}</span>
<span class="drawing"><svg class="scale" aria-hidden="true">
{% for place, label in common.ticks() %}
<line x1="{{ place }}%" x2="{{ place }}%" y1="70%" y2="100%"/>
{% set anchor = 'start' if place < 5 else 'end' if place > 95 else 'middle' %}
<text x="{{ place }}%" y="60%" text-anchor="{{ anchor }}">{{ label }}</text>
{% endfor %}
</svg></span><span class="took">Took</span></div>
{% endif %}
{% for heading, views in sections %}
<section><h2>{{ heading }} <span class="soft">{{ views | length }}</span></h2>
<ul class="operations">
{% for each in views[:shown] %}{{ operation(each, loop.index <= opened[heading]) }}{% endfor %}
</ul>
{% if views[shown:] %}
<details class="rest"><summary>{{ views | length - shown }} more</summary>
<ul class="operations">{% for each in views[shown:] %}{{ operation(each, false) }}{% endfor %}</ul></details>
{% endif %}
</section>
{% endfor %}
</main>
<footer>Times are those of each cloud's own clock. Written by cloudgate.operations.</footer>
</div>
</body>
</html>
"""

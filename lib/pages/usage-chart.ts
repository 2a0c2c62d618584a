/** Days of use as bars: what was answered, and above it what was refused. Drawn here, so that it takes no script. */
import { html } from 'hono/html';
import type { Language } from '../../db/languages.ts';
import { organizationUsagePageCopy } from './copy.ts';
import type { Html } from './layout.ts';

export interface Day {
  /** Such as `2026-11-26`, in UTC. */
  readonly day: string;
  /** Those that were refused among them. */
  readonly requests: number;
  readonly refused: number;
}

/** Of the picture, in its own units; a bar has a space beside it. */
const height = 120;
const step = 12;
const width = 9;

/** The numbers stand beside the picture as text, which keeps its size on a phone. */
export function usageChart(language: Language, days: readonly Day[]): Html {
  const copy = organizationUsagePageCopy[language];
  const number = new Intl.NumberFormat(language);
  const sum = (name: 'requests' | 'refused') => days.reduce((total, day) => total + day[name], 0);
  const most = Math.max(1, ...days.map(({ requests }) => requests));
  const words = copy.sum(number.format(sum('requests')), number.format(sum('refused')));
  const date = new Intl.DateTimeFormat(language, { day: 'numeric', month: 'short', timeZone: 'UTC' });
  const end = (day: Day | undefined) => (day ? date.format(new Date(day.day)) : '');
  return html`<figure>
    <figcaption>${words}</figcaption>
    <p class="fine">${copy.most(number.format(most))}</p>
    <svg role="img" aria-label="${words}" viewBox="0 0 ${days.length * step} ${height}">
      ${days.map((day, nth) => bar(day, nth * step, most))}
    </svg>
    <p class="fine ends"><span>${end(days[0])}</span><span>${end(days.at(-1))}</span></p>
    <p class="fine ends">
      <span><span class="key"></span> ${copy.answered}</span>
      <span><span class="key refused"></span> ${copy.refused}</span>
    </p>
  </figure>`;
}

/** However few there were, they are seen. */
function bar({ requests, refused }: Day, x: number, most: number): Html {
  const tall = (count: number) => (count === 0 ? 0 : Math.max(2, Math.round((count / most) * height)));
  const top = tall(refused);
  const whole = Math.max(tall(requests), top + tall(requests - refused));
  const y = height - Math.min(whole, height);
  return html`<rect x="${x}" y="${y}" width="${width}" height="${height - y}" />${
      refused > 0 && html`<rect class="refused" x="${x}" y="${y}" width="${width}" height="${top}" />`
    }`;
}

export const usageChartStyle = `
figure{margin:0;display:grid;gap:.5rem}
figcaption{font-weight:600}
svg[role=img]{display:block;width:100%;height:auto;border-bottom:1px solid var(--outline)}
svg[role=img] rect{fill:var(--accent)}
svg[role=img] rect.refused{fill:var(--danger)}
.ends{display:flex;justify-content:space-between;gap:1rem}
.key{display:inline-block;width:.75rem;height:.75rem;background:var(--accent)}
.key.refused{background:var(--danger)}
table{width:100%;border-collapse:collapse;font-size:.9375rem}
th,td{padding:.375rem .5rem .375rem 0;text-align:start;font-weight:400;border-bottom:1px solid var(--border)}
thead th{font-weight:600}
td,th+th{text-align:end}
tr>:last-child{padding-inline-end:0}
`;

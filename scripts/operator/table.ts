/** Tables for people, as wide as the terminal, and what is safe to show on one. */

export interface Table {
  readonly headings: readonly string[];
  readonly rows: readonly (readonly string[])[];
  /** Columns that are cut where the terminal is too narrow, counted from 0; an id is of no use without its end. */
  readonly cut: readonly number[];
}

const gap = 2;
const narrowest = 8;

/** @param columns of the terminal; without one nothing is cut */
export function toTable({ headings, rows, cut }: Table, columns = process.stdout.columns): string {
  const cells = [headings, ...rows].map((row) => row.map(toPrintable));
  const widths = headings.map((_, nth) => Math.max(...cells.map((row) => toWidth(row[nth] ?? ''))));
  const fitted = Number.isInteger(columns) ? fit(widths, cut, columns) : widths;
  const lines = cells.map((row) =>
    row
      .map((cell, nth) => pad(cell, fitted[nth] ?? 0))
      .join(' '.repeat(gap))
      .trimEnd(),
  );
  return lines.map((line) => `${line}\n`).join('');
}

/** The widest column that may be cut gives one place after the other. */
function fit(widths: readonly number[], cut: readonly number[], columns: number): readonly number[] {
  const fitted = [...widths];
  const toTotal = () => fitted.reduce((sum, width) => sum + width + gap, -gap);
  while (toTotal() > columns) {
    const [widest] = [...cut].sort((a, b) => (fitted[b] ?? 0) - (fitted[a] ?? 0));
    const width = widest === undefined ? 0 : (fitted[widest] ?? 0);
    if (widest === undefined || width <= narrowest) break;
    fitted[widest] = width - 1;
  }
  return fitted;
}

function pad(cell: string, width: number): string {
  const taken = toWidth(cell);
  if (taken <= width) return cell + ' '.repeat(width - taken);
  let kept = '';
  for (const character of cell) {
    if (toWidth(kept + character) >= width) break;
    kept += character;
  }
  return `${kept}…${' '.repeat(Math.max(0, width - toWidth(kept) - 1))}`;
}

/** What people call themselves and their browsers must not move the cursor, nor turn the line round. */
export function toPrintable(text: string): string {
  return text.replace(/\p{C}/gu, '\u{FFFD}');
}

const wide =
  /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\p{Emoji_Presentation}]/u;

/** Places on the terminal: two for East Asian characters, none for what is put on another one. */
function toWidth(text: string): number {
  let width = 0;
  for (const character of text.replace(/\p{M}/gu, '')) width += wide.test(character) ? 2 : 1;
  return width;
}

import type { Measured, Summary } from './report.ts';

const COLOURS = ['#1864ab', '#1098ad', '#66a80f', '#e67700'];
const WIDTH = 760;
const LEFT = 210;
const ROW = 26;

/** Where the median sale's time goes, by pace: a bar a pace and version, a colour a hop. SVG. */
export function chartOf({ sales, against }: Measured): string {
  const versions: [string, Summary][] = [
    ['this version', sales],
    ...(against ? [['the other', against.sales] as [string, Summary]] : []),
  ];
  const bars = sales.paces.flatMap((_, index) =>
    versions.flatMap(([version, { paces }]) => {
      const pace = paces[index];
      return pace ? [{ name: `${pace.perSecond}/s, ${version}`, ...pace }] : [];
    }),
  );
  const hops = Object.keys(sales.paces[0]?.hops ?? {});
  const longest = Math.max(...bars.map(({ hops }) => Object.values(hops).reduce((sum, ms) => sum + ms, 0)), 1);
  const scale = (WIDTH - LEFT - 90) / longest;
  const height = (bars.length + 2) * ROW;
  const rows = bars.map(({ name, hops: ofBar, p50, p99 }, row) => {
    let x = LEFT;
    const y = row * ROW + 6;
    const parts = hops.map((hop, index) => {
      const width = (ofBar[hop] ?? 0) * scale;
      const part = `<rect x="${x.toFixed(1)}" y="${y}" width="${width.toFixed(1)}" height="${ROW - 10}" fill="${COLOURS[index]}"><title>${hop}: ${ofBar[hop]} ms</title></rect>`;
      x += width;
      return part;
    });
    return `<text x="${LEFT - 8}" y="${y + 13}" text-anchor="end">${name}</text>${parts.join('')}<text x="${x + 6}" y="${y + 13}">${p50} ms (p99 ${p99})</text>`;
  });
  const legend = hops.map(
    (hop, index) =>
      `<rect x="${LEFT + index * 135}" y="${height - ROW}" width="12" height="12" fill="${COLOURS[index]}"/><text x="${LEFT + 16 + index * 135}" y="${height - ROW + 11}">${hop}</text>`,
  );
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" font-family="sans-serif" font-size="12" role="img" aria-label="Milliseconds from checkout to credited, by hop">
<rect width="${WIDTH}" height="${height}" fill="#fff"/>
${[...rows, ...legend].join('\n')}
</svg>
`;
}

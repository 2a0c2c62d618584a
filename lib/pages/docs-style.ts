/** What the page about the API needs beside the style sheet of all pages. Long lines wrap, so that nothing scrolls sideways. */
import { brand } from '../core/brand.ts';

export const docsStyle = `
main.wide,.wide+footer,.brand.wide{max-width:56rem}
h3{margin:0;font-size:1.0625rem;line-height:1.3}
h4{margin:.375rem 0 -.375rem;font-size:.875rem;color:var(--muted)}
pre{margin:0;padding:.75rem .875rem;border-radius:.625rem;background:var(--raised);font-family:${brand.codeFont};font-size:.8125rem;line-height:1.5;white-space:pre-wrap;overflow-wrap:anywhere}
pre code{font-size:1em}
.contents{list-style:none;padding:0;columns:17rem;column-gap:2rem}
.contents>li{break-inside:avoid;margin-bottom:.875rem;font-weight:600}
.contents ul{list-style:none;padding:0;font-weight:400;font-size:.9375rem}
.contents a{display:inline-block;padding:.1875rem 0}
.area{margin-top:1.5rem;padding-top:1.5rem;border-top:1px solid var(--border)}
.route{padding-top:1rem}
.address code{overflow-wrap:anywhere}
.facts>div{flex-wrap:nowrap}
.facts dd{font-weight:400;font-size:.9375rem;text-align:right}
.facts dt{flex:none}
.fields{display:grid;gap:.5rem}
.fields dd,.fields .more,.answers{font-size:.9375rem}
.fields dd{color:var(--muted)}
.answers,.refusals{list-style:none;padding:0;display:grid;gap:.5rem}
.refusals{display:flex;flex-wrap:wrap;gap:.125rem 1.25rem;font-size:.9375rem}
.refusals li{padding:.1875rem 0}
summary{padding:.25rem 0;color:var(--accent);cursor:pointer;font-size:.9375rem}
:target{scroll-margin-top:1rem}
`;

/** The one style sheet of all pages, in the page itself: nothing is fetched. Its colours and fonts are the brand's. */
import { createHash } from 'node:crypto';
import { brand } from '../core/brand.ts';

type Palette = { readonly [Name in keyof typeof brand.light]: string };

const toVariables = (palette: Palette) =>
  Object.entries(palette)
    .map(([name, colour]) => `--${name}:${colour};`)
    .join('');

export const style = `
:root{color-scheme:light dark;${toVariables(brand.light)}}
@media (prefers-color-scheme:dark){:root{${toVariables(brand.dark)}}}
*,*::before,*::after{box-sizing:border-box}
html{-webkit-text-size-adjust:100%;text-size-adjust:100%}
body{margin:0;min-height:100vh;min-height:100dvh;display:flex;flex-direction:column;background:var(--surface);color:var(--text);font:1.0625rem/1.55 ${brand.font};overflow-wrap:break-word}
h1,h2,p,ul,dl,dd{margin:0}
h1{font-size:1.625rem;line-height:1.2;letter-spacing:-.015em;text-wrap:balance}
h2{font-size:1.1875rem;line-height:1.3;letter-spacing:-.01em}
a{color:var(--accent);text-underline-offset:.18em;text-decoration-thickness:.08em}
a:hover{color:var(--accentHover)}
:focus-visible{outline:3px solid var(--accent);outline-offset:2px}
.brand{display:flex;align-items:center;gap:.625rem;width:100%;max-width:27rem;margin:0 auto;padding:1.5rem 1.25rem .25rem;font-weight:650;letter-spacing:-.01em;color:var(--text)}
.brand svg{display:block;width:1.625rem;height:1.625rem}
.brand svg rect{fill:var(--accent)}
.brand svg rect+rect{fill:var(--onAccent)}
main{width:100%;max-width:27rem;margin:0 auto;padding:1.25rem 1.25rem 2.5rem;display:grid;gap:1.375rem}
main.wide,.wide+footer,.brand.wide{max-width:42rem}
main>*{min-width:0}
footer{width:100%;max-width:27rem;margin:auto auto 0;padding:1rem 1.25rem 2rem;color:var(--muted);font-size:.875rem}
.lead{color:var(--muted)}
.lead strong{color:var(--text);font-weight:600}
form,.part{display:grid;gap:1.125rem;margin:0}
.field{display:grid;gap:.375rem}
label{font-weight:600;font-size:.9375rem}
label .more{font-weight:400;color:var(--muted)}
.hint{color:var(--muted);font-size:.875rem}
.error{color:var(--danger);font-size:.9375rem;font-weight:500;display:flex;gap:.4rem}
.error::before{content:"!";flex:none;width:1.125rem;height:1.125rem;margin-top:.16rem;border-radius:50%;background:var(--danger);color:var(--surface);font-size:.75rem;font-weight:700;line-height:1.125rem;text-align:center}
input,select{width:100%;min-height:3rem;padding:.625rem .8125rem;border:1px solid var(--outline);border-radius:.625rem;background:var(--surface);color:var(--text);font:inherit;font-size:1.0625rem;line-height:1.4}
input:focus-visible,select:focus-visible{outline-offset:0;border-color:transparent}
input[aria-invalid]{border-color:var(--danger);box-shadow:0 0 0 1px var(--danger)}
input[aria-invalid]:focus-visible{outline-color:var(--danger)}
input[readonly]{background:var(--raised);border-color:var(--border)}
input[type=checkbox]{width:1.25rem;height:1.25rem;min-height:0;margin:0;flex:none;accent-color:var(--accent)}
.reveal{justify-self:start;display:flex;align-items:center;gap:.5rem;padding:.25rem 0;font-weight:400}
input.code{font-family:${brand.codeFont};font-size:1.5rem;letter-spacing:.3em;padding-left:1rem}
.button{display:flex;align-items:center;justify-content:center;width:100%;min-height:3rem;padding:.625rem 1.125rem;border:1px solid transparent;border-radius:.625rem;background:var(--accent);color:var(--onAccent);font:inherit;font-weight:600;text-align:center;text-decoration:none;cursor:pointer}
.button:hover{background:var(--accentHover);color:var(--onAccent)}
.button:active{transform:translateY(1px)}
.button.quiet{background:transparent;border-color:var(--outline);color:var(--text)}
.button.quiet:hover{background:var(--raised);border-color:var(--accent)}
.button.danger{background:var(--danger);color:var(--surface)}
.button.small{width:auto;min-height:2.75rem;padding:.5rem 1rem;font-size:.9375rem}
.or{display:flex;align-items:center;gap:.875rem;color:var(--muted);font-size:.875rem}
.or::before,.or::after{content:"";flex:1;height:1px;background:var(--border)}
.notice{padding:.875rem 1rem;border-radius:.625rem;background:var(--raised);display:grid;gap:.25rem}
.notice:focus{outline:none}
.notice.bad{background:transparent;box-shadow:inset 0 0 0 1px var(--danger)}
.notice.bad strong{color:var(--danger)}
.links{display:flex;flex-wrap:wrap;gap:.5rem 1.5rem;font-size:.9375rem}
.links a{display:inline-block;padding:.25rem 0}
.facts{display:grid;border:1px solid var(--border);border-radius:.625rem}
.facts>div{padding:.6875rem 1rem;display:flex;flex-wrap:wrap;align-items:baseline;gap:0 1rem;justify-content:space-between}
.facts>div+div{border-top:1px solid var(--border)}
.facts dt{color:var(--muted);font-size:.9375rem}
.facts dd{font-weight:600;min-width:0;overflow-wrap:anywhere}
section{display:grid;gap:.75rem}
section+section,.bar+section{margin-top:.5rem}
.more{font-weight:400;color:var(--muted)}
.rows{list-style:none;padding:0;border:1px solid var(--border);border-radius:.625rem}
.rows>*{padding:.75rem 1rem;display:flex;flex-wrap:wrap;align-items:center;justify-content:space-between;gap:.625rem 1rem}
.rows>*+*{border-top:1px solid var(--border)}
.rows dt{color:var(--muted);font-size:.9375rem}
.rows dd{font-weight:600;overflow-wrap:anywhere}
.rows dd .fine{display:block;font-weight:400}
dl.rows>*{display:grid;align-items:center;grid-template-columns:1fr auto;gap:0 1rem}
dl.rows dt,dl.rows dd{grid-column:1;min-width:0}
dl.rows dd.change{grid-area:1/2/3;font-weight:400}
.bar{display:flex;flex-wrap:wrap;align-items:center;justify-content:space-between;gap:.625rem 1rem}
.bar p{min-width:0;overflow-wrap:anywhere}
ul.rows>*{flex-wrap:nowrap}
ul.rows>*>div{min-width:0;overflow-wrap:anywhere}
ul.rows form{flex:none}
ul.rows time{white-space:nowrap}
.badge{display:inline-block;padding:0 .5rem;border-radius:1rem;background:var(--raised);font-size:.8125rem;font-weight:600;white-space:nowrap}
.actions{display:flex;flex-wrap:wrap;align-items:center;gap:.75rem 1.5rem}
.points{padding-left:1.25rem;display:grid;gap:.5rem}
a.danger:not(.button){color:var(--danger);font-size:.9375rem;padding:.25rem 0}
.unseen{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
.fine{color:var(--muted);font-size:.875rem}
code{font-family:${brand.codeFont};font-size:.92em}
[hidden]{display:none!important}
@media (min-width:30rem) and (min-height:34rem){
body{background:var(--background)}
.brand{padding:clamp(2rem,9vh,5.5rem) 2.25rem 1.125rem}
main{padding:2.25rem;background:var(--surface);border:1px solid var(--border);border-radius:1rem;box-shadow:0 1px 2px rgb(0 0 0/.04),0 12px 32px -16px rgb(0 0 0/.12)}
footer{margin-top:0;padding:1.25rem 2.25rem 2rem}
}
@media (prefers-reduced-motion:no-preference){.button,input{transition:background-color .12s,border-color .12s}}
@media (forced-colors:active){.button,.notice{border:1px solid ButtonText}}
`;

/** As a source of the Content-Security-Policy (https://www.w3.org/TR/CSP3/#grammardef-hash-source). */
export function toHashSource(inline: string): string {
  return `'sha256-${createHash('sha256').update(inline).digest('base64')}'`;
}

export const styleSource = toHashSource(style);

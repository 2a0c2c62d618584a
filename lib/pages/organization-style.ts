/** What the pages of organizations add to the style sheet: what is folded away until somebody wants it, without scripts. */
export const organizationStyle = `
details{margin-top:.25rem}
summary{width:fit-content;min-height:1.5rem;padding:.25rem 0;color:var(--accent);font-size:.9375rem;text-decoration:underline;text-underline-offset:.18em;cursor:pointer}
details form{padding:.5rem 0 .25rem}
details form+form{margin-top:.5rem;padding-top:1rem;border-top:1px solid var(--border)}
.button.danger.small,.button.quiet.small{justify-self:start}
.buttons{display:flex;flex-wrap:wrap;gap:.5rem;margin-top:.5rem}
`;

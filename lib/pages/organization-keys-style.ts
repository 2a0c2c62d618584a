/** What the page of API keys adds to the style sheet of the pages of organizations: boxes to choose scopes by. */
import { organizationStyle } from './organization-style.ts';

export const organizationKeysStyle = `${organizationStyle}
fieldset{min-width:0;margin:0;padding:0;border:0;display:grid;gap:.25rem}
legend{padding:0;margin-bottom:.25rem;font-weight:600;font-size:.9375rem}
.box{display:flex;align-items:center;gap:.625rem;min-height:2.25rem;width:fit-content;font-weight:400}
`;

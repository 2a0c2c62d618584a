/** What a person who has just started Blockbot wants to know: where it is, what it made, what to try. */

export function toGreeting(
  port: number,
  { notes, mailboxPath }: { notes: readonly string[]; mailboxPath: string | undefined },
): string {
  const url = `http://localhost:${port}`;
  const mailbox = mailboxPath === undefined ? [] : [`emails stay here: read them at ${url}${mailboxPath}`];
  return `
Blockbot listens on ${url}
${[...notes, ...mailbox].map((note) => `  - ${note}`).join('\n')}
Look around at ${url}/ in a browser, or try it:
  curl -s ${url}/v1/auth/register -H 'Content-Type: application/json' \\
    -d '{"email":"ada@example.com","password":"correct horse battery staple"}'
Stop it with Ctrl-C.

`;
}

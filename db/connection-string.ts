/**
 * A connection string (PostgreSQL manual, 34.1.1.2), with the options that hosters and poolers write into theirs. What
 * can't be kept to is refused by its name: the driver would send it to the server, which then refuses every connection.
 */

export interface DatabaseAddress {
  readonly host: string;
  readonly port: number;
  /** Without it, that of the operating system. */
  readonly user: string | undefined;
  readonly password: string;
  readonly database: string | undefined;
  readonly ssl: false | 'prefer' | 'require' | 'verify-full' | typeof anyHost;
  readonly applicationName: string;
  /** A pooler that gives each transaction another session is known to be there (`pgbouncer=true`). */
  readonly pooled: boolean;
  /** Connections at most. */
  readonly maxConnections: number;
}

/** What is wrong, without any value: there is a password among them. */
export class ConnectionStringError extends Error {}

/** A certificate that is trusted, whoever it was made for. */
const anyHost = { rejectUnauthorized: true, checkServerIdentity: () => undefined };

const sslModes: Readonly<Record<string, DatabaseAddress['ssl']>> = {
  disable: false,
  allow: 'prefer',
  prefer: 'prefer',
  require: 'require',
  'verify-ca': anyHost,
  'verify-full': 'verify-full',
};

/**
 * @throws {ConnectionStringError} with what is wrong, to stand behind the name of the variable.
 *
 * @example
 * parseConnectionString('postgres://blockbot:secret@db.example.com/blockbot?sslmode=verify-full');
 */
export function parseConnectionString(text: string): DatabaseAddress {
  if (!/^postgres(?:ql)?:\/\//.test(text)) throw new ConnectionStringError('must be a postgres:// address');
  if (!URL.canParse(text)) {
    throw new ConnectionStringError(
      'must be an address of one host, with what is special in the password percent-encoded',
    );
  }
  const url = new URL(text);
  const database = decode(url.pathname.slice(1));
  // Behind such a character the rest of the password is taken for something else, and would be told as such.
  if (url.hash !== '' || database.includes('/') || url.search.includes('@')) {
    throw new ConnectionStringError(
      'has a #, / or ? in the password that is not percent-encoded (%23, %2F, %3F)',
    );
  }
  const host = decode(url.hostname).replace(/^\[|\]$/g, '');
  if (host === '' || host.includes('/')) {
    throw new ConnectionStringError('names no host; Unix sockets are not spoken');
  }
  if (host.includes(',')) throw new ConnectionStringError('names several hosts; name one');
  return {
    host,
    port: url.port === '' ? 5432 : Number(url.port),
    user: decode(url.username) || undefined,
    password: decode(url.password),
    database: database || undefined,
    ...parseOptions(url.searchParams),
  };
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new ConnectionStringError('has a % that is not percent-encoded (%25)');
  }
}

function parseOptions(options: URLSearchParams) {
  let ssl: DatabaseAddress['ssl'] = false;
  let applicationName = 'blockbot';
  let pooled = false;
  let maxConnections = Number.POSITIVE_INFINITY;
  let identified = false;
  for (const [name, value] of options) {
    const refuse = (why: string): never => {
      throw new ConnectionStringError(`${name}${why}`);
    };
    const oneOf = (...known: readonly string[]) => {
      if (!known.includes(value)) refuse(` must be ${known.join(' or ')}`);
      return value;
    };
    switch (name) {
      case 'sslmode':
        ssl = sslModes[oneOf(...Object.keys(sslModes))] ?? false;
        break;
      case 'sslrootcert':
        if (value !== 'system') refuse(' must be system; name a file by NODE_EXTRA_CA_CERTS');
        identified = true;
        break;
      case 'channel_binding':
        // It proves that nobody stands in between. The driver can't; a certificate for this host proves the same.
        if (oneOf('disable', 'prefer', 'require') === 'require') identified = true;
        break;
      case 'application_name':
        applicationName = value;
        break;
      case 'pgbouncer':
        pooled = oneOf('true', 'false') === 'true';
        break;
      case 'connection_limit':
        maxConnections = /^[1-9]\d{0,3}$/.test(value)
          ? Number(value)
          : refuse(' must be a whole number above 0');
        break;
      case 'schema':
        if (value !== 'public') refuse(' must be public; give it a database of its own');
        break;
      case 'target_session_attrs':
        oneOf('any', 'read-write', 'primary');
        break;
      case 'gssencmode':
        oneOf('disable', 'prefer');
        break;
      case 'connect_timeout':
        // In seconds; ours are shorter.
        if (!/^\d{1,5}$/.test(value)) refuse(' must be a whole number');
        break;
      default:
        refuse(' is no option that is known here; remove it');
    }
  }
  return { ssl: identified ? ('verify-full' as const) : ssl, applicationName, pooled, maxConnections };
}

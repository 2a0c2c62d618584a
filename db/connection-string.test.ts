import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ConnectionStringError, parseConnectionString } from './connection-string.ts';

const plain = {
  host: 'db.example.com',
  port: 5432,
  user: 'ada',
  password: 'secret',
  database: 'blockbot',
  ssl: false,
  applicationName: 'blockbot',
  pooled: false,
  maxConnections: Number.POSITIVE_INFINITY,
};

const understood = [
  ['what is left out', 'postgres://ada:secret@db.example.com/blockbot', {}],
  ['the other scheme', 'postgresql://ada:secret@db.example.com:6432/blockbot', { port: 6432 }],
  [
    'no user and no database',
    'postgres://db.example.com',
    { user: undefined, password: '', database: undefined },
  ],
  ['IPv6', 'postgres://ada:secret@[2001:db8::1]:5432/blockbot', { host: '2001:db8::1' }],
  [
    'encoded characters',
    'postgres://a%40b:p%40s%23s%2Fw%25@db.example.com/bl%20b',
    { user: 'a@b', password: 'p@s#s/w%', database: 'bl b' },
  ],
  [
    'what Neon hands out',
    'postgresql://ada:secret@db.example.com/blockbot?sslmode=require&channel_binding=require',
    { ssl: 'verify-full' },
  ],
  [
    'what Supabase hands out',
    'postgres://ada:secret@db.example.com:6543/blockbot?pgbouncer=true&connection_limit=5',
    { port: 6543, pooled: true, maxConnections: 5 },
  ],
  [
    'the authorities of the system',
    'postgres://ada:secret@db.example.com/blockbot?sslrootcert=system',
    { ssl: 'verify-full' },
  ],
  ['encryption alone', 'postgres://ada:secret@db.example.com/blockbot?sslmode=require', { ssl: 'require' }],
  [
    'encryption if there is any',
    'postgres://ada:secret@db.example.com/blockbot?sslmode=prefer',
    { ssl: 'prefer' },
  ],
  [
    'what is so already',
    'postgres://ada:secret@db.example.com/blockbot?schema=public&target_session_attrs=read-write&gssencmode=disable&connect_timeout=10&channel_binding=prefer&pgbouncer=false&sslmode=disable',
    {},
  ],
  [
    'a name of its own',
    'postgres://ada:secret@db.example.com/blockbot?application_name=eu',
    { applicationName: 'eu' },
  ],
] as const;

test('parseConnectionString understands what hosters hand out', () => {
  for (const [what, text, expected] of understood) {
    assert.deepEqual(parseConnectionString(text), { ...plain, ...expected }, what);
  }
});

const refused = [
  ['', 'must be a postgres'],
  ['mysql://db.example.com', 'must be a postgres'],
  ['postgres:/db', 'must be a postgres'],
  ['postgres://ada:secret@db.example.com:x/blockbot', 'must be an address of one host'],
  ['postgres://ada:secret@a:1,b:2/blockbot', 'must be an address of one host'],
  ['postgres://ada:secret@a,b/blockbot', 'names several hosts'],
  ['postgres://ada:secret@db/blockbot?host=/run/secret', 'host is no option'],
  ['postgres:///blockbot', 'names no host'],
  ['postgres://ada:secret@%2Frun%2Fpostgresql/blockbot', 'names no host'],
  ['postgres://ada:secret#word@db.example.com/blockbot', 'must be an address of one host'],
  ['postgres://ada:p@secret#word@db.example.com/blockbot', 'has a #, / or ?'],
  ['postgres://ada:p@secret/word@db.example.com/blockbot', 'has a #, / or ?'],
  ['postgres://ada:p@ss?secret=word@db.example.com/blockbot', 'has a #, / or ?'],
  ['postgres://ada:100%secret@db.example.com/blockbot', 'has a %'],
  ['postgres://db/b?sslmode=secret', 'sslmode must be disable or'],
  ['postgres://db/b?sslrootcert=/secret.pem', 'sslrootcert must be system'],
  ['postgres://db/b?channel_binding=secret', 'channel_binding must be'],
  ['postgres://db/b?pgbouncer=yes', 'pgbouncer must be true or false'],
  ['postgres://db/b?connection_limit=0', 'connection_limit must be'],
  ['postgres://db/b?schema=secret', 'schema must be public'],
  ['postgres://db/b?target_session_attrs=standby', 'target_session_attrs must be'],
  ['postgres://db/b?gssencmode=require', 'gssencmode must be'],
  ['postgres://db/b?connect_timeout=secret', 'connect_timeout must be'],
  ['postgres://db/b?options=-c%20secret', 'options is no option'],
  ['postgres://db/b?statement_timeout=0', 'statement_timeout is no option'],
] as const;

test('parseConnectionString refuses by name what it can not keep to, and tells no value', () => {
  for (const [text, message] of refused) {
    assert.throws(
      () => parseConnectionString(text),
      (error) => {
        assert.ok(error instanceof ConnectionStringError, String(error));
        assert.ok(error.message.startsWith(message), `${text}: ${error.message}`);
        assert.doesNotMatch(error.message, /secret/);
        return true;
      },
      text,
    );
  }
});

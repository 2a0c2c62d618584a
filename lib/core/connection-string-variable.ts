/** DATABASE_URL as operators write it. By itself, because a function without a database has nothing to read it for. */
import { ConnectionStringError, parseConnectionString } from '../../db/connection-string.ts';
import { EnvironmentError } from './variables.ts';

/** @throws {EnvironmentError} with what is wrong, and never with the text */
export function readConnectionString(given: string): string {
  try {
    parseConnectionString(given);
    return given;
  } catch (error) {
    throw error instanceof ConnectionStringError ? new EnvironmentError([error.message]) : error;
  }
}

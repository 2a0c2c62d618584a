/**
 * Reads `.env` into the environment before a command does anything, where there is one; what the shell sets stays. Node's own
 * `--env-file-if-exists` tells of a missing one at each start. Loaded by `node --import`, so JavaScript.
 */
import { existsSync } from 'node:fs';
import { loadEnvFile } from 'node:process';

if (existsSync('.env')) loadEnvFile('.env');

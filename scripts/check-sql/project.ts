/** Every statement of a project, held against the tables that `db/schema.ts` says. */
import postgres from 'postgres';
import { readCatalog } from './catalog.ts';
import { examine } from './examine.ts';
import type { Fault } from './fault.ts';
import { collectStatements, openProject } from './statements.ts';
import { replaceTables } from './tables.ts';

export interface ProjectFindings {
  /** In the order of files and lines. */
  readonly faults: readonly Fault[];
  readonly statements: number;
  readonly files: number;
}

export interface ProjectOptions {
  /** Folder with the `tsconfig.json`. */
  readonly root: string;
  /** A database with all migrations, of the check's own. */
  readonly url: string;
  /** What makes the tables of `db/schema.ts`, where the migrations don't (`tables.ts`). */
  readonly unmigrated?: readonly string[] | undefined;
  readonly interruption?: AbortSignal;
}

export async function checkProject({
  root,
  url,
  unmigrated,
  interruption,
}: ProjectOptions): Promise<ProjectFindings> {
  const { statements, templates, files, faults } = collectStatements(openProject(root), root);
  const found = [...faults];
  // One connection, because the functions that are examined are its own.
  const sql = postgres(url, {
    max: 1,
    fetch_types: false,
    transform: { column: { from: postgres.toCamel } },
    onnotice: () => undefined,
  });
  try {
    if (unmigrated) {
      await replaceTables(sql, unmigrated);
      const problem = 'the migrations make other tables: npm run db:generate -- --name what-changes';
      found.push({ file: 'db/schema.ts', line: 1, problem });
    }
    const catalog = await readCatalog(sql);
    for (const statement of statements) {
      interruption?.throwIfAborted();
      found.push(...(await examine(statement, { sql, catalog })));
    }
    return { faults: toSorted(found), statements: templates, files };
  } finally {
    await sql.end();
  }
}

function toSorted(faults: readonly Fault[]): readonly Fault[] {
  const byText = new Map(faults.map((fault) => [`${fault.file}:${fault.line}: ${fault.problem}`, fault]));
  return [...byText.values()].sort(
    (a, b) => a.file.localeCompare(b.file) || a.line - b.line || a.problem.localeCompare(b.problem),
  );
}

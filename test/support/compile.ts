/** What the compiler says of sources that are made up. */
import ts from 'typescript';

/**
 * Sources that are nowhere on disk, as if they stood in this folder, by their names.
 *
 * @param project whose options count; that of the whole checkout unless told
 */
export function compile(
  folder: string,
  files: Readonly<Record<string, string>>,
  project = 'tsconfig.json',
): ReadonlyMap<string, readonly string[]> {
  const { config } = ts.readConfigFile(project, (path) => ts.sys.readFile(path)) as {
    config: { compilerOptions: object };
  };
  const { options } = ts.convertCompilerOptionsFromJson(config.compilerOptions, process.cwd());
  const texts = new Map(
    Object.entries(files).map(([name, text]) => [`${process.cwd()}/${folder}/${name}`, text]),
  );
  const host = ts.createCompilerHost(options);
  const { readFile, fileExists, getSourceFile } = host;
  host.readFile = (path) => texts.get(path) ?? readFile(path);
  host.fileExists = (path) => texts.has(path) || fileExists(path);
  host.getSourceFile = (path, ...rest) => {
    const text = texts.get(path);
    return text === undefined ? getSourceFile(path, ...rest) : ts.createSourceFile(path, text, rest[0]);
  };
  const program = ts.createProgram([...texts.keys()], options, host);
  return new Map(
    Object.keys(files).map((name) => {
      const source = program.getSourceFile(`${process.cwd()}/${folder}/${name}`);
      const found = program.getSemanticDiagnostics(source);
      return [name, found.map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n'))];
    }),
  );
}

/** A TypeScript type as far as a driver can deliver it, or take it as a parameter. */
import ts from 'typescript';

export type Kind = 'text' | 'number' | 'boolean' | 'date' | 'bytes' | 'texts' | 'object' | 'anything';

export interface Shape {
  readonly kinds: ReadonlySet<Kind>;
  readonly nullable: boolean;
  readonly optional: boolean;
  /** Of a type that admits certain texts only, those. */
  readonly texts: ReadonlySet<string> | undefined;
}

export function toShape(type: ts.Type, checker: ts.TypeChecker): Shape {
  const parts = toConstituents(type, checker);
  const isNothing = (part: ts.Type) => (part.flags & (ts.TypeFlags.Null | ts.TypeFlags.Undefined)) !== 0;
  const values = parts.filter((part) => !isNothing(part));
  const literals = values.map((part) => (part.isStringLiteral() ? part.value : undefined));
  const texts = literals.filter((text) => text !== undefined);
  return {
    kinds: new Set(values.map((part) => toKind(part, checker))),
    nullable: parts.some(({ flags }) => flags & ts.TypeFlags.Null),
    optional: parts.some(({ flags }) => flags & ts.TypeFlags.Undefined),
    texts: texts.length > 0 && texts.length === literals.length ? new Set(texts) : undefined,
  };
}

/** A type parameter counts as what it extends. */
function toConstituents(type: ts.Type, checker: ts.TypeChecker): readonly ts.Type[] {
  const known = checker.getBaseConstraintOfType(type) ?? type;
  return known.isUnion() ? known.types : [known];
}

function toKind(type: ts.Type, checker: ts.TypeChecker): Kind {
  const { flags } = type;
  if (flags & ts.TypeFlags.StringLike) return 'text';
  if (flags & ts.TypeFlags.NumberLike) return 'number';
  if (flags & ts.TypeFlags.BooleanLike) return 'boolean';
  if (flags & (ts.TypeFlags.Any | ts.TypeFlags.Unknown)) return 'anything';
  // A branded text is a text.
  if (type.isIntersection()) {
    const kinds = type.types.map((part) => toKind(part, checker));
    return kinds.find((kind) => kind !== 'object') ?? 'object';
  }
  if (checker.isArrayLikeType(type)) {
    const element = checker.getIndexTypeOfType(type, ts.IndexKind.Number);
    return element && (element.flags & ts.TypeFlags.StringLike || isTextUnion(element)) ? 'texts' : 'object';
  }
  const name = type.getSymbol()?.name;
  if (name === 'Date') return 'date';
  return name === 'Uint8Array' || name === 'Buffer' ? 'bytes' : 'object';
}

function isTextUnion(type: ts.Type): boolean {
  return type.isUnion() && type.types.every(({ flags }) => flags & ts.TypeFlags.StringLike);
}

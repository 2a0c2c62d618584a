/** Which of two media types who asks would rather have (RFC 9110, section 12.5.1): the most specific range decides. */

/** Whether `Accept` has the one above the other; who takes both alike, such as curl, does not. */
export function isPreferred(accept: string | undefined, wanted: string, other: string): boolean {
  const qualities = new Map(
    (accept ?? '').split(',').map((each) => {
      const [range = '', ...parameters] = each.split(';').map((part) => part.trim().toLowerCase());
      const quality = parameters.find((parameter) => parameter.startsWith('q='));
      return [range, Number(quality?.slice(2) ?? 1)] as const;
    }),
  );
  const of = (type: string) =>
    qualities.get(type) ?? qualities.get(type.replace(/\/.*/, '/*')) ?? qualities.get('*/*') ?? 0;
  return of(wanted) > of(other);
}

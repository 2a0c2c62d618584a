/** Something that one part of a test waits for, and another gives. */

export interface Signal {
  readonly give: () => void;
  readonly given: Promise<undefined>;
}

export function createSignal(): Signal {
  let give = () => {};
  const given = new Promise<undefined>((resolve) => {
    give = () => resolve(undefined);
  });
  return { give: () => give(), given };
}

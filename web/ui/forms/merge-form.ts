/** What somebody else changed while a form was filled, as the form holds it. */
export type Merge<V> = {
  /** Fields that were not touched here, with what is theirs. */
  taken: Partial<V>
  /** Fields that were changed to something else here and there. */
  clashing: (keyof V & string)[]
}

/** `base`: what the form was filled from; `theirs`: what is stored now; `mine`: what the form holds. */
export function mergeForm<V extends object>(base: V, theirs: V, mine: Partial<V>): Merge<V> {
  const taken: Partial<V> = {}
  const clashing: (keyof V & string)[] = []
  for (const name of Object.keys(theirs) as (keyof V & string)[]) {
    if (isSame(base[name], theirs[name]) || isSame(mine[name], theirs[name])) continue
    if (isSame(mine[name], base[name])) taken[name] = theirs[name]
    else clashing.push(name)
  }
  return { taken, clashing }
}

export function isChanged<V extends object>(base: V, mine: Partial<V>): boolean {
  return (Object.keys(base) as (keyof V)[]).some(name => !isSame(mine[name], base[name]))
}

/** An empty field is the same, however it became empty. */
function isSame(one: unknown, other: unknown): boolean {
  return JSON.stringify(one || null) === JSON.stringify(other || null)
}

/** A field that an act changed. A secret's values are not told. */
export type Change = { field: string; before?: unknown; after?: unknown }

/**
 * What `change` changes in a row as it was before; what `change` leaves undefined stays. Of the fields in `secrets` it only
 * says that they changed.
 */
export function changesOf(
  before: Readonly<Record<string, unknown>>,
  change: Readonly<Record<string, unknown>>,
  secrets: readonly string[] = [],
): Change[] {
  return Object.entries(change).flatMap(([field, after]): Change[] => {
    const was = before[field] ?? null
    if (after === undefined || JSON.stringify(was) === JSON.stringify(after)) return []
    return secrets.includes(field) ? [{ field }] : [{ field, before: was, after }]
  })
}

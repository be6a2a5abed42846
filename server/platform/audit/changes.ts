import type { Field } from './fields.ts'

/** A field that an act changed. A secret's values are not told. */
export type FieldChange = { field: string; before?: unknown; after?: unknown }

/**
 * What `change` changes in a row as it was before; what `change` leaves undefined stays. Of the fields in `secrets` it only
 * says that they changed.
 */
export function changesOf<C extends { readonly [F in Field]?: unknown }>(
  before: Readonly<Record<string, unknown>>,
  change: C & Readonly<Record<Exclude<keyof C, Field>, never>>,
  secrets: readonly string[] = [],
): FieldChange[] {
  return changedFields(before, change, secrets)
}

/** The same for fields whose names are put together, such as `email.host`; whoever does so tests that all have words. */
export function changedFields(
  before: Readonly<Record<string, unknown>>,
  change: Readonly<Record<string, unknown>>,
  secrets: readonly string[] = [],
): FieldChange[] {
  return Object.entries(change).flatMap(([field, after]): FieldChange[] => {
    const was = before[field] ?? null
    if (after === undefined || JSON.stringify(was) === JSON.stringify(after)) return []
    return secrets.includes(field) ? [{ field }] : [{ field, before: was, after }]
  })
}

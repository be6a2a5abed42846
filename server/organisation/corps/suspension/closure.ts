/**
 * Why wisp does not serve a corp: an operator has suspended it, or it is being deleted, which only follows a suspension; or a backup was
 * restored, and two of the three administrators have yet to confirm it. `reason` is the operator's, as the people of the corp are shown it.
 */
export type Closure = {
  readonly kind: 'suspended' | 'removing' | 'restored'
  readonly since: Date
  readonly reason: string
}

type Row = {
  suspendedAt: Date | null
  suspendedReason: string
  removingAt: Date | null
  restoredAt?: Date | null
}

const restoredReason =
  '刚从备份恢复，等待三员中的两位确认（restored from a backup, two of the three administrators have yet to confirm it）'

export function closureOf(row: Row): Closure | undefined {
  const { suspendedAt, suspendedReason: reason, removingAt, restoredAt } = row
  if (removingAt) return { kind: 'removing', since: removingAt, reason }
  if (restoredAt) return { kind: 'restored', since: restoredAt, reason: restoredReason }
  return suspendedAt ? { kind: 'suspended', since: suspendedAt, reason } : undefined
}

/** `before` with what was read of one corp, or of all. */
export function closuresOf(
  rows: readonly (Row & { corpId: string })[],
  before: ReadonlyMap<string, Closure>,
  corpId: string | undefined,
): Map<string, Closure> {
  const after = new Map(before)
  if (corpId !== undefined) after.delete(corpId)
  for (const row of rows) {
    const closure = closureOf(row)
    if (closure) after.set(row.corpId, closure)
  }
  return after
}

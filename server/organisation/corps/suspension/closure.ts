/**
 * Why wisp does not serve a corp: an operator has suspended it, or it is being deleted, which only follows a suspension.
 * `reason` is the operator's, as the people of the corp are shown it.
 */
export type Closure = {
  readonly kind: 'suspended' | 'removing'
  readonly since: Date
  readonly reason: string
}

export function closureOf(row: {
  suspendedAt: Date | null
  suspendedReason: string
  removingAt: Date | null
}): Closure | undefined {
  const { suspendedAt, suspendedReason: reason, removingAt } = row
  if (removingAt) return { kind: 'removing', since: removingAt, reason }
  return suspendedAt ? { kind: 'suspended', since: suspendedAt, reason } : undefined
}

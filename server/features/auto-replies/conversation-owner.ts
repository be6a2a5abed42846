/**
 * On whose behalf people are answered and shown a menu: an official account by its original id, or an agent. The same tables keep
 * what both have (migration 0084).
 */
export type Owner = { corpId: string; ownerId: string }

const agentPrefix = 'agent:'

export function agentOwner(corpId: string, agentId: number): Owner {
  return { corpId, ownerId: `${agentPrefix}${agentId}` }
}

/** The columns of a new row, from which the database makes `owner_id`. */
export function ownerColumns({ corpId, ownerId }: Owner): {
  corp_id: string
  original_id: string | null
  agent_id: number | null
} {
  const agentId = agentIdOf(ownerId)
  return { corp_id: corpId, original_id: agentId === null ? ownerId : null, agent_id: agentId }
}

export function agentIdOf(ownerId: string): number | null {
  return ownerId.startsWith(agentPrefix) ? Number(ownerId.slice(agentPrefix.length)) : null
}

/** As the audit log names it. */
export function auditTarget({ ownerId }: Pick<Owner, 'ownerId'>): string {
  return String(agentIdOf(ownerId) ?? ownerId)
}

import type { CallGroup } from '../../organisation/corps/call-limits.ts'

/** What the group of a call follows from; `group` decides where a declaration has one. */
type Declared = {
  group?: CallGroup
  methods: readonly string[]
  access: { by: 'developer'; scope: string | undefined } | { by: 'anyone' }
}

/** The group in which a call is counted. Undefined for what needs no developer, which is not limited. */
export function groupOf({ group, methods, access }: Declared): CallGroup | undefined {
  if (group) return group
  if (access.by === 'anyone') return undefined
  if (!methods.includes('POST')) return 'read'
  const [family, act] = (access.scope ?? '').split(':')
  if (act === 'read') return 'read'
  if (family === 'pay') return 'pay'
  return act === 'send' || family === 'official' ? 'message' : 'write'
}

import type { CallGroup, GroupedCall } from '../../platform/http/gate.ts'

/** The group in which a call is counted. Undefined for calls that need no developer; they are not limited. */
export function groupOf({ group, methods, access }: GroupedCall): CallGroup | undefined {
  if (group) return group
  if (access.by === 'anyone') return undefined
  if (!methods.includes('POST')) return 'read'
  const [family, act] = (access.scope ?? '').split(':')
  if (act === 'read') return 'read'
  if (family === 'pay') return 'pay'
  return act === 'send' || family === 'official' ? 'message' : 'write'
}

import type { Core } from '../../core.ts'
import type { Caller } from '../caller.ts'

/**
 * On answers to a good devToken alone: where its corp is at home, from which a balancer learns where to send this developer's calls
 * (deploy/haproxy.cfg). The devId stands beside it, so that nobody can have anything learned about anybody else.
 */
export function homeHeaders(
  { homes }: Pick<Core, 'homes'>,
  { corpId, devId }: Caller,
): Record<string, string> {
  const home = homes.of(corpId)
  return home === undefined ? {} : { 'x-wisp-node': home, 'x-wisp-dev': devId }
}

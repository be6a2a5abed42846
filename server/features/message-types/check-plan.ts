import type { Definition } from './definition.ts'
import { wrong } from './templates/template.ts'

/** Refuses a plan that contradicts itself or its level. Throws 1000, naming the place. */
export function checkPlan({ level, digest, frequency, expiresAfter }: Definition): void {
  if (digest && (digest.minutes === undefined) === (digest.at === undefined))
    throw wrong('digest', '应有 minutes 或 at 之一，且只有一个', 'should have either minutes or at')
  if (level === 'urgent' && digest)
    throw wrong('digest', '不能用于紧急：紧急不合并发送', 'is not for urgent, which is never collected')
  if (level === 'urgent' && frequency)
    throw wrong('frequency', '不能用于紧急：紧急不限频率', 'is not for urgent, which is never limited')
  if (frequency?.rest === 'digest' && !digest)
    throw wrong('frequency.rest', '为 digest 时须有 digest', 'is digest, which needs a digest')
  if (level === 'must' && frequency?.rest === 'drop')
    throw wrong(
      'frequency.rest',
      '不能为 drop：必达从不丢弃，可以为 digest',
      'cannot be drop: what must arrive is never dropped; digest is possible',
    )
  if (level === 'must' && expiresAfter !== undefined)
    throw wrong('expiresAfter', '不能用于必达：必达不过期', 'is not for must, which never expires')
}

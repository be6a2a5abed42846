import type { TiedAddress } from '../../platform/manifest/setup/tied.ts'
import type { Sources } from './catalog.ts'

export const todoSource = 'todoSource'

/** The addresses at which systems push their to-dos. */
export function sourcesTied({ sources }: { sources: Sources }, corpId: string): TiedAddress[] {
  const pushing = sources.ofCorp(corpId).filter(one => one.pushedAt)
  return pushing.map(({ id, name }) => ({
    kind: todoSource,
    subject: String(id),
    title: { zh: `待办来源「${name}」的地址`, en: `Address of the to-do source "${name}"` },
    check: `todoSource:${id}`,
    fix: {
      zh: '旧地址须继续转发到 wisp，直到在该系统里把推送地址改为「待办来源」所示的。',
      en: 'Keep forwarding the old address to wisp until the address in that system is changed to the one that is shown under To-do sources.',
    },
    path: '/console/apps',
    isProved: true,
  }))
}

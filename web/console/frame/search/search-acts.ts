import { useGo } from '../../../ui/address/url-state.ts'
import { useAct } from '../../../ui/data/act.tsx'
import { useRead } from '../../../ui/data/read.ts'
import { useSession } from '../../../ui/data/session.tsx'
import { useText } from '../../../ui/text.ts'
import { hasLevel } from '../../rights.ts'
import { acts, actsOf, type ConsoleAct, type ConsoleActOf, leftOf } from './acts.ts'

/** `run` is what is done before the place opens, which it does not when that was not confirmed or failed. */
export type FoundAct = { id: string; title: string; go(): void; run?: () => Promise<boolean> }

type Thing = { id: string; title: string }

/** The acts that somebody may do and that the words ask for, with what they are done to. */
export function useActs(words: string): { ofThings: FoundAct[]; plain: FoundAct[] } {
  const t = useText('console')
  const go = useGo()
  const { person, corpId } = useSession()
  const runs = useRuns()
  const asked = actsOf.flatMap(act => {
    const left = hasLevel(act.level, person.roleLevel) ? leftOf(words, act.words) : undefined
    return left === undefined ? [] : [{ act, left }]
  })
  const things = useThings(asked)
  if (words === '' || corpId === '') return { ofThings: [], plain: [] }
  const plain = acts
    .filter(act => hasLevel(act.level, person.roleLevel) && leftOf(words, act.words) === '')
    .map((act): FoundAct => {
      const { path, search } = act.place
      const run = act.does && runs[act.does]
      return { id: act.name, title: t(act.name), go: () => go(path, search), ...(run ? { run } : {}) }
    })
  const ofThings = asked.flatMap(({ act, left }) =>
    things(act.of, left).map(({ id, title }): FoundAct => {
      const { path, search } = act.place(id)
      return {
        id: `${act.name} ${id}`,
        title: t(`${act.name}Of`, { name: title }),
        go: () => go(path, search),
      }
    }),
  )
  return { ofThings, plain }
}

/** What the words beside the acts' own name: corps of the session, and what the search of the server finds. */
function useThings(asked: readonly { act: ConsoleActOf; left: string }[]) {
  const { corps, corpId } = useSession()
  const left = asked.find(({ act }) => act.of !== 'corp')?.left ?? ''
  const { data } = useRead(
    '/web/console/search',
    { q: left },
    { enabled: left !== '' && corpId !== '', keep: true },
  )
  return (of: ConsoleActOf['of'], name: string): readonly Thing[] => {
    if (of === 'corp')
      return corps
        .filter(one => (name === '' ? one.corpId === corpId : one.name.toLowerCase().includes(name)))
        .slice(0, 5)
        .map(one => ({ id: one.corpId, title: one.name }))
    if (name !== left || left === '') return []
    return data?.list.find(one => one.kind === of)?.hits.slice(0, 5) ?? []
  }
}

/** The acts that need nothing else to be said. */
function useRuns(): Record<NonNullable<ConsoleAct['does']>, () => Promise<boolean>> {
  const t = useText('console')
  const check = useAct('/web/corps/doctor', { refresh: ['/web/corps'] })
  const sync = useAct('/web/sync/start', {
    refresh: ['/web/sync'],
    confirm: () => ({ title: t('actSync') }),
  })
  return {
    check: async () => (await check.run({})) !== undefined,
    sync: async () => (await sync.run({ kind: 'full' })) !== undefined,
  }
}

import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { api } from '../data/api.ts'
import { useSession } from '../data/session.tsx'
import { useText } from '../text.ts'

/** Who acts without being a person, as rows keep them; the word of each. */
const words = {
  cli: 'actorCli',
  wisp: 'actorWisp',
  wecom: 'actorWecom',
  nightly: 'actorNightly',
  outage: 'actorOutage',
  admin: 'actorAdmin',
} as const

const atOnceMs = 20
let waiting: { corpId: string; ids: Set<string>; names: Promise<Map<string, string>> } | undefined

/** Asks for all names that a page wants at one moment in one call. */
function nameOf(corpId: string, id: string): Promise<string> {
  if (waiting?.corpId !== corpId) {
    const ids = new Set<string>()
    waiting = { corpId, ids, names: namesSoon(ids) }
  }
  waiting.ids.add(id)
  return waiting.names.then(names => names.get(id) ?? id)
}

async function namesSoon(ids: Set<string>): Promise<Map<string, string>> {
  await new Promise(resolve => setTimeout(resolve, atOnceMs))
  waiting = undefined
  const { list } = await api.get('/web/console/names', { ids: [...ids] })
  return new Map(list.map(one => [one.id, one.name]))
}

/**
 * The one place that names who did something: a person by the name, programs and wisp itself in words. `name`: that at the time, where
 * it is stored; '' or missing where it is not.
 */
export function Actor(props: {
  id: string
  name?: string | undefined
  /** A sentence around the name. */
  words?(name: string): string
}): ReactNode {
  const t = useText('common')
  const { corpId } = useSession()
  const id = props.id.replace(/^developer:/, '')
  const word = Object.hasOwn(words, id) ? words[id as keyof typeof words] : undefined
  const isAsked = !word && !props.name && id !== '' && id === props.id
  const { data } = useQuery({
    queryKey: ['/web/console/names', corpId, id],
    queryFn: () => nameOf(corpId, id),
    enabled: isAsked,
    staleTime: Number.POSITIVE_INFINITY,
  })
  const name = word ? t(word) : props.name || data || id || '—'
  return <bdi title={id}>{props.words ? props.words(name) : name}</bdi>
}

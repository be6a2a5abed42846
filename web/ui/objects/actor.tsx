import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { api } from '../data/api.ts'
import { useSession } from '../data/session.tsx'
import { useText } from '../text.ts'
import { actorWord, createNaming } from './actor-names.ts'

const nameOf = createNaming(async ids => (await api.get('/web/console/names', { ids })).list)

/**
 * The one place that names who did something: a person by the name, programs and wisp itself in words. `name`: that at the time, where
 * it is stored; '' or missing where it is not.
 */
export function Actor(props: {
  id: string
  name?: string | undefined
  /** Where it may be another corp's than the chosen one: accounts of two corps may be alike. Null: of no corp. */
  corpId?: string | null
  /** A sentence around the name. */
  words?(name: string): string
}): ReactNode {
  const t = useText('common')
  const { corpId } = useSession()
  const isOurs = props.corpId === undefined || props.corpId === corpId
  const id = props.id.replace(/^developer:/, '')
  const word = actorWord(id, props.name)
  const isAsked = isOurs && !word && !props.name && id !== '' && id === props.id
  const { data } = useQuery({
    queryKey: ['/web/console/names', corpId, id],
    queryFn: () => nameOf(corpId, id),
    enabled: isAsked,
    staleTime: Number.POSITIVE_INFINITY,
  })
  const name = word ? t(word) : props.name || data || id || '—'
  return <bdi title={id}>{props.words ? props.words(name) : name}</bdi>
}

import { useQuery } from '@tanstack/react-query'
import { type ReactNode, useState } from 'react'
import { api } from '../ui/data/api.ts'
import { useCorpName } from '../ui/data/session.tsx'
import { useNarrow } from '../ui/look/width.ts'
import { usePageName } from '../ui/page-name.ts'
import { useText } from '../ui/text.ts'
import { PickerDialog } from '../workbench/popups/picker-dialog.tsx'
import { type Choice, type PopupCall, readAsk } from '../workbench/popups/popup-rules.ts'
import { Failed, Waiting } from '../workbench/states.tsx'

/** The picker for an app's page that is in no frame: it left itself for this page, which goes back to it. */
export function PickPage(): ReactNode {
  const t = useText('portal')
  const isNarrow = useNarrow()
  const [wanted] = useState(() => readWanted(location))
  const { data, error, refetch } = useQuery({
    queryKey: ['/web/portal/picker/app', wanted?.to],
    queryFn: ({ signal }) => api.get('/web/portal/picker/app', { to: wanted?.to ?? '' }, signal),
    enabled: wanted !== undefined,
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
  })
  const selected = wanted?.ask.options.selected ?? []
  const named = useQuery({
    queryKey: ['/web/portal/picker/names', selected],
    queryFn: () => api.post('/web/portal/picker/names', idsOf(wanted?.ask)),
    enabled: data !== undefined && selected.length > 0,
    staleTime: Number.POSITIVE_INFINITY,
  })
  usePageName(data?.name ?? t('home'), useCorpName())
  if (!wanted) return <Failed error={new Error(t('pickBroken'))} retry={() => location.assign('/mobile')} />
  if (error) return <Failed error={error} retry={() => void refetch()} />
  if (named.error) return <Failed error={named.error} retry={() => void named.refetch()} />
  if (!data || named.isLoading) return <Waiting />
  return (
    <PickerDialog
      ask={withNames(wanted.ask, named.data?.list ?? [])}
      isPhone={isNarrow}
      onDone={value => location.replace(wayBack(wanted, value))}
    />
  )
}

type PickRequest = { ask: PopupCall; to: string }

function readWanted({ search, hash }: Location): PickRequest | undefined {
  const query = new URLSearchParams(search)
  try {
    const options = JSON.parse(query.get('options') ?? '{}')
    const selected = hash ? JSON.parse(decodeURIComponent(hash.slice(1))) : []
    // Everybody can write this address, so that the picker's title is our own.
    const shown = { ...options, selected, title: '' }
    const given = { wisp: 1, id: query.get('id'), act: query.get('act'), options: shown }
    const ask = readAsk(given)
    const to = query.get('to') ?? ''
    return ask && ask.act !== 'ticket' && URL.canParse(to) ? { ask, to } : undefined
  } catch {
    return undefined
  }
}

function idsOf(ask: PopupCall | undefined): { userIds: string[]; orgIds: string[] } {
  const ids = (ask?.options.selected ?? []).map(one => one.id)
  return ask?.act === 'pickMembers' ? { userIds: ids, orgIds: [] } : { userIds: [], orgIds: ids }
}

/** Everybody can write this address, so that the names of those who are chosen already come from the server. */
function withNames(ask: PopupCall, selected: Choice[]): PopupCall {
  return { ...ask, options: { ...ask.options, selected } }
}

/** The choice is in the fragment: it may be long, and the app's server need not see it. */
function wayBack({ ask, to }: PickRequest, value: unknown): string {
  const answer = encodeURIComponent(JSON.stringify({ id: ask.id, act: ask.act, value }))
  return `${to}${to.includes('#') ? '&' : '#'}wisp-picked=${answer}`
}

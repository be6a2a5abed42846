import { keepPreviousData, useQuery, useQueryClient } from '@tanstack/react-query'
import { createContext, lazy, type ReactNode, use, useCallback, useEffect, useMemo, useState } from 'react'
import { useLanguage } from '../language.ts'
import { showWatermark } from '../protection/watermark.ts'
import { readStored, writeChoice } from '../storage/stored.ts'
import { setPageZone } from '../values/zone.ts'
import { type Answer, api, setCredentials, signIn } from './api.ts'
import { isAway, pauseAfterMs } from './away.ts'
import { CorpClosed } from './corp-closed.tsx'
import { level } from './level.ts'

type SignedInSession = Extract<Answer<'/web/session'>, { signedIn: true }>

export type Session = SignedInSession & {
  /** The corp that the pages are about; '' before the first one is connected. */
  corpId: string
  /** The optional features that the corp has on, by name. */
  features: ReadonlySet<string>
  /** True only for the system super administrator. */
  canChooseCorp: boolean
  chooseCorp(corpId: string): void
  /** The level is 1 or 2. */
  isSuper: boolean
  isSystem: boolean
  /** Gives and takes roles, or proposes it where the three administrators are separated. */
  givesRoles: boolean
  signOut(everywhere?: boolean): Promise<void>
}

const OutsideNetworks = lazy(() =>
  import('../protection/outside-networks.tsx').then(file => ({ default: file.OutsideNetworks })),
)

const storedCorp = 'wisp.corp'
const SessionContext = createContext<Session | undefined>(undefined)

/** The session of the person who is signed in. Inside SessionProvider there always is one. */
export function useSession(): Session {
  const session = use(SessionContext)
  if (!session) throw new Error('useSession outside of SessionProvider')
  return session
}

/** Whether the page inside is about all corps, and so stands under the name of none. */
export const OfAllCorps = createContext(false)

/** The name of the corp that the page is about; '' before the first one is connected, and on pages about all corps. */
export function useCorpName(): string {
  const { corps, corpId } = useSession()
  const isOfAll = use(OfAllCorps)
  return isOfAll ? '' : (corps.find(one => one.corpId === corpId)?.name ?? '')
}

/** Members need a second factor for what their role allows alone; a local account needs it for every page. */
function isAdministrating({ person }: SignedInSession): boolean {
  return person.roleLevel === level.system || /^\/(console|developer)(\/|$)/.test(location.pathname)
}

/** Reads the session and shows `children` to somebody who is signed in; everybody else is sent to /signin. */
export function SessionProvider(props: {
  children: ReactNode
  loading: ReactNode
  failed(error: Error, retry: () => void): ReactNode
}): ReactNode {
  const language = useLanguage()
  const { data, error, refetch } = useQuery({
    // The name of the system super administrator depends on the language. The old answer is shown until the
    // new one arrives.
    queryKey: ['/web/session', language],
    queryFn: () => api.get('/web/session'),
    placeholderData: keepPreviousData,
    staleTime: Number.POSITIVE_INFINITY,
    refetchInterval: ({ state }) => isAway(state.error) && pauseAfterMs(state.errorUpdatedAt),
  })
  if (error && !data) return props.failed(error, () => void refetch())
  if (!data) return props.loading
  if (
    !data.signedIn ||
    data.mustChangePassword ||
    (isAdministrating(data) && (data.mustEnrol || data.mustProve))
  ) {
    signIn()
    return props.loading
  }
  return <Provide answer={data}>{props.children}</Provide>
}

function Provide(props: { answer: SignedInSession; children: ReactNode }): ReactNode {
  const { answer } = props
  const client = useQueryClient()
  const canChooseCorp = answer.person.roleLevel === level.system
  const [chosen, setChosen] = useState(() => (canChooseCorp ? readStored(storedCorp) : ''))
  // The system super administrator, who looks as a role of a corp, names it with each call.
  const viewed = answer.viewing && answer.person.corpId === '' ? (answer.corps[0]?.corpId ?? '') : ''
  const known = answer.corps.some(corp => corp.corpId === chosen)
  const corpId = canChooseCorp
    ? known
      ? chosen
      : (answer.corps[0]?.corpId ?? '')
    : answer.person.corpId || viewed
  // Must run before the components below make their first call.
  setCredentials({ csrf: answer.csrf, corpId: canChooseCorp ? corpId : viewed })
  setPageZone(answer.corps.find(corp => corp.corpId === corpId)?.timeZone)
  const chooseCorp = useCallback(
    (next: string) => {
      writeChoice(storedCorp, next)
      setCredentials({ csrf: answer.csrf, corpId: next })
      setChosen(next)
      client.removeQueries({ predicate: query => query.queryKey[0] !== '/web/session' })
    },
    [answer.csrf, client],
  )
  const session = useMemo<Session>(
    () => ({
      ...answer,
      person: answer.person.isHelpDesk ? { ...answer.person, roleLevel: level.helpDesk } : answer.person,
      corpId,
      features: new Set(answer.corps.find(corp => corp.corpId === corpId)?.features),
      canChooseCorp,
      chooseCorp,
      isSystem: canChooseCorp,
      isSuper: canChooseCorp || answer.person.roleLevel === level.superAdministrator,
      givesRoles:
        canChooseCorp ||
        answer.person.roleLevel === level.superAdministrator ||
        answer.points['role:edit'] === 'corp',
      signOut,
    }),
    [answer, corpId, canChooseCorp, chooseCorp],
  )
  useWatermark(answer.watermark)
  const isOutside = answer.outside !== '' && location.pathname.startsWith('/console')
  const own = canChooseCorp ? undefined : answer.corps.find(corp => corp.corpId === corpId)
  return (
    <SessionContext value={session}>
      {own?.closure ? (
        <CorpClosed name={own.name} reason={own.closure.reason} signOut={signOut} />
      ) : isOutside ? (
        <OutsideNetworks address={answer.outside} signOut={signOut} />
      ) : (
        props.children
      )}
    </SessionContext>
  )
}

function useWatermark(words: string): void {
  useEffect(() => (words === '' ? undefined : showWatermark(words)), [words])
}

async function signOut(everywhere = false): Promise<void> {
  await api.post(everywhere ? '/web/sign-out-everywhere' : '/web/sign-out')
  // `out=1` is needed inside WeCom, where the sign-in page would otherwise sign the person in again at once.
  location.assign('/signin?out=1')
}

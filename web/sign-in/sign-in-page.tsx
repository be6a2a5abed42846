import { useQuery, useQueryClient } from '@tanstack/react-query'
import { type ReactNode, useEffect, useState } from 'react'
import type { SignInFault } from '../../server/callers/refusals/refusal-words.ts'
import { pageBrand } from '../ui/brand.ts'
import { type Answer, api, setCredentials } from '../ui/data/api.ts'
import { type Refusal, useRefusal } from '../ui/error-number.tsx'
import { useLanguage } from '../ui/language.ts'
import { usePageName } from '../ui/page-name.ts'
import { changeLanguage, useText } from '../ui/text.ts'
import { BrandLogo } from '../workbench/brand-mark.tsx'
import { SiteFooter } from '../workbench/site-footer.tsx'
import { Failed } from '../workbench/states.tsx'
import { ChangePassword } from './change-password.tsx'
import { Enrol } from './enrol.tsx'
import { Entrances } from './entrances/entrances.tsx'
import { GiveFactor } from './give-factor.tsx'
import { mustConfirm, type Need, needOf } from './need.ts'
import { Notice } from './notice.tsx'
import { Waiting } from './waiting.tsx'
import { addressOfPage, homeOf } from './where-to.ts'

export function SignInPage(): ReactNode {
  const t = useText('sign-in')
  const language = useLanguage()
  const brand = pageBrand()
  return (
    <main className="sign-in">
      <div className="sign-in-head">
        <BrandLogo brand={brand} size={48} />
        <h1>
          <bdi>{brand.name || 'wisp'}</bdi>
        </h1>
        <p>{t('subtitle')}</p>
      </div>
      <div className="sign-in-card">
        <Content />
      </div>
      <button
        type="button"
        className="sign-in-language"
        lang={language === 'zh' ? 'en' : 'zh-CN'}
        onClick={() => void changeLanguage(language === 'zh' ? 'en' : 'zh')}
      >
        {language === 'zh' ? 'English' : '中文'}
      </button>
      <SiteFooter brand={brand} privacy={t('privacy')} />
    </main>
  )
}

const query = new URLSearchParams(location.search)
const need = needOf(query)
/** A window that was opened beside a page whose session has ended. */
const isBeside = query.has('again')
/** '' when the person was not sent here by a refusal. Whether there was one says the server alone. */
const refused = query.get('refused')?.slice(0, 64) ?? ''

function Content(): ReactNode {
  const t = useText('sign-in')
  // What was typed to sign in is not asked for again by what follows at once.
  const [password, setPassword] = useState('')
  const [hasProved, setProved] = useState(false)
  const refusal = useRefusal(refused)
  const { data, error, refetch } = useQuery({
    queryKey: ['/web/session'],
    queryFn: () => api.get('/web/session'),
  })
  const mustChange = data?.signedIn === true && data.mustChangePassword
  usePageName(t(mustChange ? 'changeTitle' : 'title'))
  if (error) return <Failed error={error} retry={() => void refetch()} />
  if (!data || refusal === undefined) return <Waiting />
  const proved = async (typed = '') => {
    setPassword(typed)
    await refetch()
    setProved(true)
  }
  if (!data.signedIn)
    return (
      <>
        {refused ? (
          <Refused refusal={refusal} />
        ) : data.lost ? (
          <Notice kind="info" title={t(data.lost)} />
        ) : null}
        <Entrances need={need} refusedFor={refusal?.fault} onSignedIn={typed => void proved(typed)} />
      </>
    )
  setCredentials({ csrf: data.csrf, corpId: '' })
  if (data.mustChangePassword)
    return (
      <ChangePassword
        known={password}
        onDone={next => {
          setPassword(next)
          void refetch()
        }}
      />
    )
  return <Further session={data} known={password} hasProved={hasProved} refusal={refusal} onProved={proved} />
}

type Session = Extract<Answer<'/web/session'>, { signedIn: true }>

/** What is still to be done by somebody who is signed in, first things first. */
function Further(props: {
  session: Session
  known: string
  hasProved: boolean
  refusal: Refusal | null
  onProved(password?: string): Promise<void>
}): ReactNode {
  const { session, known, refusal, onProved } = props
  const client = useQueryClient()
  const [isSettingUp, setSettingUp] = useState(need.wantsSetup || session.mustEnrol)
  const [isDone, setDone] = useState(false)
  const home = homeOf(session.person.roleLevel)
  const leave = <Leave to={need.to ?? home} />
  const confirm = (
    <Confirm
      need={isSettingUp ? { ...need, wantsSetup: true } : need}
      session={session}
      refusal={refusal}
      onProved={onProved}
    />
  )
  if (isDone) return leave
  if (refused || mustConfirm(session, need, props.hasProved)) return confirm
  if (isSettingUp || session.mustEnrol)
    return (
      <Enrol
        known={known}
        isMember={session.person.roleLevel !== 1}
        isRequired={session.mustEnrol}
        confirm={confirm}
        onDone={() => setDone(true)}
        onBack={session.mustEnrol ? signOut : () => location.assign(addressOfPage(need.to ?? home))}
      />
    )
  if (session.mustProve || (need.acr === 3 && session.proof.acr < 3))
    return (
      <GiveFactor
        onDone={() => void onProved()}
        onNone={() => <SetUpFirst onGo={() => setSettingUp(true)} />}
        onBack={() => {
          client.removeQueries({ queryKey: ['/web/second-factor'] })
          signOut()
        }}
      />
    )
  return leave
}

/** The page that they want asks for a second factor, and they have none. */
function SetUpFirst(props: { onGo(): void }): ReactNode {
  const t = useText('sign-in')
  return (
    <>
      <h2>{t('secondFactor')}</h2>
      <p className="wb-quiet sign-in-lead">{t('factorWanted')}</p>
      <button type="button" className="wb-button wb-primary sign-in-go" onClick={props.onGo}>
        {t('enrolTitle')}
      </button>
      <div className="sign-in-ways">
        <button type="button" className="wb-link" onClick={signOut}>
          {t('otherAccount')}
        </button>
      </div>
    </>
  )
}

/** Somebody is signed in, and shows once more that it is them. */
function Confirm(props: {
  need: Need
  session: Session
  refusal: Refusal | null
  onProved(password?: string): Promise<void>
}): ReactNode {
  const t = useText('sign-in')
  const { corpId, userName } = props.session.person
  return (
    <>
      <h2>{t('confirmTitle')}</h2>
      <p className="wb-quiet sign-in-lead">{t('confirmHint', { name: userName })}</p>
      {refused ? <Refused refusal={props.refusal} /> : null}
      <Entrances
        need={{ ...props.need, isFresh: true }}
        only={corpId}
        refusedFor={props.refusal?.fault}
        onSignedIn={typed => void props.onProved(typed)}
      />
      <div className="sign-in-ways">
        <button type="button" className="wb-link" onClick={signOut}>
          {t('otherAccount')}
        </button>
      </div>
    </>
  )
}

/** Ends the session, for another account. */
function signOut(): void {
  void api.post('/web/sign-out').finally(() => location.assign('/signin?out=1'))
}

function Leave(props: { to: string }): ReactNode {
  const t = useText('sign-in')
  useEffect(() => {
    if (isBeside) close()
    else location.replace(addressOfPage(props.to))
  }, [props.to])
  return (
    <div role="status" className="sign-in-entering">
      {t(isBeside ? 'goBackToPage' : 'entering')}
    </div>
  )
}

/** The server's codes; a code without words here does not compile. */
const faults: Record<SignInFault, Parameters<ReturnType<typeof useText<'sign-in'>>>[0]> = {
  agent: 'errorAgent',
  code: 'errorCode',
  corp: 'errorCorp',
  denied: 'errorDenied',
  inactive: 'errorInactive',
  outsider: 'errorOutsider',
  sessions: 'errorSessions',
  state: 'errorState',
  suspended: 'errorSuspended',
  unknown: 'errorUnknown',
  upstream: 'errorUpstream',
  wecom: 'errorWecom',
}

function Refused({ refusal }: { refusal: Refusal | null }): ReactNode {
  const t = useText('sign-in')
  if (!refusal) return <Notice kind="bad" title={t('errorOther')} />
  const { fault, detail } = refusal
  const key = Object.hasOwn(faults, fault) ? faults[fault as SignInFault] : 'errorOther'
  return <Notice kind="bad" title={t(key)} detail={detail} number={refused} />
}

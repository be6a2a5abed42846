import { useQuery } from '@tanstack/react-query'
import { type ReactNode, useEffect, useState } from 'react'
import { pageBrand } from '../ui/brand.ts'
import { api, setCredentials } from '../ui/data/api.ts'
import { useLanguage } from '../ui/language.ts'
import { usePageName } from '../ui/page-name.ts'
import { changeLanguage, useText } from '../ui/text.ts'
import { BrandLogo } from '../workbench/brand-mark.tsx'
import { SiteFooter } from '../workbench/site-footer.tsx'
import { Failed } from '../workbench/states.tsx'
import { ChangePassword } from './change-password.tsx'
import { Enrol } from './enrol.tsx'
import { Entrances } from './entrances.tsx'
import { Notice } from './notice.tsx'
import { Waiting } from './waiting.tsx'
import { homeOf, wantedPage } from './where-to.ts'

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
const to = wantedPage(query)
/** A window that was opened beside a page whose session has ended. */
const isBeside = query.has('again')
const fault = query.get('error')
/** Anybody can craft the address, so what does not look like a number is not shown. */
const number = /^[\w-]{1,64}$/.exec(query.get('number') ?? '')?.[0] ?? ''
const wantsSetup = query.get('setup') === 'second-factor'

function Content(): ReactNode {
  const t = useText('sign-in')
  // What was typed to sign in is not asked for again by what follows at once.
  const [password, setPassword] = useState('')
  const [enrolment, setEnrolment] = useState<'none' | 'open' | 'done'>(wantsSetup ? 'open' : 'none')
  const { data, error, refetch } = useQuery({
    queryKey: ['/web/session'],
    queryFn: () => api.get('/web/session'),
  })
  const mustChange = data?.signedIn === true && data.mustChangePassword
  const isEnrolling = data?.signedIn === true && enrolment === 'open'
  usePageName(t(mustChange ? 'changeTitle' : isEnrolling ? 'enrolTitle' : 'title'))
  if (error) return <Failed error={error} retry={() => void refetch()} />
  if (!data) return <Waiting />
  if (data.signedIn) {
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
    // The recovery codes stay on the screen while the session is read again.
    if (data.mustEnrol && enrolment === 'none') setEnrolment('open')
    if (enrolment === 'open' && data.person.roleLevel === 1)
      return (
        <Enrol
          known={password}
          isRequired={data.mustEnrol}
          onDone={() => setEnrolment('done')}
          onBack={data.mustEnrol ? signOut : () => location.assign(to ?? homeOf(data.person.roleLevel))}
        />
      )
    return <Leave to={to ?? homeOf(data.person.roleLevel)} />
  }
  return (
    <>
      {fault ? <Fault fault={fault} detail={query.get('detail') ?? ''} number={number} /> : null}
      <Entrances
        to={to}
        onSignedIn={typed => {
          setPassword(typed)
          void refetch()
        }}
      />
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
    else location.replace(props.to)
  }, [props.to])
  return (
    <div role="status" className="sign-in-entering">
      {t(isBeside ? 'goBackToPage' : 'entering')}
    </div>
  )
}

const faults = {
  agent: 'errorAgent',
  code: 'errorCode',
  corp: 'errorCorp',
  denied: 'errorDenied',
  inactive: 'errorInactive',
  outsider: 'errorOutsider',
  state: 'errorState',
  unknown: 'errorUnknown',
  upstream: 'errorUpstream',
  wecom: 'errorWecom',
} as const

function Fault(props: { fault: string; detail: string; number: string }): ReactNode {
  const t = useText('sign-in')
  const { fault } = props
  const key = Object.hasOwn(faults, fault) ? faults[fault as keyof typeof faults] : 'errorOther'
  return <Notice kind="bad" title={t(key)} detail={props.detail.slice(0, 300)} number={props.number} />
}

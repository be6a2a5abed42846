import { useQuery } from '@tanstack/react-query'
import { Alert, Card } from 'antd'
import { type ReactNode, Suspense, useEffect } from 'react'
import { api, setCredentials } from '../ui/api.ts'
import { ErrorState, Loading } from '../ui/feedback.tsx'
import { setLanguage, useLanguage } from '../ui/language.ts'
import type { SessionAnswer } from '../ui/session.tsx'
import { useText } from '../ui/text.ts'
import { ChangePassword } from './change-password.tsx'
import { Entrances } from './entrances.tsx'
import './sign-in.css'
import { homeOf, wantedPage } from './where-to.ts'

export function SignInPage(): ReactNode {
  const t = useText('sign-in')
  const language = useLanguage()
  useEffect(() => {
    document.title = `${t('title')} · wisp`
  }, [t])
  return (
    <main className="sign-in">
      <div className="sign-in-head">
        <img src="/icon.svg" alt="" width={48} height={48} />
        <h1>wisp</h1>
        <p>{t('subtitle')}</p>
      </div>
      <Card className="sign-in-card">
        <Suspense fallback={<Loading />}>
          <Content />
        </Suspense>
      </Card>
      <button
        type="button"
        className="sign-in-language"
        lang={language === 'zh' ? 'en' : 'zh-CN'}
        onClick={() => setLanguage(language === 'zh' ? 'en' : 'zh')}
      >
        {language === 'zh' ? 'English' : '中文'}
      </button>
    </main>
  )
}

const query = new URLSearchParams(location.search)
const to = wantedPage(query)
const fault = query.get('error')

function Content(): ReactNode {
  const { data, error, refetch } = useQuery({
    queryKey: ['/web/session'],
    queryFn: () => api.get<SessionAnswer>('/web/session'),
  })
  if (error) return <ErrorState error={error} retry={() => void refetch()} />
  if (!data) return <Loading />
  if (data.signedIn) {
    setCredentials({ csrf: data.csrf, corpId: '' })
    if (data.mustChangePassword) return <ChangePassword onDone={() => void refetch()} />
    return <Leave to={to ?? homeOf(data.person.roleLevel)} />
  }
  return (
    <>
      {fault ? <Fault fault={fault} detail={query.get('detail') ?? ''} /> : null}
      <Entrances to={to} onSignedIn={() => void refetch()} />
    </>
  )
}

function Leave(props: { to: string }): ReactNode {
  const t = useText('sign-in')
  useEffect(() => location.replace(props.to), [props.to])
  return (
    <div role="status" style={{ textAlign: 'center' }}>
      {t('entering')}
      <Loading height={80} />
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

function Fault(props: { fault: string; detail: string }): ReactNode {
  const t = useText('sign-in')
  const { fault } = props
  const key = Object.hasOwn(faults, fault) ? faults[fault as keyof typeof faults] : 'errorOther'
  return (
    <Alert
      type="error"
      showIcon
      title={t(key)}
      description={props.detail.slice(0, 300) || undefined}
      style={{ marginBottom: 20 }}
    />
  )
}

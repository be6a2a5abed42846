import { Button } from 'antd'
import type { ReactNode } from 'react'
import { useAct } from '../../../ui/data/act.tsx'
import { Panel } from '../../../ui/panel.tsx'
import { useText } from '../../../ui/text.ts'
import { CopyButton } from '../../../ui/values/copy.tsx'
import { useKeepFresh } from '../programs/fresh.ts'
import type { SignIn } from './form-values.ts'

/** What the application is set up with, to be copied, and the way to try it. */
export function Addresses({ signIn }: { signIn: SignIn }): ReactNode {
  const t = useText('app-sign-in')
  const { appId, oidc, cas, issuer, casBase } = signIn
  const base = oidc ? issuer : casBase
  const shown: [string, string][] = oidc
    ? [
        [t('clientId'), oidc.clientId],
        ['issuer', issuer],
        [t('discovery'), `${issuer}/.well-known/openid-configuration`],
      ]
    : [
        [t('casBase'), casBase],
        [t('casLogin'), `${casBase}/login`],
        [t('casValidate'), `${casBase}/p3/serviceValidate`],
        [t('casLogout'), `${casBase}/logout`],
      ]
  return (
    <Panel
      title={t('addresses')}
      extra={
        <Button
          type="primary"
          href={`${new URL(base).origin}/signin/trial/${encodeURIComponent(appId)}`}
          target="_blank"
          rel="noopener"
        >
          {t('tryIt')}
        </Button>
      }
    >
      <dl className="sign-in-facts">
        {shown.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>
              <code>{value}</code>
              <CopyButton value={value} what={name} />
            </dd>
          </div>
        ))}
      </dl>
      {oidc && !oidc.isPublic ? <RenewSecret id={appId} /> : null}
      {cas ? <p className="wisp-quiet">{t('casHint')}</p> : null}
    </Panel>
  )
}

function RenewSecret({ id }: { id: string }): ReactNode {
  const t = useText('app-sign-in')
  const keepFresh = useKeepFresh()
  const act = useAct('/web/apps/sign-in/renew-secret', {
    refresh: ['/web/apps/sign-in'],
    confirm: () => ({
      title: t('renewAsk'),
      content: t('renewHint'),
      okText: t('renew'),
      danger: true,
    }),
  })
  const renew = async () => {
    const made = await act.run({ id })
    if (made) keepFresh(id, { secret: made.clientSecret })
  }
  return (
    <Button loading={act.isRunning} onClick={() => void renew()}>
      {t('renewSecret')}
    </Button>
  )
}

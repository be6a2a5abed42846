import { Button } from 'antd'
import { type ReactNode, useState } from 'react'
import { useRead } from '../../../ui/data/read.ts'
import { EmptyState, ErrorState, Loading } from '../../../ui/feedback.tsx'
import { Panel } from '../../../ui/panel.tsx'
import { useText } from '../../../ui/text.ts'
import { CopyButton } from '../../../ui/values/copy.tsx'
import { State } from '../../../ui/values/state.tsx'
import '../../apps/sign-in/sign-in.css'
import '../developers.css'
import { AddressForm } from './address-form.tsx'
import { AskClaims } from './ask-claims.tsx'
import type { OwnSignIn } from './own-sign-in.ts'

/** How the apps of a developer sign people in, and what its owners may change of that. */
export function OwnSignIns({ devId }: { devId: string }): ReactNode {
  const t = useText('app-sign-in')
  const read = useRead('/web/developers/app-sign-ins', { devId })
  if (read.error && !read.data) return <ErrorState error={read.error} retry={() => void read.refetch()} />
  if (!read.data) return <Loading />
  const list = read.data.list.filter(one => one.kind === 'oidc' || one.kind === 'cas')
  if (list.length === 0) return <EmptyState title={t('ownNone')} hint={t('ownNoneHint')} />
  return (
    <div className="developers-part">
      <div className="wisp-quiet">{t('ownHint')}</div>
      {list.map(one => (
        <Panel key={one.appId} title={`${one.appName} · ${t(`kind_${one.kind}`)}`}>
          <Facts signIn={one} />
          <Claims devId={devId} signIn={one} />
          <AddressForm devId={devId} signIn={one} reread={() => read.refetch()} />
        </Panel>
      ))}
    </div>
  )
}

function Facts({ signIn }: { signIn: OwnSignIn }): ReactNode {
  const t = useText('app-sign-in')
  const { oidc, issuer, casBase } = signIn
  const shown: [string, string][] = oidc
    ? [
        [t('clientId'), oidc.clientId],
        ['issuer', issuer],
      ]
    : [[t('casBase'), casBase]]
  return (
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
  )
}

function Claims({ devId, signIn }: { devId: string; signIn: OwnSignIn }): ReactNode {
  const t = useText('app-sign-in')
  const [isAsking, setAsking] = useState(false)
  const left = signIn.claimNames.filter(name => !signIn.claims.some(one => one.name === name))
  return (
    <>
      <h3 className="developers-heading">{t('claims')}</h3>
      <ul className="sign-in-rows">
        {signIn.claims.map(one => (
          <li key={one.name}>
            <span className="sign-in-grow">
              {t(`claim_${one.name}` as 'claim_profile')} <span className="wisp-quiet">{one.purpose}</span>
            </span>
            <State kind={one.approvedAt ? 'good' : 'warn'}>
              {t(one.approvedAt ? 'state_approved' : 'state_asked')}
            </State>
          </li>
        ))}
      </ul>
      {left.length > 0 ? (
        <p>
          <Button onClick={() => setAsking(true)}>{t('ask')}</Button>
        </p>
      ) : null}
      <AskClaims {...{ devId, signIn, names: left }} isOpen={isAsking} onClose={() => setAsking(false)} />
    </>
  )
}

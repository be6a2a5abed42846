import { Button } from 'antd'
import { type ReactNode, useState } from 'react'
import { PageLink } from '../../../ui/address/page-link.tsx'
import type { Row } from '../../../ui/data/api.ts'
import { laterDialog } from '../../../ui/fields/later.tsx'
import { useLanguage } from '../../../ui/language.ts'
import { useText } from '../../../ui/text.ts'

const AskDialog = laterDialog(async () => (await import('../owners/ask-dialog.tsx')).AskDialog)

type LoggedCall = Row<'/web/developers/requests'>

/** The page about the code, and the act that makes the next such call succeed: for its owners, or for administrators. */
export function Mend({ call, isOwn }: { call: LoggedCall; isOwn: boolean }): ReactNode {
  const t = useText('requests')
  const isEnglish = useLanguage() === 'en'
  return (
    <div style={{ display: 'flex', flexWrap: 'wrap', gap: '8px 16px', alignItems: 'center' }}>
      {isOwn ? <OwnersAct call={call} /> : <AdministratorsAct call={call} />}
      <a href={`/docs${isEnglish ? '/en' : ''}/errors/${call.code}`} target="_blank" rel="noreferrer">
        {t('help', { code: call.code })}
      </a>
    </div>
  )
}

function OwnersAct({ call }: { call: LoggedCall }): ReactNode {
  const t = useText('requests')
  const [isAsking, setAsking] = useState(false)
  const [kind = '', scope = ''] = call.mend.split(' ')
  if (kind === 'scope')
    return (
      <>
        <Button type="primary" onClick={() => setAsking(true)}>
          {t('askScope', { scope })}
        </Button>
        <AskDialog devId={call.devId} scopes={[scope]} isOpen={isAsking} onClose={() => setAsking(false)} />
      </>
    )
  if (kind === 'path')
    return (
      <>
        <Button type="primary" onClick={() => setAsking(true)}>
          {t('askPath')}
        </Button>
        <AskDialog
          devId={call.devId}
          scopes={[]}
          wanted={[scope]}
          isOpen={isAsking}
          onClose={() => setAsking(false)}
        />
      </>
    )
  const part = ownersParts[kind]
  if (part) return <PartLink to={`/developer/${call.devId}`} search={{ part }} kind={kind} />
  return kind === 'feature' || kind === 'messages' ? <span>{t('askAdministrator')}</span> : null
}

const ownersParts: Record<string, string> = { secret: 'secrets', limits: 'limits', token: 'sample' }

function AdministratorsAct({ call }: { call: LoggedCall }): ReactNode {
  const [kind = ''] = call.mend.split(' ')
  if (kind === 'feature') return <PartLink to="/console/system/features" kind={kind} />
  if (kind === 'messages') return <PartLink to="/console/messages/settings" kind={kind} />
  const part = administratorsParts[kind]
  if (!part) return null
  return <PartLink to="/console/apps/developers" search={{ open: call.devId, part }} kind={kind} />
}

const administratorsParts: Record<string, string> = {
  scope: 'settings',
  path: 'settings',
  secret: 'secrets',
  limits: 'limits',
  token: 'sample',
}

function PartLink(props: { to: string; search?: Record<string, string>; kind: string }): ReactNode {
  const t = useText('requests')
  const words = {
    scope: t('toScopes'),
    path: t('toScopes'),
    secret: t('toSecrets'),
    limits: t('toLimits'),
    token: t('toToken'),
  }
  const others = { feature: t('toFeatures'), messages: t('toMessages') }
  const name = { ...words, ...others }[props.kind]
  return (
    <PageLink to={props.to} search={props.search ?? {}}>
      {name}
    </PageLink>
  )
}

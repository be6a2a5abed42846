import { Alert, Button, Tooltip } from 'antd'
import type { ReactNode } from 'react'
import { DrawerActions } from '../../ui/address/drawer.tsx'
import { useAct } from '../../ui/data/act.tsx'
import type { Answer } from '../../ui/data/api.ts'
import { useRead } from '../../ui/data/read.ts'
import { ErrorState, Loading } from '../../ui/feedback.tsx'
import { useSecretOnce } from '../../ui/secret-once.tsx'
import { useText } from '../../ui/text.ts'
import { CopyId } from '../../ui/values/copy.tsx'
import { State } from '../../ui/values/state.tsx'
import { Time } from '../../ui/values/time.tsx'
import './developers.css'

const liveAtMost = 2
const callsShown = 5
const compatPath = '/web/developers/compat'

type View = Answer<typeof compatPath>

/** What a system that sends by WeCom's API is given in the place of WeCom's: address, corpid, agentid and a secret of its own. */
export function Compat(props: { devId: string }): ReactNode {
  const t = useText('compat')
  const { devId } = props
  const read = useRead(compatPath, { devId })
  if (read.error && !read.data) return <ErrorState error={read.error} retry={() => void read.refetch()} />
  if (!read.data) return <Loading />
  const { base, corpid, agents } = read.data
  return (
    <div className="developers-part">
      <div className="wisp-quiet">{t('hint')}</div>
      {agents.length === 0 ? <Alert type="warning" showIcon title={t('noAgents')} /> : null}
      <dl className="developers-facts">
        <dt>{t('base')}</dt>
        <dd>
          <CopyId value={base} />
        </dd>
        <dt>corpid</dt>
        <dd>
          <CopyId value={corpid} />
        </dd>
        {agents.map(({ agentid, name }) => [
          <dt key={`${agentid}-term`}>agentid</dt>,
          <dd key={agentid}>
            <CopyId value={String(agentid)} /> <span className="wisp-quiet">{name}</span>
          </dd>,
        ])}
      </dl>
      <CompatSecrets devId={devId} view={read.data} />
      <LastCalls devId={devId} />
    </div>
  )
}

function CompatSecrets({ devId, view }: { devId: string; view: View }): ReactNode {
  const t = useText('compat')
  const showOnce = useSecretOnce()
  const { secrets, base, corpid } = view
  const add = useAct('/web/developers/compat/add-secret', { refresh: [compatPath] })
  const addSecret = async () => {
    const made = await add.run({ devId })
    if (made)
      await showOnce({
        title: t('secretTitle'),
        secrets: [
          { label: t('base'), value: base },
          { label: 'corpid', value: corpid },
          { label: 'corpsecret', value: made.corpsecret },
        ],
      })
  }
  const isFull = secrets.length >= liveAtMost
  return (
    <section className="developers-part" aria-label={t('secrets')}>
      <h3 className="developers-heading">{t('secrets')}</h3>
      {secrets.length === 0 ? <div className="wisp-quiet">{t('secretsNone')}</div> : null}
      <ul className="developers-secrets">
        {secrets.map((secret, index) => (
          <SecretLine key={secret.id} devId={devId} secret={secret} n={index + 1} />
        ))}
      </ul>
      <DrawerActions>
        <Tooltip title={isFull ? t('addFull') : ''}>
          <Button disabled={isFull} loading={add.isRunning} onClick={() => void addSecret()}>
            {t('add')}
          </Button>
        </Tooltip>
      </DrawerActions>
    </section>
  )
}

function SecretLine(props: { devId: string; secret: View['secrets'][number]; n: number }): ReactNode {
  const t = useText('compat')
  const { devId, secret, n } = props
  const revoke = useAct('/web/developers/compat/revoke-secret', {
    done: t('revoked'),
    refresh: [compatPath],
    confirm: () => ({
      title: t('revokeTitle', { n }),
      content: t('revokeHint'),
      okText: t('revoke'),
      danger: true,
    }),
  })
  return (
    <li>
      <div>
        <strong>{t('secretNumber', { n })}</strong>
        <div className="wisp-quiet">
          {t('createdAt')} <Time at={secret.createdAt} /> · {t('lastUsed')}{' '}
          <Time at={secret.lastUsedAt} none={t('neverUsed')} />
        </div>
      </div>
      <Button
        size="small"
        danger
        aria-label={`${t('revoke')} #${n}`}
        loading={revoke.isRunning}
        onClick={() => void revoke.run({ devId, secretId: secret.id })}
      >
        {t('revoke')}
      </Button>
    </li>
  )
}

/** The latest sends, with the messages that they became. */
function LastCalls({ devId }: { devId: string }): ReactNode {
  const t = useText('compat')
  const path = '/compat/wecom/cgi-bin/message/send'
  const { data } = useRead('/web/developers/requests', { devId, path, pageSize: callsShown })
  if (!data) return null
  return (
    <section className="developers-part" aria-label={t('calls')}>
      <h3 className="developers-heading">{t('calls')}</h3>
      {data.list.length === 0 ? <div className="wisp-quiet">{t('callsNone')}</div> : null}
      <ul className="developers-list">
        {data.list.map(({ requestId, at, code, params, reason, meaning }) => (
          <li key={requestId}>
            <div className="developers-line">
              <span>
                <Time at={at} /> <span className="wisp-quiet">{params['msgtype']}</span>
              </span>
              <State kind={code === '0' ? 'good' : 'bad'}>{`errcode ${params['errcode'] ?? ''}`}</State>
            </div>
            {code === '0' ? (
              <div className="wisp-quiet">msgid {params['msgid']}</div>
            ) : (
              <div className="developers-reason">{reason || meaning}</div>
            )}
          </li>
        ))}
      </ul>
    </section>
  )
}

import { Alert, Button, Tooltip } from 'antd'
import type { ReactNode } from 'react'
import { DrawerActions } from '../../ui/address/drawer.tsx'
import { useAct } from '../../ui/data/act.tsx'
import type { Answer } from '../../ui/data/api.ts'
import { useSecretOnce } from '../../ui/secret-once.tsx'
import { useText } from '../../ui/text.ts'
import { formatTime } from '../../ui/values/format.ts'
import { State } from '../../ui/values/state.tsx'
import { Time } from '../../ui/values/time.tsx'
import './developers.css'

const liveAtMost = 2

/** The valid secrets with the times of creation and last use. A second one can be added, and each can be revoked. */
export function Secrets(props: { developer: Answer<'/web/developers/one'> }): ReactNode {
  const t = useText('developers')
  const showOnce = useSecretOnce()
  const { devId, secrets } = props.developer
  const add = useAct('/web/developers/add-secret', {
    refresh: ['/web/developers'],
    confirm: () => ({
      title: t('addSecretTitle'),
      content: t('addSecretHint'),
      okText: t('addSecret'),
    }),
  })
  const addSecret = async () => {
    const made = await add.run({ devId })
    if (made)
      await showOnce({
        title: t('secretTitle'),
        secrets: [
          { label: t('devId'), value: devId },
          { label: t('devSecret'), value: made.devSecret },
        ],
      })
  }
  const isFull = secrets.length >= liveAtMost
  return (
    <div style={{ display: 'grid', gap: 16 }}>
      <div className="wisp-quiet">{t('secretsHint')}</div>
      {secrets.length === 0 ? <Alert type="warning" showIcon title={t('secretsNone')} /> : null}
      <ul className="developers-secrets">
        {secrets.map(secret => (
          <SecretLine key={secret.id} secret={secret} devId={devId} isLast={secrets.length === 1} />
        ))}
      </ul>
      <DrawerActions>
        <Tooltip title={isFull ? t('addSecretFull') : ''}>
          <Button disabled={isFull} loading={add.isRunning} onClick={() => void addSecret()}>
            {t('addSecret')}
          </Button>
        </Tooltip>
      </DrawerActions>
    </div>
  )
}

/** Who leaves still knows the secrets that they made. */
function MadeBy(props: { maker: Answer<'/web/developers/one'>['secrets'][number]['createdBy'] }): ReactNode {
  const t = useText('developer-owners')
  const { maker } = props
  if (!maker) return null
  const name = maker.name || maker.userId
  if (!maker.mayAct) return <State kind="warn">{t('madeByGone', { name })}</State>
  return <div className="wisp-quiet">{t('madeBy', { name })}</div>
}

function SecretLine(props: {
  secret: Answer<'/web/developers/one'>['secrets'][number]
  devId: string
  isLast: boolean
}): ReactNode {
  const t = useText('developers')
  const { secret, devId, isLast } = props
  const n = String(secret.number)
  const consequences = [
    t('revokeHint'),
    secret.lastUsedAt ? t('revokeUsed', { time: formatTime(secret.lastUsedAt) }) : t('revokeNever'),
    ...(isLast ? [t('revokeLast')] : []),
  ]
  const revoke = useAct('/web/developers/revoke-secret', {
    done: t('revoked'),
    refresh: ['/web/developers'],
    confirm: () => ({
      title: t('revokeTitle', { n }),
      content: consequences.map(one => <p key={one}>{one}</p>),
      okText: t('revoke'),
      danger: true,
    }),
  })
  return (
    <li>
      <div>
        <strong>{t('secretNumber', { n })}</strong>
        <div className="wisp-quiet">
          {t('createdAt')} <Time at={secret.createdAt} /> · {t('lastToken')}{' '}
          <Time at={secret.lastUsedAt} none={t('neverToken')} />
        </div>
        <MadeBy maker={secret.createdBy} />
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

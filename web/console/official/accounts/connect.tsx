import { Alert } from 'antd'
import type { ReactNode } from 'react'
import { Copies } from '../../../ui/connected/copies.tsx'
import { Examination } from '../../../ui/connected/examination.tsx'
import { useAct } from '../../../ui/data/act.tsx'
import type { Answer } from '../../../ui/data/api.ts'
import { Panel } from '../../../ui/panel.tsx'
import { useText } from '../../../ui/text.ts'
import { State } from '../../../ui/values/state.tsx'
import { Time } from '../../../ui/values/time.tsx'
import { RidDetail } from '../rid-detail.tsx'
import './accounts.css'

export type AccountDetail = Answer<'/web/official/account'>

/** What is pasted into WeChat's own console, and whether everything works. */
export function Connect({ account }: { account: AccountDetail }): ReactNode {
  const t = useText('official')
  const { callback, addresses, sharing, callbackVerifiedAt, mode } = account
  return (
    <div className="official-sections">
      <Panel title={t('callbackTitle')}>
        <p className="wisp-quiet" style={{ marginTop: 0 }}>
          {t('callbackHint')}
        </p>
        <Copies
          values={[
            { label: t('callbackUrl'), value: callback.url },
            { label: 'Token', value: callback.token },
            { label: 'EncodingAESKey', value: callback.encodingAesKey },
          ]}
        />
        <p style={{ margin: '0 0 8px' }}>
          {t('mode')} {t(mode)}
        </p>
        {callbackVerifiedAt ? (
          <State kind="good">
            {t('callbackVerified')} · <Time at={callbackVerifiedAt} />
          </State>
        ) : (
          <State kind="warn">{t('callbackNever')}</State>
        )}
        <Alert type="warning" showIcon title={t('callbackWarning')} style={{ marginTop: 12 }} />
        {sharing.length > 0 ? (
          <Alert
            type="warning"
            showIcon
            title={t('sharingWarning', { names: sharing.join('、') })}
            style={{ marginTop: 12 }}
          />
        ) : null}
      </Panel>
      <Panel title={t('whitelist')}>
        <p className="wisp-quiet" style={{ marginTop: 0 }}>
          {t('whitelistHint')}
        </p>
        {addresses.length > 0 ? (
          <Copies values={addresses.map(value => ({ label: t('address'), value }))} />
        ) : (
          <p style={{ margin: 0 }}>{t('addressesUnknown')}</p>
        )}
      </Panel>
      <Doctor account={account} />
    </div>
  )
}

function Doctor({ account }: { account: AccountDetail }): ReactNode {
  const t = useText('official')
  const { originalId, diagnosis } = account
  const examine = useAct('/web/official/account/doctor', { refresh: ['/web/official/account'] })
  const rids = (diagnosis?.checks ?? []).flatMap(one => /rid: ([0-9a-f-]{8,64})/.exec(one.detail)?.[1] ?? [])
  return (
    <Examination
      title={t('doctor')}
      diagnosis={diagnosis}
      isRunning={examine.isRunning}
      examine={() => void examine.run({ originalId })}
      about={t('examineFirst')}
      waiting={t('examining')}
    >
      <RidDetail originalId={originalId} known={rids} />
    </Examination>
  )
}

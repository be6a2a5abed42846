import { Alert } from 'antd'
import type { ReactNode } from 'react'
import { Copies } from '../../../ui/connected/copies.tsx'
import { Examination } from '../../../ui/connected/examination.tsx'
import { useAct } from '../../../ui/data/act.tsx'
import type { Answer } from '../../../ui/data/api.ts'
import { Panel } from '../../../ui/panel.tsx'
import { useText } from '../../../ui/text.ts'
import { formatTime } from '../../../ui/values/format.ts'
import './merchants.css'

export type MerchantDetail = Answer<'/web/payments/merchants/merchant'>

/** What is entered at WeChat Pay, and whether everything works. */
export function Connect({ merchant }: { merchant: MerchantDetail }): ReactNode {
  const t = useText('payments-merchants')
  const { addresses, hasApiV3Key } = merchant
  return (
    <div className="merchant-sections">
      {hasApiV3Key ? null : (
        <Alert type="error" showIcon title={t('noApiV3Key')} description={t('noApiV3KeyHint')} />
      )}
      <Doctor merchant={merchant} />
      <Panel title={t('enterThere')}>
        <p className="wisp-quiet" style={{ marginTop: 0 }}>
          {t('enterThereHint')}
        </p>
        <Copies
          values={[
            { label: t('jsapiDirectory'), value: addresses.jsapiDirectory },
            { label: t('h5Domain'), value: addresses.h5Domain },
          ]}
        />
      </Panel>
      <Panel title={t('notifyUrl')}>
        <p className="wisp-quiet" style={{ marginTop: 0 }}>
          {t('notifyUrlHint')}
        </p>
        <Copies values={[{ label: t('notifyUrl'), value: addresses.notifyUrl }]} />
      </Panel>
      {merchant.certificates.length > 0 ? (
        <Panel title={t('certificates')}>
          <ul className="merchant-certificates">
            {merchant.certificates.map(one => (
              <li key={one.serial}>
                <code>{one.serial}</code>
                <div className="wisp-quiet">
                  {t('validUntil', { from: formatTime(one.effectiveAt), until: formatTime(one.expiresAt) })}
                </div>
              </li>
            ))}
          </ul>
        </Panel>
      ) : null}
    </div>
  )
}

function Doctor({ merchant }: { merchant: MerchantDetail }): ReactNode {
  const t = useText('payments-merchants')
  const { mchId, diagnosis } = merchant
  const examine = useAct('/web/payments/merchants/doctor', { refresh: ['/web/payments/merchants'] })
  return (
    <Examination
      title={t('doctor')}
      diagnosis={diagnosis}
      isRunning={examine.isRunning}
      examine={() => void examine.run({ mchId })}
      about={t('examineFirst')}
      waiting={t('examining')}
    >
      {diagnosis ? <p className="wisp-quiet">{t('examineOrders')}</p> : null}
    </Examination>
  )
}

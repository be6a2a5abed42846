import { Alert, Button, Card, Spin } from 'antd'
import type { ReactNode } from 'react'
import { useAct } from '../../../ui/data/act.tsx'
import type { Answer } from '../../../ui/data/api.ts'
import { useText } from '../../../ui/text.ts'
import { formatTime } from '../../../ui/values/format.ts'
import { Checks } from '../../corps/checks.tsx'
import { Copies } from '../../corps/copies.tsx'
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
      <Card size="small" title={t('enterThere')}>
        <p className="wisp-quiet" style={{ marginTop: 0 }}>
          {t('enterThereHint')}
        </p>
        <Copies
          values={[
            { label: t('jsapiDirectory'), value: addresses.jsapiDirectory },
            { label: t('h5Domain'), value: addresses.h5Domain },
          ]}
        />
      </Card>
      <Card size="small" title={t('notifyUrl')}>
        <p className="wisp-quiet" style={{ marginTop: 0 }}>
          {t('notifyUrlHint')}
        </p>
        <Copies values={[{ label: t('notifyUrl'), value: addresses.notifyUrl }]} />
      </Card>
      {merchant.certificates.length > 0 ? (
        <Card size="small" title={t('certificates')}>
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
        </Card>
      ) : null}
    </div>
  )
}

function Doctor({ merchant }: { merchant: MerchantDetail }): ReactNode {
  const t = useText('payments-merchants')
  const { mchId, diagnosis } = merchant
  const examine = useAct('/web/payments/merchants/doctor', { refresh: ['/web/payments/merchants'] })
  return (
    <Card size="small" title={t('doctor')}>
      <div className="merchant-examine">
        <Button type="primary" loading={examine.isRunning} onClick={() => void examine.run({ mchId })}>
          {diagnosis ? t('examineAgain') : t('examine')}
        </Button>
        <span className="wisp-quiet" role="status">
          {examine.isRunning
            ? t('examining')
            : diagnosis
              ? t('examinedAt', { time: formatTime(diagnosis.at) })
              : t('examineFirst')}
        </span>
      </div>
      <Spin spinning={examine.isRunning}>
        <Checks checks={diagnosis?.checks ?? []} />
      </Spin>
    </Card>
  )
}

import { Button, Switch } from 'antd'
import type { ReactNode } from 'react'
import { useGo } from '../../../ui/address/url-state.ts'
import { RemoveThing } from '../../../ui/connected/remove-thing.tsx'
import { useAct } from '../../../ui/data/act.tsx'
import { ObjectForm, useObjectForm } from '../../../ui/forms/object-form.tsx'
import { Panel } from '../../../ui/panel.tsx'
import { useText } from '../../../ui/text.ts'
import { formatTime } from '../../../ui/values/format.ts'
import type { MerchantDetail } from './connect.tsx'
import { fieldsOfMerchant, inputOf, MerchantFields, type MerchantValues } from './merchant-fields.tsx'

const root = '/web/payments/merchants'

type Props = { merchant: MerchantDetail; reread(): Promise<unknown> }

/** What was entered, whether the merchant may collect, and how to be rid of it. */
export function MerchantSettings(props: Props): ReactNode {
  const t = useText('payments-merchants')
  const { merchant } = props
  return (
    <div className="merchant-sections">
      <Panel title={t('basics')}>
        <SettingsForm {...props} />
      </Panel>
      <Panel title={t('default')}>
        <Default merchant={merchant} />
      </Panel>
      <Panel title={t('state')}>
        <Enabled merchant={merchant} />
      </Panel>
      <Panel title={t('remove')}>
        <Remove merchant={merchant} />
      </Panel>
    </div>
  )
}

function SettingsForm(props: Props): ReactNode {
  const t = useText('payments-merchants')
  const { merchant, reread } = props
  const object = useObjectForm<MerchantValues, '/web/payments/merchants/save'>(`${root}/save`, {
    shown: valuesOf(merchant),
    version: merchant.version,
    labels: {
      name: t('name'),
      appIds: 'AppID',
      serial: t('serial'),
      publicKeyId: t('publicKeyId'),
      miniProgram: t('miniProgram'),
    },
    fields: fieldsOfMerchant,
    reread,
    done: t('saved'),
    refresh: [root],
  })
  return (
    <ObjectForm
      object={object}
      save={values => void object.run({ ...inputOf(values), version: object.version })}
    >
      <p className="wisp-quiet" style={{ marginTop: 0 }}>
        {t('changedAt', { time: formatTime(merchant.updatedAt) })}
      </p>
      <MerchantFields isConnected />
    </ObjectForm>
  )
}

function valuesOf({ name, mchId, appIds, serial, publicKeyId, miniProgram }: MerchantDetail): MerchantValues {
  const never = { privateKey: undefined, certificate: undefined, apiV3Key: undefined, publicKey: undefined }
  return { name, mchId, appIds: [...appIds], serial, publicKeyId, miniProgram, ...never }
}

function Default({ merchant }: { merchant: MerchantDetail }): ReactNode {
  const t = useText('payments-merchants')
  const { mchId, isDefault } = merchant
  const act = useAct(`${root}/default`, { done: t('saved'), refresh: [root] })
  return (
    <>
      <p className="wisp-quiet" style={{ margin: isDefault ? 0 : '0 0 8px' }}>
        {t(isDefault ? 'isDefaultHint' : 'defaultHint')}
      </p>
      {isDefault ? null : (
        <Button loading={act.isRunning} onClick={() => void act.run({ mchId })}>
          {t('makeDefault')}
        </Button>
      )}
    </>
  )
}

function Enabled({ merchant }: { merchant: MerchantDetail }): ReactNode {
  const t = useText('payments-merchants')
  const { mchId, enabled, name } = merchant
  const act = useAct(`${root}/enable`, {
    refresh: [root],
    confirm: input =>
      input.enabled === '0'
        ? {
            title: t('disableTitle', { name }),
            content: t('disableHint'),
            okText: t('disable'),
            danger: true,
          }
        : undefined,
  })
  return (
    <div style={{ display: 'flex', gap: 12, alignItems: 'center' }}>
      <Switch
        checked={enabled}
        loading={act.isRunning}
        aria-label={t('enabled')}
        onChange={on => void act.run({ mchId, enabled: on ? '1' : '0' })}
      />
      <span className="wisp-quiet">{t(enabled ? 'enabledHint' : 'disableHint')}</span>
    </div>
  )
}

function Remove({ merchant }: { merchant: MerchantDetail }): ReactNode {
  const t = useText('payments-merchants')
  const go = useGo()
  const { mchId, name } = merchant
  const act = useAct(`${root}/remove`, { done: t('removed'), refresh: [root] })
  const remove = async (confirm: string) => {
    if (await act.run({ mchId, confirm })) go('/console/payments/merchants')
  }
  return (
    <RemoveThing
      act={t('remove')}
      title={t('removeTitle', { name })}
      hint={t('removeHint')}
      id={mchId}
      idName={t('mchId')}
      isRunning={act.isRunning}
      remove={remove}
    />
  )
}

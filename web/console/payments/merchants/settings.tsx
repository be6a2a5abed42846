import { App, Button, Card, Form, Input, Modal, Switch } from 'antd'
import { type ReactNode, useState } from 'react'
import { useOpen } from '../../../ui/address/url-drawer.tsx'
import { useAct, useRefresh } from '../../../ui/data/act.tsx'
import { api } from '../../../ui/data/api.ts'
import { useErrorText } from '../../../ui/data/error-text.ts'
import { useUnsaved } from '../../../ui/data/unsaved.ts'
import { useText } from '../../../ui/text.ts'
import { formatTime } from '../../../ui/values/format.ts'
import type { MerchantDetail } from './connect.tsx'
import { inputOf, MerchantFields, type MerchantValues } from './merchant-fields.tsx'

const root = '/web/payments/merchants'

/** What was entered, whether the merchant may collect, and how to be rid of it. */
export function MerchantSettings({ merchant }: { merchant: MerchantDetail }): ReactNode {
  const t = useText('payments-merchants')
  return (
    <div className="merchant-sections">
      <Card size="small" title={t('basics')}>
        <SettingsForm key={merchant.version} merchant={merchant} />
      </Card>
      <Card size="small" title={t('default')}>
        <Default merchant={merchant} />
      </Card>
      <Card size="small" title={t('state')}>
        <Enabled merchant={merchant} />
      </Card>
      <Card size="small" title={t('remove')}>
        <Remove merchant={merchant} />
      </Card>
    </div>
  )
}

function SettingsForm({ merchant }: { merchant: MerchantDetail }): ReactNode {
  const t = useText('payments-merchants')
  const common = useText('common')
  const { message } = App.useApp()
  const textOf = useErrorText()
  const refresh = useRefresh()
  const unsaved = useUnsaved()
  const [isBusy, setBusy] = useState(false)
  const { name, mchId, appIds, serial, publicKeyId, miniProgram, version, updatedAt } = merchant
  const save = async (values: MerchantValues) => {
    setBusy(true)
    try {
      await api.post(`${root}/save`, { ...inputOf(values), version })
      unsaved.clear()
      await refresh(root)
      void message.success(t('saved'))
    } catch (error) {
      void message.error(textOf(error), 6)
    } finally {
      setBusy(false)
    }
  }
  return (
    <Form<MerchantValues>
      layout="vertical"
      scrollToFirstError
      initialValues={{ name, mchId, appIds, serial, publicKeyId, miniProgram }}
      onValuesChange={unsaved.touch}
      onFinish={values => void save(values)}
    >
      <p className="wisp-quiet" style={{ marginTop: 0 }}>
        {t('changedAt', { time: formatTime(updatedAt) })}
      </p>
      <MerchantFields isConnected />
      <Button type="primary" htmlType="submit" loading={isBusy}>
        {common('save')}
      </Button>
    </Form>
  )
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
  const [isOpen, setOpen] = useState(false)
  const [typed, setTyped] = useState('')
  const { close } = useOpen()
  const { mchId, name } = merchant
  const act = useAct(`${root}/remove`, { done: t('removed'), refresh: [root] })
  const remove = async () => {
    if (await act.run({ mchId, confirm: typed.trim() })) close()
  }
  return (
    <>
      <p className="wisp-quiet" style={{ marginTop: 0 }}>
        {t('removeHint')}
      </p>
      <Button danger onClick={() => setOpen(true)}>
        {t('remove')}
      </Button>
      <Modal
        open={isOpen}
        title={t('removeTitle', { name })}
        okText={t('remove')}
        okButtonProps={{ danger: true, disabled: typed.trim() !== mchId }}
        confirmLoading={act.isRunning}
        onOk={() => void remove()}
        onCancel={() => setOpen(false)}
        destroyOnHidden
      >
        <Form.Item label={t('removeConfirm', { id: mchId })} layout="vertical" htmlFor="remove-confirm">
          <Input
            id="remove-confirm"
            autoComplete="off"
            value={typed}
            onChange={event => setTyped(event.target.value)}
          />
        </Form.Item>
      </Modal>
    </>
  )
}

import { App, Button, Card, Form, Switch } from 'antd'
import { type ReactNode, useState } from 'react'
import { useAct, useRefresh } from '../../../ui/data/act.tsx'
import { api } from '../../../ui/data/api.ts'
import { useErrorText } from '../../../ui/data/error-text.ts'
import { useUnsaved } from '../../../ui/data/unsaved.ts'
import { useText } from '../../../ui/text.ts'
import { formatTime } from '../../../ui/values/format.ts'
import { AccountFields, type AccountValues } from './account-fields.tsx'
import type { AccountDetail } from './connect.tsx'
import { Grants } from './grants.tsx'
import { inputOf } from './submit.ts'
import { Unbind } from './unbind.tsx'

/** What was entered when the account was bound, who may work with it, and how to be rid of it. */
export function AccountSettings({ account }: { account: AccountDetail }): ReactNode {
  const t = useText('official')
  return (
    <div className="official-sections">
      <Card size="small" title={t('basics')}>
        <SettingsForm key={account.version} account={account} />
      </Card>
      <Card size="small" title={t('grants')}>
        <Grants key={account.grants.map(one => one.userId).join()} account={account} />
      </Card>
      <Card size="small" title={t('state')}>
        <Enabled account={account} />
      </Card>
      <Card size="small" title={t('unbind')}>
        <Unbind account={account} />
      </Card>
    </div>
  )
}

function SettingsForm({ account }: { account: AccountDetail }): ReactNode {
  const t = useText('official')
  const common = useText('common')
  const { message } = App.useApp()
  const textOf = useErrorText()
  const refresh = useRefresh()
  const unsaved = useUnsaved()
  const [isBusy, setBusy] = useState(false)
  const { name, originalId, appId, kind, verified, mode, iconHash, version, secretAt } = account
  const save = async (values: AccountValues) => {
    setBusy(true)
    try {
      await api.post('/web/official/account/save', { ...(await inputOf(values)), version })
      unsaved.clear()
      await refresh('/web/official')
      void message.success(t('saved'))
    } catch (error) {
      void message.error(textOf(error), 6)
    } finally {
      setBusy(false)
    }
  }
  return (
    <Form<AccountValues>
      layout="vertical"
      initialValues={{ name, originalId, appId, kind, verified, mode, icon: iconHash ?? undefined }}
      onValuesChange={unsaved.touch}
      onFinish={values => void save(values)}
    >
      <p className="wisp-quiet" style={{ marginTop: 0 }}>
        {t('secretSince', { time: formatTime(secretAt) })}
      </p>
      <AccountFields isBound />
      <Button type="primary" htmlType="submit" loading={isBusy}>
        {common('save')}
      </Button>
    </Form>
  )
}

function Enabled({ account }: { account: AccountDetail }): ReactNode {
  const t = useText('official')
  const { originalId, enabled, name } = account
  const act = useAct('/web/official/account/enable', {
    refresh: ['/web/official'],
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
        onChange={on => void act.run({ originalId, enabled: on ? '1' : '0' })}
      />
      <span className="wisp-quiet">{t(enabled ? 'enabledHint' : 'disableHint')}</span>
    </div>
  )
}

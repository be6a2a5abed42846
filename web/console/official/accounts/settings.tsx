import { Switch } from 'antd'
import type { ReactNode } from 'react'
import { useAct } from '../../../ui/data/act.tsx'
import { ObjectForm, useObjectForm } from '../../../ui/forms/object-form.tsx'
import { Panel } from '../../../ui/panel.tsx'
import { useText } from '../../../ui/text.ts'
import { formatTime } from '../../../ui/values/format.ts'
import { AccountFields, type AccountValues } from './account-fields.tsx'
import type { AccountDetail } from './connect.tsx'
import { Grants } from './grants.tsx'
import { fieldsOfAccount, useInput } from './submit.ts'
import { Unbind } from './unbind.tsx'

type Props = { account: AccountDetail; reread(): Promise<unknown> }

/** What was entered when the account was bound, who may work with it, and how to be rid of it. */
export function AccountSettings(props: Props): ReactNode {
  const t = useText('official')
  const { account } = props
  return (
    <div className="official-sections">
      <Panel title={t('basics')}>
        <SettingsForm {...props} />
      </Panel>
      <Panel title={t('grants')}>
        <Grants {...props} />
      </Panel>
      <Panel title={t('state')}>
        <Enabled account={account} />
      </Panel>
      <Panel title={t('unbind')}>
        <Unbind account={account} />
      </Panel>
    </div>
  )
}

function SettingsForm(props: Props): ReactNode {
  const t = useText('official')
  const inputOf = useInput()
  const { account, reread } = props
  const object = useObjectForm<AccountValues, '/web/official/account/save'>('/web/official/account/save', {
    shown: valuesOf(account),
    version: account.version,
    labels: useLabels(),
    fields: fieldsOfAccount,
    reread,
    done: t('saved'),
    refresh: ['/web/official'],
  })
  const save = async (values: AccountValues) => {
    const input = await inputOf(values)
    if (input) await object.run({ ...input, version: object.version })
  }
  return (
    <ObjectForm object={object} save={values => void save(values)}>
      <p className="wisp-quiet" style={{ marginTop: 0 }}>
        {t('secretSince', { time: formatTime(account.secretAt) })}
      </p>
      <AccountFields isBound />
    </ObjectForm>
  )
}

function valuesOf({ name, originalId, appId, kind, verified, mode, iconHash }: AccountDetail): AccountValues {
  const never = { secret: undefined, callbackToken: undefined, encodingAesKey: undefined }
  return { name, originalId, appId, kind, verified, mode, icon: iconHash ?? undefined, ...never }
}

function useLabels() {
  const t = useText('official')
  return {
    name: t('formName'),
    appId: t('formAppId'),
    kind: { label: t('kind'), tell: (kind: AccountValues['kind']) => t(kind) },
    verified: t('formVerified'),
    mode: { label: t('mode'), tell: (mode: AccountValues['mode']) => t(mode) },
    icon: { label: t('icon'), tell: () => t('iconNew') },
  }
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

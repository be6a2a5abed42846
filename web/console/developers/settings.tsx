import { Form, Switch } from 'antd'
import dayjs from 'dayjs'
import type { ReactNode } from 'react'
import { DrawerForm } from '../../ui/address/drawer.tsx'
import { useAct } from '../../ui/data/act.tsx'
import type { Answer } from '../../ui/data/api.ts'
import { useUnsaved } from '../../ui/data/unsaved.ts'
import { useText } from '../../ui/text.ts'
import { DeveloperFields, type DeveloperForm, toInput } from './developer-fields.tsx'

/** The rights of a developer. Disabling has to be confirmed. */
export function DeveloperSettings(props: { developer: Answer<'/web/developers/one'> }): ReactNode {
  const t = useText('developers')
  const common = useText('common')
  const { developer } = props
  const unsaved = useUnsaved()
  const act = useAct('/web/developers/save', {
    done: t('saved'),
    refresh: ['/web/developers'],
    confirm: ({ enabled }) =>
      developer.enabled && enabled === '0'
        ? {
            title: t('disableTitle', { name: developer.name }),
            content: t('disableHint'),
            okText: t('disableAct'),
            danger: true,
          }
        : undefined,
  })
  const { devId, version } = developer
  const save = async (form: DeveloperForm & { enabled: boolean }) => {
    const saved = await act.run({ ...toInput(form), devId, version, enabled: form.enabled ? '1' : '0' })
    if (saved) unsaved.clear()
  }
  return (
    <DrawerForm<DeveloperForm & { enabled: boolean }>
      submit={common('save')}
      isRunning={act.isRunning}
      initialValues={formOf(developer)}
      onValuesChange={unsaved.touch}
      onFinish={form => void save(form)}
    >
      <Form.Item name="enabled" label={t('enabled')} valuePropName="checked" extra={t('enabledHelp')}>
        <Switch />
      </Form.Item>
      <DeveloperFields allScopes={developer.allScopes} />
    </DrawerForm>
  )
}

function formOf(developer: Answer<'/web/developers/one'>): DeveloperForm & { enabled: boolean } {
  const {
    name,
    enabled,
    scopes,
    dataScope,
    allowedIps,
    accounts,
    listStyle,
    packets,
    newDevices,
    strictInputs,
  } = developer
  return {
    name,
    enabled,
    scopes,
    scopeDays: Object.fromEntries(
      Object.entries(developer.scopeDays).map(([scope, day]) => [scope, dayjs(day)]),
    ),
    range: dataScope ? 'some' : 'all',
    departments: dataScope?.departments.map(one => one.id) ?? [],
    tags: dataScope?.tags.map(one => one.id) ?? [],
    ips: allowedIps.join('\n'),
    accounts: accounts ?? [],
    listStyle,
    packets,
    newDevices,
    strictInputs,
  }
}
